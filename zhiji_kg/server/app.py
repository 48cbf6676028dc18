"""The application: which rooms it has, and what is done to every answer on its way out."""

from collections.abc import Collection
from time import time_ns
from typing import TYPE_CHECKING, Any

from flask import Flask

from ..resources import WEB
from . import current, problems
from .endpoint import endpoint
from .entities import entities
from .headers import guard, share
from .hosts import refuse_strange_names
from .language import remember_language
from .ontology import ontology
from .pages import pages

if TYPE_CHECKING:
    from ..workers.pool import Pool


def application(pool: "Pool", cors: str = "", hosts: Collection[str] | None = ()) -> Flask:
    """The web application that answers from a pool of workers; see ``create_app``."""
    app = Flask("zhiji_kg.server", static_folder=WEB / "static", template_folder=WEB / "templates")
    app.config["MAX_CONTENT_LENGTH"] = pool.limits.query_kb * 1024
    app.jinja_env.autoescape = True  # our templates end in .html.j2, which Flask would not escape
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    current.install(app, current.Service(pool, cors, hosts))
    problems.install(app)
    app.before_request(refuse_strange_names)
    for finish in (guard, share, remember_language):
        app.after_request(finish)
    for rooms in (endpoint, ontology, entities, pages):
        app.register_blueprint(rooms)
    app.add_url_rule("/healthz", view_func=healthz)
    return app


def healthz() -> dict[str, Any]:
    """Whether a worker answers, for who watches over the service; what is wrong is raised as a problem."""
    asked = {"query": f"ASK {{ }} # {time_ns()}", "default_graphs": [], "named_graphs": []}  # never out of the cache
    answer = current.pool().answer("sparql", **asked, results="application/sparql-results+json", rdf="")
    return {
        "status": "ok",
        "version": answer.version,
        "sha256": answer.sha256,
        "workers": current.pool().limits.workers,
        "fenced": current.pool().fenced,
    }
