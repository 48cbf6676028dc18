"""Occupations as every reader names them: by code and by the edition of the classification."""

import re

from ..rdf import Iri, text
from ..vocabulary import LABEL, NOTATION, RDF_TYPE, entity, zj
from .reading import Reading

CURRENT_EDITION = "2022"


def state_occupation(reading: Reading, code: str, edition: str = CURRENT_EDITION, name: str = "") -> Iri:
    """State that an occupation exists.

    Codes were given anew between editions of the national classification, so an occupation of an
    older edition is another entity than the one that has the same code today.

    Args:
        reading: where to state it.
        code: such as ``6-18-01-01``.
        edition: the edition of the classification, any writing that holds its year.
        name: its name, where the source tells it.

    Returns:
        The occupation's IRI.
    """
    year = _year(edition)
    occupation = entity("occupation", code) if year == CURRENT_EDITION else entity("occupation", code, year)
    reading.add(occupation, RDF_TYPE, zj("Occupation"))
    reading.add(occupation, NOTATION, text(code))
    reading.add(occupation, zj("catalogueEdition"), text(year))
    if name:
        reading.add(occupation, LABEL, text(name, "zh"))
    return occupation


def _year(edition: str) -> str:
    found = re.search(r"(19|20)\d\d", edition)
    return found[0] if found else edition
