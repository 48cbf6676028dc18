"""``python -m docs.ontology [--check]``: docs/ontology/, a page and a picture of each module, in zh and in en.

The pages say what ``zhiji_kg.documentation`` reads out of ``ontology/`` and ``queries/``; the service shows the
same. Nothing in them is written by hand, and no date of today stands in them. ``changes.md`` beside
them is written by ``docs.changes``.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from zhiji_kg.documentation import Documentation, documentation
from zhiji_kg.documentation.diagram import svg
from zhiji_kg.documentation.downloads import address_of
from zhiji_kg.documentation.model import KINDS, MODULE_KINDS, Axiom, Match, Module, QuestionUse, Ref, Said, Term
from zhiji_kg.texts import LANGUAGES, Language, Text, say

FOLDER = Path(__file__).parent / "ontology"
BY_HAND_OR_OTHERS = {"changes.md"}
NOTE = "<!-- 由 make docs 生成，请勿手改 | made by `make docs`, not by hand -->\n"
TITLES: dict[Language, str] = {"zh": "中文", "en": "English"}
COLON: dict[Language, str] = {"zh": "：", "en": ": "}
COMMA: dict[Language, str] = {"zh": "、", "en": ", "}
GROUPS = {"classes": "group", "properties": "group_of_properties", "individuals": "group_of_individuals"}


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` name those that are not what the ontology gives; the exit status."""
    wanted = pages(documentation())
    there = {path.name for path in FOLDER.glob("*")} - BY_HAND_OR_OTHERS
    wrong = sorted(there - set(wanted))
    for name, content in wanted.items():
        path = FOLDER / name
        if not path.is_file() or path.read_text(encoding="utf-8") != content:
            wrong.append(name)
    if "--check" not in arguments:
        FOLDER.mkdir(exist_ok=True)
        for name in wrong:
            if name in wanted:
                (FOLDER / name).write_text(wanted[name], encoding="utf-8", newline="\n")
            else:
                (FOLDER / name).unlink()
        return 0
    for name in wrong:
        print(
            f"docs/ontology/{name} 已过时，请运行 make docs | docs/ontology/{name} is out of date: run `make docs`",
            file=sys.stderr,
        )
    return 1 if wrong else 0


def pages(known: Documentation) -> dict[str, str]:
    """Every file of the folder by its name."""
    found = {"index.md": "".join(_index(known)).rstrip() + "\n"}
    for module in known.modules:
        for language in LANGUAGES:
            found[page_name(module.name, language)] = Page(module, language).text()
            if picture := svg(module, language):
                found[picture_name(module.name, language)] = picture
    return found


def page_name(module: str, language: Language) -> str:
    """The file that explains a module in a language."""
    return f"{module.replace('/', '-')}.{language}.md"


def picture_name(module: str, language: Language) -> str:
    """The file with the picture of a module."""
    return f"{module.replace('/', '-')}.{language}.svg"


def _index(known: Documentation) -> Iterator[str]:
    title, lead = say("ontology.page.title"), say("ontology.page.lead")
    version = known.modules[0].version
    yield f"{NOTE}# {title.zh} | {title.en}\n\n{lead.zh}\n\n{lead.en}\n\n"
    yield f"{say('ontology.page.version').zh} | Version: {version} · [{say('ontology.page.changes').zh}"
    yield f" | {say('ontology.page.changes').en}](changes.md) · `zhiji serve` → `/ontology/`\n"
    for kind in MODULE_KINDS:
        modules = [module for module in known.modules if module.kind == kind]
        if modules:
            heading = say(f"ontology.module_kind.{kind}")
            yield f"\n## {heading.zh} | {heading.en}\n"
        for module in modules:
            links = " · ".join(f"[{TITLES[one]}]({page_name(module.name, one)})" for one in LANGUAGES)
            yield f"\n### `{module.name}` {module.title.zh} | {module.title.en}\n\n{links}\n\n"
            yield "".join(f"{plain(text)}\n\n" for text in (module.description.zh, module.description.en) if text)
            counted = [(say(f"ontology.kind.{kind}"), number) for kind, number in module.counts()]
            counted.append((say("ontology.page.triples"), module.triples))
            for language in LANGUAGES:
                yield COMMA[language].join(f"{number} {_lowered(text(language))}" for text, number in counted) + "\n\n"


class Page:
    """The page of a module in a language."""

    def __init__(self, module: Module, language: Language) -> None:
        """A page about a module."""
        self.module = module
        self.language = language

    def text(self) -> str:
        """The whole page as Markdown."""
        parts = (self._head(), self._contents(), self._picture(), self._shapes(), self._tallies(), self._terms(),
                 self._about(), self._alignments(), self._groups())  # fmt: skip
        return "".join(piece for part in parts for piece in part).rstrip() + "\n"

    def word(self, key: str, **values: object) -> str:
        """A text of the documentation in the language of the page."""
        return say(f"ontology.{key}")(self.language, **values)

    def named(self, label: Text, name: str = "") -> str:
        """A label in the language of the page, else in the other, else the name."""
        return label(self.language) or label.zh or label.en or name

    def other(self) -> Language:
        """The other language."""
        return "en" if self.language == "zh" else "zh"

    def link(self, ref: Ref, words: str = "") -> str:
        """A name with its link; of what no page explains, the name alone."""
        shown = words.strip() or self.named(ref.label, ref.name)
        if not ref.module:
            return f"`{shown}`" if ":" in shown else plain(shown)
        place = "" if ref.module == self.module.name and ref.anchor else page_name(ref.module, self.language)
        return f"[{plain(shown)}]({place}{'#' if ref.anchor else ''}{ref.anchor})"

    def links(self, refs: Iterable[Ref]) -> str:
        """Names with their links as a list."""
        return COMMA[self.language].join(self.link(ref) for ref in refs)

    def sentence(self, axiom: Axiom, about: Ref) -> str:
        """An axiom with its links, but none to what it is about, and where it stands if that is another module."""
        pieces = axiom.sentence.of(self.language)
        is_link = [one.ref is not None and one.ref.iri != about.iri for one in pieces]
        said = "".join(
            self.link(one.ref, one.words) if linked and one.ref else plain(one.words)
            for one, linked in zip(pieces, is_link, strict=True)
        )
        if axiom.module == self.module.name:
            return said
        return f"{said} *{self.word('page.axiom_of', module=axiom.module)}*"

    def texts(self, said: Sequence[Said]) -> list[str]:
        """The texts in the language of the page; where there are none, those in the other."""
        mine = [plain(one.words) for one in said if one.language in (self.language, "")]
        return mine or [plain(one.words) for one in said]

    def _head(self) -> Iterator[str]:
        module = self.module
        yield f"{NOTE}# {plain(self.named(module.title, module.name))}\n\n"
        if other := module.title(self.other()):
            yield f"*{plain(other)}*\n\n"
        index = say("ontology.page.title")(self.language)
        yield f"[{TITLES[self.other()]}]({page_name(module.name, self.other())}) · [{index}](index.md)\n\n"
        if module.description.zh or module.description.en:
            yield f"{plain(self.named(module.description))}\n\n"
        imports = self.links(module.imports)
        rows = [
            ("version", module.version), ("modified", module.modified), ("licence", f"<{module.licence}>"),
            ("imports", imports), ("iri", f"`{module.iri}`"), ("version_iri", f"`{module.version_iri}`"),
            ("file", f"[ontology/{module.file}](../../ontology/{module.file.replace('/*.ttl', '')})"),
            ("citation", plain(module.citation)), ("sources", " ".join(self.texts(module.sources))),
            ("history", " ".join(self.texts(module.history))),
            ("download", " · ".join(f"`{address_of(module.name, form)}`" for form in ("ttl", "jsonld", "rdf", "nt"))),
        ]  # fmt: skip
        for key, value in rows:
            if value.strip("`<>"):
                yield f"- **{self.word(f'page.{key}').rstrip('：:')}**{COLON[self.language]}{value}\n"
        yield "\n"

    def _contents(self) -> Iterator[str]:
        if not self.module.terms:
            return
        yield f"## {self.word('page.contents')}\n\n"
        for kind, number in self.module.counts():
            names = COMMA[self.language].join(
                f"[{plain(self.named(term.ref.label, term.ref.name))}](#{term.anchor})"
                for term in self.module.of_kind(kind)
            )
            yield f"**{self.word(f'kind.{kind}')}** ({number}){COLON[self.language]}{names}\n\n"

    def _picture(self) -> Iterator[str]:
        if svg(self.module, self.language):
            heading = self.word("page.diagram")
            yield f"## {heading}\n\n"
            if self.module.of_kind("class") or self.module.of_kind("object-property"):
                yield f"{self.word('page.diagram_is')}\n\n"
            if self.module.of_kind("scheme"):
                yield f"{self.word('page.diagram_values_is')}\n\n"
            yield f"![{heading}]({picture_name(self.module.name, self.language)})\n\n"

    def _terms(self) -> Iterator[str]:
        for kind in KINDS:
            terms = self.module.of_kind(kind)
            if terms:
                yield f"## {self.word(f'kind.{kind}')}\n\n"
            for term in terms:
                yield from self._term(term)

    def _term(self, term: Term) -> Iterator[str]:
        other = term.ref.label(self.other())
        heading = plain(self.named(term.ref.label, term.ref.name))
        yield f'<a id="{term.anchor}"></a>\n\n### {heading}{f" · {plain(other)}" if other else ""}\n\n'
        yield f"`{term.ref.name}` · {self.word(f'one.{term.kind}')} · <{term.ref.iri}>\n\n"
        if term.deprecated:
            yield f"**{self.word('page.deprecated')}** {self.word('page.successor')} {self.links(term.successors)}\n\n"
        if term.definition.zh or term.definition.en:
            yield f"**{plain(self.named(term.definition))}**\n\n"
        for key, lines in self._details(term):
            if len(lines) == 1:
                yield f"- {self.word(f'page.{key}')}{COLON[self.language]}{lines[0]}\n"
            elif lines:
                yield f"- {self.word(f'page.{key}')}{COLON[self.language].rstrip()}\n"
                yield "".join(f"  - {line}\n" for line in lines)
        yield "\n"
        if term.scheme:
            yield from self._values(term.scheme)

    def _details(self, term: Term) -> Iterator[tuple[str, list[str]]]:
        asked = [use for use in term.questions if use.folder in ("ask", "gaps")]
        rules = [use for use in term.questions if use.folder in ("infer", "check")]
        yield "notes", self.texts(term.notes)
        yield "examples", self.texts(term.examples)
        yield "alternatives", self.texts(term.alternatives)
        yield "notation", [f"`{term.notation}`"] if term.notation else []
        yield "types", self._listed(term.types)
        yield "above", self._listed(term.above) if term.kind in ("individual", "scheme") else []
        yield "axioms", [self.sentence(axiom, term.ref) for axiom in term.axioms]
        yield "below", self._listed(term.below)
        yield "uses", self._listed(term.uses)
        yield "see_also", self._listed(term.see_also)
        yield "matches", [self._match(one) for one in term.matches]
        yield "shapes", self._listed(term.shapes)
        yield "questions", [self._question(use) for use in asked]
        yield "rules", [self._question(use) for use in rules]
        yield "source", self.texts(term.sources)
        yield "history", self.texts(term.history)

    def _listed(self, refs: Sequence[Ref]) -> list[str]:
        return [self.links(refs)] if refs else []

    def _question(self, use: QuestionUse) -> str:
        number = f"{use.competency_question} " if use.competency_question else ""
        where = f"../../queries/{use.folder}/{use.name}.rq"
        return f"{number}{plain(use.summary(self.language))} ([`{use.name}`]({where}))"

    def _match(self, match: Match) -> str:
        said = (
            f"{self.word(f'relation.{match.relation}')} [{plain(self.named(match.label, match.name))}]({match.target})"
        )
        if match.confidence:
            said += f" · {self.word('page.confidence', value=match.confidence)}"
        comments = [plain(one.words) for one in match.comments if one.language in (self.language, "")]
        return " · ".join([said, *comments])

    def _values(self, values: Sequence[Term]) -> Iterator[str]:
        heads = [self.word(f"page.{key}") for key in ("notation", "values", "other_name", "definition")]
        rows = [
            [
                f'<a id="{one.anchor}"></a>`{one.notation or one.ref.name}`',
                plain(self.named(one.ref.label, one.ref.name)),
                plain(one.ref.label(self.other())),
                "<br>".join([plain(self.named(one.definition)), *map(self._match, one.matches)]),
            ]
            for one in values
        ]
        yield from _table(heads, rows)

    def _about(self) -> Iterator[str]:
        if self.module.about:
            yield f"## {self.word('page.about')}\n\n"
        for ref, axioms in self.module.about:
            yield f"- {self.link(ref)}\n" + "".join(f"  - {self.sentence(one, ref)}\n" for one in axioms)
        yield "\n" if self.module.about else ""

    def _alignments(self) -> Iterator[str]:
        if self.module.matches:
            yield f"## {self.word('page.about_alignment')}\n\n"
        for ref, matches in self.module.matches:
            yield f"- {self.link(ref)}\n" + "".join(f"  - {self._match(one)}\n" for one in matches)
        yield "\n" if self.module.matches else ""

    def _shapes(self) -> Iterator[str]:
        if self.module.shapes:
            yield f"## {self.word('page.shape_list')}\n\n"
        for shape in self.module.shapes:
            yield f'<a id="{shape.ref.anchor}"></a>\n\n### {plain(self.named(shape.ref.label, shape.ref.name))}\n\n'
            messages = [plain(one.words) for one in shape.messages if one.language in (self.language, "")]
            for key, value in (("target", self.links(shape.targets)), ("paths", self.links(shape.paths))):
                yield f"- {self.word(f'page.{key}')}{COLON[self.language]}{value}\n" if value else ""
            yield f"- {self.word('page.messages')}{COLON[self.language].rstrip()}\n" if messages else ""
            yield "".join(f"  - {message}\n" for message in messages) + "\n"

    def _tallies(self) -> Iterator[str]:
        if self.module.tallies:
            yield f"## {self.word('page.tallies')}\n\n{self.word('page.tallies_are')}\n\n"
            heads = [self.word("one.class"), self.word("page.other_name"), self.word("page.number")]
            rows = [
                [self.link(one.of), plain(one.of.label(self.other())), str(one.number)] for one in self.module.tallies
            ]
            yield from _table(heads, rows)

    def _groups(self) -> Iterator[str]:
        if self.module.groups:
            yield f"## {self.word('page.groups')}\n\n"
        for number, (kind, members) in enumerate(self.module.groups, 1):
            title = self.word(f"page.{GROUPS[kind]}", number=number, count=len(members))
            yield f"- {title}{COLON[self.language]}{self.links(members)}\n"


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    yield "\n".join("| " + " | ".join(cell.replace("\n", " ") for cell in line) + " |" for line in lines) + "\n\n"


def plain(words: str) -> str:
    """Words that Markdown is to show as they stand, on one line."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", re.sub(r"\s+", " ", words))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
