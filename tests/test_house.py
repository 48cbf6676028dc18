"""The house itself: arrows, doors, sizes, a test for every room, and no word that leads nowhere."""

import ast
import configparser
import functools
import io
import re
import subprocess
import sys
import tokenize
import tomllib
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "zhiji_kg"
ONTOLOGY_IRI = "https://w3id.org/zhiji/ontology/"
MEASURE = ROOT.parent / "shared" / "tools" / "house" / "house.py"
SAYERS = {"say": "", "told": "cli."}  # functions that say a text, and where its key begins
PROBLEM_CARRIERS = {"Problem", "unreadable", "cannot_run", "CellError", "report"}
OURS = {"street", "front"}  # contracts about our own rooms
DISTRIBUTIONS = {"python-calamine": "python_calamine", "python-docx": "docx"}


def module_name(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


@functools.cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def nodes(kind):
    for name, path in MODULES.items():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, kind):
                yield name, node


def called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def strings_in(node):
    return {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def first_arguments(functions):
    """(module, the string constants that the first argument can be) for every call of these functions."""
    for name, node in nodes(ast.Call):
        if called(node) in functions and node.args:
            first = node.args[0]
            branches = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
            for branch in branches:
                if isinstance(branch, ast.Constant) and isinstance(branch.value, str):
                    yield name, branch.value


# Arrows and doors


def contracts():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return {name.split(":")[2]: parser[name] for name in parser.sections() if name.startswith("importlinter:contract")}


def guarded():
    """The libraries that a contract gives a door; the contracts about our own rooms aside."""
    return {contract["forbidden_modules"] for name, contract in contracts().items() if name not in OURS}


def test_arrows_point_down_and_each_library_has_its_door():
    linter = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", linter], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_dependency_has_a_door_contract():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = project["dependencies"] + [line for extra in extras if extra != "test" for line in extras[extra]]
    distributions = {re.split(r"[<>=!~;\[ ]", line)[0].lower() for line in wanted}
    assert {DISTRIBUTIONS.get(name, name) for name in distributions} == guarded()


def test_nothing_else_is_imported():
    known = guarded() | sys.stdlib_module_names | {"zhiji_kg"}
    found = {(name, alias.name) for name, node in nodes(ast.Import) for alias in node.names}
    found |= {(name, node.module) for name, node in nodes(ast.ImportFrom) if not node.level}
    assert not {(name, imported) for name, imported in found if imported.split(".")[0] not in known}


def test_contributing_draws_the_street_as_it_is():
    """The rooms that stand, in their order, as the contract has them."""
    layers = contracts()["street"]["layers"].split("\n")
    built = [re.findall(r"\w+", re.sub(r"\(\w+\)", "", layer)) for layer in layers]
    drawn = next(line for line in (ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines() if "`__main__` →" in line)
    assert [re.findall(r"`(\w+)`", part) for part in drawn.split("→")] == [names for names in built if names]


# Sizes, measured as code lines: no blanks, comments, docstrings


@functools.cache
def code_lines(path):
    source = path.read_text(encoding="utf-8")
    silent = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in silent:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(
            node, clean=False
        ):
            lines.difference_update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return lines


def function_sizes():
    return {
        f"{name}:{node.name}": len([n for n in code_lines(MODULES[name]) if node.lineno < n <= node.end_lineno])
        for name, node in nodes(ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_no_module_over_400_lines():
    assert not {name: len(code_lines(path)) for name, path in MODULES.items() if len(code_lines(path)) > 400}


def test_functions_are_short():
    sizes = function_sizes()
    assert not {name: size for name, size in sizes.items() if size > 50}
    assert sorted(sizes.values())[int(0.9 * (len(sizes) - 1))] <= 20


def test_a_line_of_test_for_a_line_of_code():
    code = sum(len(code_lines(path)) for path in MODULES.values())
    assert sum(len(code_lines(path)) for path in (ROOT / "tests").rglob("*.py")) >= code


@pytest.mark.skipif(not MEASURE.is_file(), reason="the measure of the workplace is not here")
def test_the_measure_of_the_workplace():
    done = subprocess.run([sys.executable, str(MEASURE), str(ROOT)], capture_output=True, text=True, encoding="utf-8")
    assert done.stdout.rstrip().endswith("9 kept, 0 to look at"), done.stdout + done.stderr


# A test for every room


@functools.cache
def imported_by_tests():
    found = set()
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module)
                found.update(f"{node.module}.{alias.name}" for alias in node.names)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)  # import_module("zhiji_kg.…")
            elif isinstance(node, ast.List | ast.Tuple) and {"-m", "zhiji_kg"} <= strings_in(node):
                found.add("zhiji_kg.__main__")  # a room that only runs: python -m zhiji_kg
    return found


@pytest.mark.parametrize("module", [name for name, path in MODULES.items() if code_lines(path)])
def test_every_module_has_a_test(module):
    if module not in imported_by_tests():
        pytest.fail(f"no module under tests/ imports {module} or a name from it")


# Words lead somewhere


@functools.cache
def terms():
    """The local names that the ontology describes."""
    subjects = {
        quad.subject.value
        for path in (ROOT / "ontology").rglob("*.ttl")
        for quad in parse(path=str(path), format=RdfFormat.TURTLE)
        if isinstance(quad.subject, NamedNode)
    }
    return {iri.removeprefix(ONTOLOGY_IRI) for iri in subjects if iri.startswith(ONTOLOGY_IRI)}


def ours(name):
    prefix, colon, local = name.partition(":")
    return local if colon and prefix == "zj" else "" if colon else name


def test_every_term_named_in_the_package_is_in_the_ontology():
    named = {(module, ours(name)) for module, name in first_arguments({"zj", "curie"}) if ours(name)}
    assert named
    assert not {(module, name) for module, name in named if name not in terms()}


def test_every_term_named_in_a_query_is_in_the_ontology():
    written = {
        (path.name, name)
        for path in (ROOT / "queries").rglob("*.rq")
        for name in re.findall(r"\bzj:([A-Za-z]\w*)", path.read_text(encoding="utf-8"))
    }
    assert written
    assert not {(file, name) for file, name in written if name not in terms()}


def test_every_term_named_in_the_layout_is_in_the_ontology():
    layout = tomllib.loads((ROOT / "layouts" / "workbook.toml").read_text(encoding="utf-8"))
    named = set()
    for sheet in layout["sheet"]:
        named |= {entity["class"] for entity in sheet.get("entities", {}).values() if "class" in entity}
        named |= {link[1] for link in sheet.get("links", ())}
        for column in sheet["columns"]:
            named |= {column["property"]} if "property" in column else set()
            named |= {column["refers"][1]} if "refers" in column else set()
    assert not {name for name in named if ours(name) and ours(name) not in terms()}


@functools.cache
def problem_codes():
    return set(tomllib.loads((ROOT / "layouts" / "problems.toml").read_text(encoding="utf-8")))


def test_every_problem_has_its_words():
    # `report` and others take words of other kinds too; a code is of the form a-b-c.
    named = {(m, code) for m, code in first_arguments(PROBLEM_CARRIERS) if re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", code)}
    assert named
    assert not {(module, code) for module, code in named if code not in problem_codes()}


def test_every_problem_is_one_that_can_occur():
    written = set().union(*(strings_in(tree_of(path)) for path in MODULES.values()))
    assert not problem_codes() - written


def test_every_text_that_is_said_is_written():
    rooms = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in (ROOT / "web" / "texts").glob("*.toml")}
    keys = {(module, start + key) for sayer, start in SAYERS.items() for module, key in first_arguments({sayer})}
    lost = set()
    for module, key in keys:
        entry = rooms
        for part in key.split("."):
            entry = entry.get(part, {})
        if not {"zh", "en"} <= entry.keys():
            lost.add((module, key))
    assert not lost


def test_every_family_of_texts_that_is_said_is_written():
    """``say(f"report.state.{state}")``: at least the table ``report.state`` is there."""
    rooms = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in (ROOT / "web" / "texts").glob("*.toml")}
    lost = set()
    for module, node in nodes(ast.Call):
        if called(node) != "say" or not node.args or not isinstance(node.args[0], ast.JoinedStr):
            continue
        start = node.args[0].values[0]
        path = start.value.split(".")[:-1] if isinstance(start, ast.Constant) else []
        entry = functools.reduce(lambda table, part: table.get(part, {}), path, rooms)
        if not entry:
            lost.add((module, ast.unparse(node)))
    assert not lost


# Nothing of the machine it was written on


def our_files():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_machine_or_a_registry():
    # Put together here, so that this file does not hold what it looks for.
    places = [f"/{folder}/" for folder in ("work", "root", "tmp", "opt")] + ["/home" + "/"]
    hosts = ["pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs", "deb" + ".debian.org"]
    pattern = re.compile("|".join([rf"(?<![\w.>~-]){re.escape(p)}\w" for p in places] + [re.escape(h) for h in hosts]))
    found = {}
    for path in our_files():
        try:
            content = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if hit := pattern.search(content):
            found[str(path.relative_to(ROOT))] = content[max(0, hit.start() - 30) : hit.end() + 30]
    assert not found


def test_ci_runs_the_command_of_the_readme():
    last = [line for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines() if line.strip()][-1]
    assert last == "exec make test"
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.xdist_group("house")
def test_a_group_of_tests_has_one_worker(request):
    """What a group shares is made once; a runner that forgets the groups says nothing and takes half as long again."""
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@house")


def test_ten_verbs_each_with_its_words():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = dict(re.findall(r"^([a-z]+):.*?## (.+)$", makefile, re.M))
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.M)[1].split()
    assert list(verbs) == phony
    assert len(verbs) == 10
    assert all(" | " in words for words in verbs.values())


def test_the_reference_page_is_the_one_the_program_gives():
    done = subprocess.run(
        [sys.executable, "-m", "docs.generate", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
