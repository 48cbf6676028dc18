"""``/ontology/`` and ``/module/…``: the shipped ontology explained, and its files to take home.

These pages are about the ontology that comes with the software. A term's own page, ``/ontology/Course``,
is about the published graph; it shows what stands here beneath, and says which is which.
"""

import hashlib
from typing import Any, cast
from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request

from ..documentation import Documentation, documentation
from ..documentation.diagram import svg
from ..documentation.downloads import WHOLE, address_of, download, files_of
from ..documentation.model import MODULE_KINDS, Ref, Term
from ..errors import unreadable
from ..texts import say
from ..vocabulary import MODULE, ONTOLOGY
from .headers import etag, is_held, not_modified, page, whole
from .language import language
from .negotiation import GRAPHS, HTML, PAGE, Chosen, agreed, by_name, short_names
from .protocol import named_form

ontology = Blueprint("ontology", __name__)

FORMS = (*GRAPHS, PAGE)
VARY = "Accept, Accept-Language, Cookie"
_LONGEST = 200


@ontology.get("/ontology/")
def index() -> Response:
    """All modules, a search for terms, and downloads; a program gets the whole ontology."""
    (form,) = agreed(request.headers.get("Accept", ""), named_form(), FORMS)
    if form.media_type != HTML:
        return _linked(_file(WHOLE, form), WHOLE)
    known, written = documentation(), request.args.get("q", "").strip()[:_LONGEST]
    found = known.find(written)
    named = [term for term in found if written in (term.ref.name, term.ref.label.zh, term.ref.label.en)]
    if len(named) == 1:
        return cast(Response, redirect(address(named[0].ref), 303))
    shown = {"known": known, "found": found, "written": written, "kinds": _by_kind(known), "name": WHOLE}
    return _linked(page(render_template("site/ontology.html.j2", **_tools(), **shown)), WHOLE)


@ontology.get("/ontology.<form>")
def all_modules(form: str) -> Response:
    """The whole ontology as a file: ``/ontology.ttl``, ``.jsonld``, ``.rdf``, ``.nt``."""
    chosen = by_name(form, GRAPHS)
    if not chosen:
        raise unreadable("no-such-format", form=form, known=", ".join(short_names(GRAPHS)))
    return _linked(_file(WHOLE, chosen), WHOLE)


def module_answer(rest: str, form: Chosen) -> Response | None:
    """A module as its page or as its file; none where the shipped ontology has no such module.

    Args:
        rest: what stands behind ``/module/``, without a suffix: a name, or a name and its version.
        form: what was agreed on.
    """
    name = _module_name(rest)
    if not name:
        return None
    if form.media_type != HTML:
        return _linked(_file(name, form), name)
    known = documentation().module(name)
    if known is None:  # one file of shapes: it is explained with the others
        return _linked(page(_module_page("shapes")), name)
    return _linked(page(_module_page(name)), name)


def is_module(name: str) -> bool:
    """Whether a name is that of a module of the shipped ontology, and of none of its terms."""
    return bool(_module_name(name)) and described(ONTOLOGY + name) is None


def described(iri: str) -> Term | None:
    """What the shipped ontology says of a term, by its IRI."""
    return documentation().term(iri) if iri.startswith(ONTOLOGY) else None


def about_term(term: Term) -> dict[str, Any]:
    """What a page needs in order to show a term of the shipped ontology."""
    return {"term": term, "module": documentation().module(term.ref.module), **_tools()}


def address(ref: Ref) -> str:
    """Where a term or a module is explained; empty for what we do not explain."""
    if not ref.module:
        return ""
    anchor = f"#{quote(ref.anchor)}" if ref.anchor else ""
    return f"/module/{quote(ref.module)}{anchor}"


def _module_page(name: str) -> str:
    known = documentation()
    module = known.module(name)
    if module is None:
        raise unreadable("no-such-entity", entity=MODULE + name)

    def here(ref: Ref) -> str:
        return f"#{quote(ref.anchor)}" if ref.module == name and ref.anchor else address(ref)

    drawn = svg(module, language(), here)
    tools = _tools() | {"address": here}
    return render_template("site/module.html.j2", **tools, module=module, drawn=drawn, known=known, name=name)


def _module_name(rest: str) -> str:
    """The module that is meant by its name, or by its version IRI as it is shipped."""
    if files_of(rest) and rest != WHOLE:
        return rest
    name, _, version = rest.rpartition("/")
    module = documentation().module(name) if name else None
    return name if module is not None and module.version == version else ""


def _file(name: str, form: Chosen) -> Response:
    body = download(name, form.media_type)
    tag = etag("module", name, form.content_type, hashlib.sha256(body).hexdigest())
    return not_modified(tag, VARY) if is_held(tag) else whole(body, form.content_type, tag, VARY)


def _linked(response: Response, name: str) -> Response:
    """With the addresses of all forms, as a Link header."""
    links = [f'<{quote(address_of(name, form.short))}>; rel="alternate"; type="{form.media_type}"' for form in GRAPHS]
    response.headers["Link"] = ", ".join(links)
    response.headers["Vary"] = VARY
    return response


def _by_kind(known: Documentation) -> list[tuple[str, list[Any]]]:
    grouped = [(kind, [one for one in known.modules if one.kind == kind]) for kind in MODULE_KINDS]
    return [(kind, modules) for kind, modules in grouped if modules]


def _tools() -> dict[str, Any]:
    """What the templates of these pages can call, beside what every page has."""
    spoken = language()
    return {
        "o": lambda key, **values: say(f"ontology.{key}")(spoken, **values),
        "address": address,
        "download_address": address_of,
        "forms": {"ttl": "Turtle", "jsonld": "JSON-LD", "rdf": "RDF/XML", "nt": "N-Triples"},
        "version_shipped": documentation().modules[0].version,
    }
