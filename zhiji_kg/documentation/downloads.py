"""The files of the ontology to take home: a module or all of them, in four forms, the same bytes every time."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from ..rdf import read_as_written, write_rdf
from ..resources import ONTOLOGY as FILES
from ..vocabulary import PREFIXES
from .facts import MORE_PREFIXES
from .reading import module_files, read_file

TURTLE = "text/turtle"
WHOLE = ""
"""The name under which all modules of the ontology are had: those within OWL 2 RL, without dl, shapes and data."""


@lru_cache(maxsize=128)
def download(name: str, media_type: str) -> bytes:
    """A module as RDF.

    A Turtle file is given as it is; what is made of it keeps the order of its triples and its blank nodes.

    Args:
        name: of a module (``core``, ``shapes`` for all of them, ``shapes/coverage``); ``WHOLE`` for the ontology.
        media_type: ``text/turtle``, ``application/n-triples``, ``application/ld+json`` or ``application/rdf+xml``.

    Raises:
        KeyError: when there is no such module.
    """
    paths = files_of(name)
    if not paths:
        raise KeyError(name)
    if media_type == TURTLE and [path.suffix for path in paths] == [".ttl"]:
        return paths[0].read_bytes()
    triples = [triple for path in paths for triple in read_as_written(path, _stem(path))]
    return write_rdf(dict.fromkeys(triples), media_type, PREFIXES | MORE_PREFIXES)


def files_of(name: str) -> Sequence[Path]:
    """The files of a module; none where there is no such module."""
    if name == WHOLE:
        return sorted(FILES.glob("*.ttl"))
    if name == "shapes":
        return sorted(FILES.glob("shapes/*.ttl"))
    return _paths().get(name, ())


@lru_cache(maxsize=1)
def _paths() -> dict[str, tuple[Path, ...]]:
    return {read_file(path, FILES)[0].name: (path,) for path in module_files(FILES)}


def _stem(path: Path) -> str:
    return path.relative_to(FILES).with_suffix("").as_posix().replace("/", "-")


def address_of(name: str, form: str) -> str:
    """Where the service has a module in a form: a path that needs no Accept header.

    Args:
        name: of a module, or ``WHOLE``.
        form: ``ttl``, ``nt``, ``jsonld`` or ``rdf``.
    """
    return f"/ontology.{form}" if name == WHOLE else f"/module/{name}.{form}"
