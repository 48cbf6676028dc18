"""What the layout cannot say: the rules of single sheets, each a function of one written row.

A rule gets the row and the IRIs of its entities and states the rest, or reports what is
wrong with the row as a whole.
"""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

from ...errors import Address
from ...rdf import Iri, decimal, integer, text, true_or_false
from ...vocabulary import LABEL, NOTATION, RDF_TYPE, curie, entity, scheme_value, zj
from ..occupations import state_occupation
from ..reading import Reference
from .layout import Layout
from .mapping import Mapper
from .rows import Row, Rows

Entities = dict[str, Iri]
Rule = Callable[[Mapper, Row, Entities], None]

_POINT_OF_KIND = {
    "requirement-kind/skill": "SkillPoint",
    "requirement-kind/knowledge": "KnowledgePoint",
    "requirement-kind/basic": "KnowledgePoint",
}


def programmes(mapper: Mapper, row: Row, entities: Entities) -> None:
    """The school as an organisation, and the occupations the programme prepares for as targets."""
    edition, school = entities["edition"], entity("organisation", row.values["school"])
    mapper.name(school, "org:Organization", row.values["school"])
    mapper.reading.places.setdefault(school, row.place("school"))
    mapper.reading.add(edition, zj("offeredBy"), school)
    for code in row.values.get("occupations", ()):
        occupation = state_occupation(mapper.reading, code)
        mapper.reading.add(edition, zj("preparesFor"), occupation)
        target = entity("target", row.values["programme"], str(row.values["year"]), code)
        mapper.name(target, "ProgrammeTarget", f"{row.values['name']} → {code}")
        _target(mapper, row, edition, target, occupation, occupation)


def courses(mapper: Mapper, row: Row, entities: Entities) -> None:
    """Last term and total hours; a course whose hours cannot be told is refused."""
    values, offering = row.values, entities["offering"]
    for code in values.get("prerequisites", ()):  # in this edition, and so of the course
        mapper.reading.add(entities["course"], zj("hasDirectPrerequisite"), entity("course", values["programme"], code))
    _within_plan(mapper, row, "term", max(values["term"]))
    mapper.reading.add(offering, zj("lastTerm"), integer(max(values["term"])))
    split = [values[key] for key in ("theory", "practice") if key in values]
    total = sum(split, Decimal(0)) if len(split) == 2 else values.get("total")
    if total is None:
        mapper.reading.report("hours-missing", row.place("theory"), "error", course=values["course"])
        return
    mapper.reading.add(offering, zj("totalHours"), decimal(total))
    if values.get("total", total) != total:
        mapper.reading.report("hours-disagree", row.place("total"), "warning", total=values["total"], parts=total)


def coverage(mapper: Mapper, row: Row, entities: Entities) -> None:
    """A coverage hangs between its course, its offering and its point; an examination on the plan."""
    values = row.values
    edition = entity("programme-edition", values["edition"])
    point = entity("point", values["point"])
    if "examination" in entities:
        if "course" in values:
            mapper.reading.report("no-match-with-course", row.place("course"), "error", point=values["point"])
        examination = entities["examination"]
        mapper.reading.add(examination, zj("examinedProgramme"), edition)
        mapper.reading.add(examination, zj("examinedPoint"), point)
        mapper.reading.add(examination, zj("examinationResult"), scheme_value("examination-result/no-match"))
        return
    if "course" not in values:
        mapper.reading.report("coverage-without-course", row.place("course"), "error", point=values["point"])
        return
    if "completion" in values:
        _within_plan(mapper, row, "completion", values["completion"])
    offering = entity("offering", values["edition"], values["course"])
    mapper.reading.references.append(Reference(offering, zj("CourseOffering"), row.place("course"), values["course"]))
    course = entity("course", values["programme"], values["course"])
    mapper.reading.add(course, zj("hasCoverage"), entities["coverage"])
    mapper.reading.add(entities["coverage"], zj("inOffering"), offering)
    mapper.reading.add(entities["coverage"], zj("coversPoint"), point)


def standards(mapper: Mapper, row: Row, entities: Entities) -> None:
    """One requirement for each point of the row; without a point code the requirement makes its own point.

    Its code is ``STANDARD/REQUIREMENT``: standards number their requirements alike.
    """
    values, standard, level = row.values, entities["standard"], entities["level"]
    year = str(values["year"])
    mapper.name(standard, "OccupationalStandard", f"{values['standard']} ({year})")
    occupation = state_occupation(mapper.reading, values["occupation"], values["catalogue"])
    mapper.reading.add(standard, zj("standardFor"), occupation)
    mapper.reading.add(level, zj("atSkillLevel"), _skill_level(values["level"]))
    mapper.reading.add(level, LABEL, text(f"{values['standard']} {level_word(mapper.layout, values['level'])}", "zh"))
    mapper.reading.add(level, LABEL, text(f"{values['standard']} level {values['level']}", "en"))
    points = values.get("points", ())
    for code in points or (f"{values['standard']}/{values['requirement']}",):
        suffix = (code,) if len(points) > 1 else ()
        requirement = entity("requirement", values["standard"], values["requirement"], *suffix)
        _requirement(mapper, row, entities, requirement, code)
        if points:
            _refer_to_point(mapper, row, code)
        else:
            _own_point(mapper, row, code, _POINT_OF_KIND[values["type"]], {"zh": values["text"]})


def _state_requirement(
    mapper: Mapper, row: Row, requirement: Iri, source: Iri, point: str, kind: str, code: str, labels: dict[str, str]
) -> None:
    """What every requirement says: who makes it, on which point, of which kind, in which words, from which row."""
    add = mapper.reading.add
    mapper.name(requirement, "Requirement", "")
    mapper.reading.places.setdefault(requirement, row.places[row.sheet.columns[0].key])
    for language, label in labels.items():
        add(requirement, LABEL, text(label, language))
    add(requirement, NOTATION, text(code))
    add(source, zj("hasRequirement"), requirement)
    add(requirement, zj("requiredPoint"), entity("point", point))
    add(requirement, zj("requirementKind"), scheme_value(kind))
    add(requirement, zj("position"), integer(row.number))
    mapper.evidence(requirement, row)


def _refer_to_point(mapper: Mapper, row: Row, code: str) -> None:
    point = entity("point", code)
    mapper.reading.references.append(Reference(point, zj("CompetencyPoint"), row.place("points"), code))


def _own_point(mapper: Mapper, row: Row, code: str, of_class: str, labels: dict[str, str]) -> None:
    """The point that a requirement or a task makes for itself."""
    own = entity("point", code)
    mapper.name(own, of_class, "")
    mapper.reading.places.setdefault(own, row.places[row.sheet.columns[0].key])
    for language, label in labels.items():
        mapper.reading.add(own, LABEL, text(label, language))
    mapper.reading.add(own, NOTATION, text(code))
    mapper.evidence(own, row)


def _requirement(mapper: Mapper, row: Row, entities: Entities, requirement: Iri, point: str) -> None:
    values, add = row.values, mapper.reading.add
    labels = {"zh": values["text"]}
    _state_requirement(
        mapper, row, requirement, entities["level"], point, values["type"], values["requirement"], labels
    )
    add(requirement, zj("inWorkContent"), entities["work"])
    add(requirement, zj("inFunction"), entities["function"])
    for note in row.notes:
        add(requirement, zj("note"), text(note))
    if "depth" in values:
        add(requirement, zj("leastDepth"), integer(values["depth"]))
    if "hours" in values:
        add(requirement, zj("leastHours"), decimal(values["hours"]))
    if "assess" in values:
        add(requirement, zj("mustBeAssessed"), true_or_false(values["assess"]))


def tasks(mapper: Mapper, row: Row, entities: Entities) -> None:
    """A typical work task of an occupation, with one requirement on each of its points."""
    values, task = row.values, entities["task"]
    occupation = state_occupation(mapper.reading, values["occupation"], name=values.get("occupation_name", ""))
    mapper.reading.places.setdefault(occupation, row.place("occupation"))
    mapper.reading.add(occupation, zj("includesTask"), task)
    mapper.reading.add(task, zj("position"), integer(row.number))
    if "level" in values:
        mapper.reading.add(task, zj("isTaskAtLevel"), _skill_level(values["level"]))
    labels = {language: values[key] for language, key in (("zh", "name"), ("en", "name_en")) if key in values}
    points = values.get("points", ())
    for code in points or (values["task"],):
        suffix = (code,) if len(points) > 1 else ()
        requirement = entity("requirement", "task", values["task"], *suffix)
        _state_requirement(mapper, row, requirement, task, code, "requirement-kind/task", values["task"], labels)
        if points:
            _refer_to_point(mapper, row, code)
        else:
            _own_point(mapper, row, code, "CapabilityPoint", labels)
    for code in values.get("project", ()):
        course = mapper.target(next(c for c in row.sheet.columns if c.key == "project"), row, code)
        if isinstance(course, Iri):
            mapper.reading.add(course, RDF_TYPE, zj("ProjectCourse"))


def certificates(mapper: Mapper, row: Row, entities: Entities) -> None:
    """The programme aims at the certificate's level by its due term and, where it has a stage, by the stage's too."""
    values = row.values
    edition = entity("programme-edition", values["edition"])
    level = entity("standard-level", values["standard"], values["level"])
    mapper.reading.references.append(
        Reference(level, zj("StandardLevel"), row.place("level"), f"{values['standard']}@{values['level']}")
    )
    _within_plan(mapper, row, "due", values["due"])
    certificate = entities["certificate"]
    mapper.reading.add(certificate, zj("certifiesLevel"), _skill_level(values["level"]))
    mapper.reading.add(certificate, zj("basedOnStandardLevel"), level)
    _target(mapper, row, edition, entities["target"], level, certificate, values["due"])
    named = values.get("stage") or mapper.around.stage_of_level.get(values["level"], "")
    stage_due = _stage_due(mapper, values["programme"], values["edition_year"], named)
    if stage_due is not None:
        stage = entity("stage", named)
        target = entity("target", values["edition"], values["certificate"], named)
        mapper.name(target, "ProgrammeTarget", values["name"])
        _target(mapper, row, edition, target, level, stage, stage_due)


def _stage_due(mapper: Mapper, programme: str, year: str, stage: str) -> int | None:
    keys = ((programme, year, stage), (programme, "*", stage))
    known = (
        terms[key] for terms in (mapper.own.stage_terms, mapper.around.stage_terms) for key in keys if key in terms
    )
    return next(known, None)


def stages(mapper: Mapper, row: Row, entities: Entities) -> None:  # noqa: ARG001 - one shape for every rule
    """A stage's due term must lie within its plan, and some certificate must be paired with the stage."""
    values = row.values
    if "due" not in values:
        return
    if "edition" in values:
        _within_plan(mapper, row, "due", values["due"])
    if "programme" not in values and not mapper.own.editions:
        mapper.reading.report("due-without-programme", row.place("due"), "warning", stage=values["stage"])
    elif not {values["stage"], values["certificate"].rpartition("/")[2]} & mapper.around.certified:
        mapper.reading.report("stage-without-certificate", row.place("due"), "note", stage=values["stage"])


def posts(mapper: Mapper, row: Row, entities: Entities) -> None:
    """The occupations a post belongs to."""
    for code in row.values.get("occupations", ()):
        mapper.reading.add(entities["post"], zj("forOccupation"), state_occupation(mapper.reading, code))


def indicators(mapper: Mapper, row: Row, entities: Entities) -> None:
    """An indicator has the evidence and the notes of each row that names it."""
    mapper.evidence(entities["indicator"], row)
    for note in () if "expected" in entities else row.notes:
        mapper.reading.add(entities["indicator"], zj("note"), text(note))


def learners(mapper: Mapper, row: Row, entities: Entities) -> None:
    """The programme edition a learner is enrolled in, and the trades that are their own."""
    if "edition" in row.values:
        edition = entity("programme-edition", row.values["edition"])
        mapper.reading.add(entities["learner"], zj("forProgramme"), edition)
    for code in row.values.get("occupations", ()):
        mapper.reading.add(entities["learner"], zj("hasOwnTrade"), _mentioned(mapper, row.place("occupations"), code))


def awards(mapper: Mapper, row: Row, entities: Entities) -> None:
    """The occupation that an awarded certificate names."""
    if "occupation" in row.values:
        occupation = _mentioned(mapper, row.place("occupation"), row.values["occupation"])
        mapper.reading.add(entities["award"], zj("awardedFor"), occupation)


def _mentioned(mapper: Mapper, where: Address, code: str) -> Iri:
    """An occupation that a row about a person names: a plan, standard, task or the classification knows it."""
    occupation = state_occupation(mapper.reading, code)
    mapper.reading.mentions.append(Reference(occupation, zj("Occupation"), where, code))
    return occupation


RULES: dict[str, Rule] = {
    "programmes": programmes,
    "courses": courses,
    "coverage": coverage,
    "standards": standards,
    "tasks": tasks,
    "certificates": certificates,
    "stages": stages,
    "indicators": indicators,
    "posts": posts,
    "learners": learners,
    "awards": awards,
}

# What the rules state themselves, and the column of the sheet that it comes from.
_FROM_COLUMN = {
    "programmes": {"offeredBy": "school", "preparesFor": "occupations"},
    "courses": {"hasDirectPrerequisite": "prerequisites", "lastTerm": "term", "totalHours": "total"},
    "coverage": {"coversPoint": "point", "inOffering": "course"},
    "standards": {
        "requiredPoint": "points", "requirementKind": "type", "leastDepth": "depth", "leastHours": "hours",
        "mustBeAssessed": "assess", "inFunction": "function", "standardFor": "occupation", "atSkillLevel": "level",
    },
    "weights": {"weightOfLevel": "level", "weightOfFunction": "function"},
    "tasks": {"isTaskAtLevel": "level"},
    "certificates": {"certifiesLevel": "level", "basedOnStandardLevel": "standard", "dueTerm": "due"},
    "posts": {"forOccupation": "occupations"},
    "learners": {"forProgramme": "programme"},
}  # fmt: skip


def columns_of(row: Row) -> dict[tuple[str, str, Iri], str]:
    """For each property that the rows of a sheet give, the letters of its column, as the first row tells them."""
    from_column = _FROM_COLUMN.get(row.sheet.key, {})
    given = {column.property: column.key for column in row.sheet.columns if column.property} | from_column
    there = {name: row.places[key] for name, key in given.items() if key in row.places}
    return {(at.file, at.sheet, curie(name)): at.cell.rstrip("0123456789") for name, at in there.items()}


def check_weights(mapper: Mapper, rows: Rows) -> None:
    """Each weight column should sum to 100; one that does not is published and named."""
    columns: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    first: dict[tuple[str, str, str], Address] = {}
    for row in rows.of("weights"):
        key = (row.values["standard"], row.values["level"], row.values["table"])
        columns[key] += row.values["weight"]
        first.setdefault(key, row.place("weight"))
    for key, total in columns.items():
        if total != 100:
            level = level_word(mapper.layout, key[1])
            mapper.reading.report("weights-not-100", first[key], "warning", standard=key[0], level=level, total=total)


def level_word(layout: Layout, level: str) -> str:
    """The Chinese word of a level as it stands in keys (``4`` → 四级/中级工)."""
    wanted = "skill-level/preparatory-technician" if level == "PT" else f"skill-level/{level}"
    return next(word for word, value in layout.words["skill_level"].items() if value == wanted)


def _skill_level(level: str) -> Iri:
    return scheme_value("skill-level/preparatory-technician" if level == "PT" else f"skill-level/{level}")


def _target(
    mapper: Mapper, row: Row, edition: Iri, target: Iri, source: Iri, due_for: Iri, due: int | None = None
) -> None:
    mapper.reading.add(edition, zj("hasTarget"), target)
    mapper.reading.add(target, zj("targetSource"), source)
    mapper.reading.add(target, zj("dueFor"), due_for)
    if due is not None:
        mapper.reading.add(target, zj("dueTerm"), integer(due))
    if target not in mapper.reading.places:
        mapper.reading.places[target] = row.place("programme")
        mapper.evidence(target, row)


def _within_plan(mapper: Mapper, row: Row, key: str, term: int) -> None:
    plan = (row.values["programme"], row.values["edition_year"])
    terms = mapper.own.term_counts.get(plan) or mapper.around.term_counts.get(plan)
    if terms is not None and term > terms:
        mapper.reading.report("term-beyond-plan", row.place(key), "error", term=term, terms=terms)
