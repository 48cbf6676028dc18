"""``python -m docs.shapes``: the queries of ``queries/check`` out of ``ontology/shapes`` (``--check``: only look).

A shape file becomes one query that finds all that does not fit it: what the build asks, because
it is so much faster than a SHACL engine on the same shapes, and what anyone can ask of a graph
that is published. A test holds that both find the same.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence

from zhiji_kg.rdf import Iri, Literal, Term
from zhiji_kg.resources import QUERIES
from zhiji_kg.validation.shapes import Shape, circle_of, shapes
from zhiji_kg.vocabulary import PREFIXES, shorten

Way = Callable[..., list[str]]
"""From a shape and what a constraint component was given to the pattern of what breaks it."""

XSD = PREFIXES["xsd"]
AREAS = {
    "alignment": ("术语对照", "mappings"),
    "competency": ("要素点与能力指标", "competency points and indicators"),
    "coverage": ("覆盖与审查", "coverages and examinations"),
    "organisation": ("组织、资源与师资", "organisations, resources and teachers"),
    "outcome": ("成效数字", "outcome figures"),
    "programme": ("专业、培养方案与课程", "programmes, their editions and courses"),
    "reform": ("改革的背景与举措", "the reform, its causes and its steps"),
    "source": ("列表的值、来源文件与佐证", "listed values, source documents and evidence"),
    "stage": ("成长阶段、证书与学习者", "growth stages, certificates and learners"),
    "standard": ("职业、职业标准与典型工作任务", "occupations, standards and work tasks"),
}


def main(arguments: list[str]) -> int:
    """Write the queries that are not as the shapes say, or name them; the exit status."""
    wanted = {QUERIES / "check" / f"shape-{area}.rq": text for area, text in queries().items()}
    wanted[QUERIES / "check" / "circle-links.rq"] = links()
    wrong = [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    wrong += [path for path in (QUERIES / "check").glob("shape-*.rq") if path not in wanted]
    for path in wrong:
        print(path.name)
        if "--check" not in arguments:
            path.unlink() if path not in wanted else path.write_text(wanted[path], encoding="utf-8")
    return 1 if wrong and "--check" in arguments else 0


def queries() -> dict[str, str]:
    """The text of each query by area."""
    by_area = defaultdict(list)
    for shape in shapes().values():
        by_area[shape.area].append(shape)
    return {area: query(area, members) for area, members in by_area.items()}


def links() -> str:
    """The query for the links that must not lead in a circle.

    To follow them is left to the program: a path that starts and ends at one thing costs an engine the
    square of what it costs to find the circles.
    """
    rows = [
        f'    ("{shape.name}" {shorten(circle_of(shape).value)})'
        for shape in shapes().values()
        if circle_of(shape) is not None
    ]
    return "\n".join(
        [
            "#+ summary: 不得绕成一圈的联系 | The links that must not lead in a circle",
            f"PREFIX zj: <{PREFIXES['zj']}>",
            "SELECT ?shape ?start ?end",
            "WHERE {",
            "  VALUES (?shape ?link) {",
            *rows,
            "  }",
            "  ?start ?link ?end .",
            "  FILTER(ISIRI(?end))",
            "}",
            "ORDER BY ?shape ?start ?end",
            "",
        ]
    )


def query(area: str, members: Sequence[Shape]) -> str:
    """One query: a branch for each demand of each shape."""
    zh, en = AREAS[area]
    straight = [shape for shape in members if circle_of(shape) is None]
    branches = [branch(shape, name, given) for shape in straight for name, given in shape.demands]
    body = "\n  UNION\n".join(f"  {{\n{text}\n  }}" for text in branches)
    used = set(re.findall(r"(?<![\w?<\"])([a-z]+):[A-Za-z]", re.sub(r"<[^>]*>", "", body)))
    return "\n".join(
        [
            f"#+ summary: 不合数据形状的：{zh} | What does not fit its shape: {en}",
            *(f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in PREFIXES if prefix in used),
            # as text: Oxigraph cannot order numbers, words and things among each other, and panics
            "SELECT DISTINCT ?shape ?constraint ?focus (STR(?value) AS ?given)",
            "WHERE {",
            body,
            "}",
            "ORDER BY ?shape ?constraint ?focus ?given",
            "",
        ]
    )


def branch(shape: Shape, name: str, given: Sequence[Term]) -> str:
    """The pattern of what breaks one demand of one shape."""
    found = WAYS[name](shape, *given)
    lines = found if "SELECT ?focus" in found[0] else [*targets(shape), *found]
    lines = [*lines, f'BIND("{shape.name}" AS ?shape) BIND("{name}" AS ?constraint)']
    return "\n".join(f"    {line}" for line in lines)


def targets(shape: Shape) -> list[str]:
    """Whom the shape is about."""
    if shape.properties:
        return [f"?focus {'|'.join(shorten(p.value) for p in shape.properties)} ?reason ."]
    if len(shape.classes) == 1:
        return [f"?focus {is_a(shape.classes[0])} ."]
    return [f"?focus a ?of . VALUES ?of {{ {' '.join(shorten(c.value) for c in shape.classes)} }}"]


def is_a(of_class: Iri) -> str:
    """The pattern of membership: inference tells it of our classes, of others only the class itself is told."""
    name = shorten(of_class.value)
    return f"a {name}" if name.startswith("zj:") else f"a/rdfs:subClassOf* {name}"


def link(shape: Shape, value: str = "?value") -> str:
    """The triple from the thing to a value of the shape's property."""
    path = shorten(shape.path.value)
    return f"{value} {path} ?focus ." if shape.inverse else f"?focus {path} {value} ."


def written(term: Term) -> str:
    """A term as SPARQL."""
    if not isinstance(term, Literal):
        return shorten(term.value) if shorten(term.value) != term.value else str(term)
    return term.value if term.datatype.value in (XSD + "integer", XSD + "decimal") else str(term)


def each(condition: Callable[..., str]) -> Way:
    """A demand that every value must meet."""
    return lambda shape, *given: [link(shape), f"FILTER(!COALESCE({condition(*map(written, given))}, false))"]


def least(shape: Shape, count: Literal) -> list[str]:
    """Too few values."""
    if count.value == "1":
        return [f"OPTIONAL {{ {link(shape, '?any')} }}", "FILTER(!BOUND(?any))"]
    return counted(shape, f"< {count.value}", optional=True)


def counted(shape: Shape, condition: str, optional: bool = False) -> list[str]:
    """Values counted for each thing."""
    inner = f"OPTIONAL {{ {link(shape, '?any')} }}" if optional else link(shape, "?any")
    who = " ".join(targets(shape))
    return [f"{{ SELECT ?focus WHERE {{ {who} {inner} }} GROUP BY ?focus HAVING(COUNT(DISTINCT ?any) {condition}) }}"]


def datatype(shape: Shape, kind: Iri) -> list[str]:
    """A value of another datatype, or one whose text is not of its datatype."""
    own, name = written(kind), "?value"
    sound = "" if own == "xsd:string" else f" && {own}(STR({name})) = {name}"
    return each(lambda _kind: f"DATATYPE({name}) = {own}{sound}")(shape, kind)


def unique(shape: Shape, _true: Literal) -> list[str]:
    """Two values in one language."""
    return [link(shape, "?one"), link(shape, "?other"), 'FILTER(LANG(?one) = LANG(?other) && LANG(?one) != "")',
            "FILTER(STR(?one) < STR(?other))"]  # fmt: skip


def at_most_property(shape: Shape, other: Iri) -> list[str]:
    """A value that is not at most every value of another property."""
    return [link(shape), f"?focus {written(other)} ?limit .", "FILTER(!COALESCE(?value <= ?limit, false))"]


def closed(_shape: Shape, *known: Term) -> list[str]:
    """A property that the shape does not know."""
    return ["?focus ?property ?value .", f"FILTER(?property NOT IN ({', '.join(map(written, known))}))"]


def select(_shape: Shape, text: Literal) -> list[str]:
    """What a SELECT constraint finds."""
    inside = text.value[text.value.index("{") + 1 : text.value.rindex("}")].strip()
    return [" ".join(inside.replace("$this", "?focus").split())]


WAYS: dict[str, Way] = {
    "MinCount": least,
    "MaxCount": lambda shape, count: counted(shape, f"> {count.value}"),
    "Datatype": datatype,
    "Class": lambda shape, of: [link(shape), f"MINUS {{ ?value {is_a(of)} }}"],
    "NodeKind": each(lambda _kind: "ISIRI(?value)"),
    "MinInclusive": each(lambda limit: f"?value >= {limit}"),
    "MaxInclusive": each(lambda limit: f"?value <= {limit}"),
    "MinExclusive": each(lambda limit: f"?value > {limit}"),
    "LanguageIn": each(lambda *tags: " || ".join(f"LANGMATCHES(LANG(?value), {tag})" for tag in tags)),
    "UniqueLang": unique,
    "MinLength": each(lambda length: f"!ISBLANK(?value) && STRLEN(STR(?value)) >= {length}"),
    "Pattern": each(lambda pattern: f"!ISBLANK(?value) && REGEX(STR(?value), {pattern})"),
    "Disjoint": lambda shape, other: [link(shape), f"?focus {written(other)} ?value ."],
    "LessThanOrEquals": at_most_property,
    "Closed": closed,
    "SPARQL": select,
}
"""How a broken demand of each kind is found."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
