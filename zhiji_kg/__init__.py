"""zhiji-kg (职技图谱): competencies, courses, certificates and job standards as one graph, and its gaps.

>>> from zhiji_kg import KnowledgeGraph
>>> kg = KnowledgeGraph.open("kg")  # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .knowledge import KnowledgeGraph

__all__ = ["KnowledgeGraph"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562: the public names, loaded when first used
    if name == "KnowledgeGraph":
        from .knowledge import KnowledgeGraph

        return KnowledgeGraph
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
