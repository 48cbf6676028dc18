"""From typed rows to triples, by the layout: entities, links, properties, references, evidence."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ...errors import Address
from ...rdf import Iri, Term, decimal, integer, text, true_or_false
from ...vocabulary import DERIVED_FROM, LABEL, NOTATION, RDF_TYPE, curie, entity, scheme_value, slug, source_graph, zj
from ..reading import Reading, Reference
from .layout import Column, Entity, Layout
from .outlook import Outlook
from .rows import Row

LOCATOR = zj("locator")
EVIDENCE_GRADE = zj("evidenceGrade")


@dataclass(slots=True)
class Mapper:
    """Writes the rows of one workbook into its reading.

    ``own`` is what the workbook itself tells of plans, courses and stages, ``around`` what all the
    workbooks of a build tell together; what the workbook itself tells goes first.
    """

    reading: Reading
    layout: Layout
    own: Outlook
    around: Outlook
    seen: dict[tuple[str, Iri], Address] = field(default_factory=dict)

    def write(self, row: Row) -> dict[str, Iri]:
        """Write one row.

        Returns:
            The IRIs of the entities the row describes, by their name in the layout; empty when the
            row repeats a key or names an edition that cannot be told.
        """
        if not self.resolve_programme(row):
            return {}
        entities = {e.name: self.identify(e, row) for e in row.sheet.entities if self._applies(e, row)}
        if self._repeated(row, entities):
            return {}
        for described in row.sheet.entities:
            if described.name in entities:
                self._describe(described, entities[described.name], row)
        for subject, name, target in row.sheet.links:
            if subject in entities and target in entities:
                self.reading.add(entities[subject], zj(name), entities[target])
        for column in row.sheet.columns:
            if column.key in row.values:
                self._state(column, row, entities.get(column.on))
        return entities

    def refuse(self, row: Row) -> None:
        """Remember what a row that is not sound would have described, as far as its key tells."""
        if self.resolve_programme(row):
            for described in row.sheet.entities:
                if all(part in row.values for part in described.key):
                    self.reading.refused.add(self.identify(described, row))

    def identify(self, described: Entity, row: Row) -> Iri:
        """The IRI of an entity of a row, from the columns that make its key."""
        return entity(described.kind, *(_key_part(row, part) for part in described.key))

    def resolve_programme(self, row: Row) -> bool:
        """Put the edition (``code-year``) of the row's programme among its values; report when it cannot be told."""
        code = row.values.get("programme")
        if not code or row.sheet.key == "programmes":
            return True
        base, at, year = code.partition("@")
        unknown = ["?"] if self.around.plans_lost else []
        years = [year] if at else self.own.editions.get(base) or self.around.editions.get(base, unknown)
        if len(years) != 1:
            problem = "which-edition" if years else "unknown-programme"
            where = row.place("programme")
            self.reading.report(problem, where, "error", programme=base, years="、".join(f"{base}@{y}" for y in years))
            return False
        row.values.update(programme=base, edition=edition_code(base, years[0]), edition_year=years[0])
        if at and year not in self.around.editions.get(base, ()):
            edition = entity("programme-edition", row.values["edition"])
            self.reading.references.append(Reference(edition, zj("ProgrammeEdition"), row.place("programme"), code))
        return True

    def refer(self, column: Column, row: Row, code: str) -> Iri | None:
        """The entity that a code in a cell names, with a reference to be checked when all sources are read."""
        target = self.target(column, row, code)
        if isinstance(target, str):
            self.reading.report(target, row.place(column.key), "error", code=code)
            return None
        self.reading.references.append(Reference(target, curie(column.refers[1]), row.place(column.key), code))
        return target

    def target(self, column: Column, row: Row, code: str) -> Iri | str:
        """The entity that a code in a cell names, or the problem with it."""
        kind, _, *scope = column.refers
        codes: tuple[str, ...] = (code,)
        if scope == ["programme"]:
            codes = (row.values["programme"], code)
        elif scope == ["any"]:
            owners = self.own.course_owners.get(code) or self.around.course_owners.get(code, [])
            owner, slash, short = code.partition("/")
            if not slash and len(owners) != 1:
                return "which-programme" if owners else "unknown-course"
            codes = (owner, short) if slash else (owners[0], code)
        return entity(kind, *codes)

    def evidence(self, subject: Iri, row: Row) -> None:
        """State where a thing was read and how far it can be trusted."""
        self.reading.add(subject, DERIVED_FROM, source_graph(self.reading.identifier))
        self.reading.add(subject, LOCATOR, text(row.locator))
        grade = row.values.get("grade") or f"evidence-grade/{self.reading.grade}"
        self.reading.add(subject, EVIDENCE_GRADE, scheme_value(grade))
        for column in self.layout.evidence:
            if column.key in row.values and column.key != "grade":
                self.reading.add(subject, zj(column.property), literal(row.values[column.key]))

    def name(self, subject: Iri, of_class: str, label: str, language: str = "zh") -> None:
        """Give a thing its class and a label."""
        self.reading.add(subject, RDF_TYPE, curie(of_class))
        if label:
            self.reading.add(subject, LABEL, text(label, language))

    def _applies(self, described: Entity, row: Row) -> bool:
        return (not described.when or _holds(described.when, row)) and not (
            described.unless and _holds(described.unless, row)
        )

    def _repeated(self, row: Row, entities: dict[str, Iri]) -> bool:
        for described in row.sheet.entities:
            if described.primary and described.name in entities:
                key = (row.sheet.key, entities[described.name])
                if key in self.seen:
                    where = row.places[row.sheet.columns[0].key]
                    values = "、".join(self._shown(row, part) for part in described.key)
                    self.reading.report("duplicate", where, "error", key=values, first=self.seen[key].cell)
                    return True
                self.seen[key] = row.places[row.sheet.columns[0].key]
        return False

    def _shown(self, row: Row, key: str) -> str:
        """A part of a key as a person wrote it, or could have."""
        value = row.values.get("programme" if key == "edition" else key, "")
        words = next((column.words for column in row.sheet.columns if column.key == key), "")
        return next((word for word, meant in self.layout.words.get(words, {}).items() if meant == value), str(value))

    def _describe(self, described: Entity, subject: Iri, row: Row) -> None:
        of_class = row.values[described.class_from] if described.class_from else described.of_class
        if of_class:
            self.reading.places.setdefault(subject, row.place(row.sheet.columns[0].key))
            self.name(subject, of_class, row.values.get(described.label, "") if described.label else "")
        if described.label_en and row.values.get(described.label_en):
            self.reading.add(subject, LABEL, text(row.values[described.label_en], "en"))
        if described.notation:
            parts = [_key_part(row, part) for part in described.notation]
            self.reading.add(subject, NOTATION, text("@".join(parts)))
        if described.primary:
            self.reading.places[subject] = row.place(row.sheet.columns[0].key)
            self.evidence(subject, row)
            for note in row.notes:
                self.reading.add(subject, zj("note"), text(note))

    def _state(self, column: Column, row: Row, subject: Iri | None) -> None:
        values = row.values[column.key]
        for value in values if isinstance(values, tuple) else (values,):
            if column.refers:
                target: Term | None = self.refer(column, row, value)
            else:
                target = self._object(column, value)
            if subject is not None and column.property and target is not None:
                self.reading.add(subject, zj(column.property), target)

    def _object(self, column: Column, value: Any) -> Term:  # noqa: ANN401 - a typed cell
        return scheme_value(value) if column.words and column.type in ("word", "words") else literal(value)


def edition_code(programme: str, year: str) -> str:
    """The key of an edition, which is plain ASCII, so that it may be a part of longer keys."""
    return f"{slug(programme)}-{slug(year)}"


def literal(value: object) -> Term:
    """The literal of a typed cell."""
    if isinstance(value, bool):
        return true_or_false(value)
    if isinstance(value, int):
        return integer(value)
    return decimal(value) if isinstance(value, Decimal) else text(str(value))


def _key_part(row: Row, key: str) -> str:
    """A value of a row as a part of a key; a scheme value by its last part."""
    value = str(row.values.get(key, ""))
    is_word = any(column.key == key and column.words for column in row.sheet.columns)
    return value.rpartition("/")[2] if is_word else value


def _holds(condition: str, row: Row) -> bool:
    """Whether a column has a value at all, or the value that the condition names."""
    key, equals, wanted = condition.partition("=")
    return row.values.get(key) == wanted if equals else key in row.values
