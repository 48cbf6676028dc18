"""The package as a notebook uses it."""

import builtins
import subprocess
import sys
from pathlib import Path

import pytest

from zhiji_kg import KnowledgeGraph
from zhiji_kg.errors import CannotRunError, UnreadableError
from zhiji_kg.knowledge import Answer
from zhiji_kg.queries import catalogue, run
from zhiji_kg.rdf import Literal
from zhiji_kg.store import Solutions
from zhiji_kg.vocabulary import DATA


@pytest.fixture(scope="module")
def kg(example_kg):
    return KnowledgeGraph.open(str(example_kg))


@pytest.fixture(scope="module")
def small(two_plans_kg):
    return KnowledgeGraph.open(two_plans_kg)


def test_as_in_the_readme(kg):
    findings = kg.gaps("460103").findings
    assert {finding.code for finding in findings} >= {"ZJ-C01", "ZJ-C02", "ZJ-C03"}
    rows = list(kg.query("course-points", course="ZH002"))
    assert len(rows) == 20
    assert set(rows[0]) == set(kg.query("course-points", course="ZH002").columns)
    assert [programme.thing.code for programme in kg.programmes()] == ["460103@2024", "TE-CNC@2024"]


def test_which_graph_it_is(kg, example_kg):
    assert (kg.identity.version, len(kg.identity.sha256)) == ("v1", 64)
    assert kg.identity.place == str(example_kg / "v1")
    assert repr(kg) == f"<KnowledgeGraph v1 {kg.identity.sha256[:12]}>"
    assert repr(KnowledgeGraph.at("http://127.0.0.1:9/query")) == "<KnowledgeGraph http://127.0.0.1:9/query >"


def test_an_answer_can_be_read_twice(small):
    answer = small.query("coverage", programme="P1@2024", source="SA@4")
    assert list(answer) == list(answer)
    assert len(answer) == len(list(answer)) == 5
    assert answer.columns == answer.solutions.variables


def test_an_answer_as_a_data_frame(small):
    pandas = pytest.importorskip("pandas")
    frame = small.query("coverage", programme="P1@2024", source="SA@4").to_pandas()
    assert frame.shape == (5, len(small.query("coverage", programme="P1", source="SA@4").columns))
    assert list(frame[frame["courseCode"] == "B"]["hours"]) == [20]
    assert frame["course"].isna().sum() == 3
    empty = small.query("weights", source="SA@4").to_pandas()
    assert isinstance(empty, pandas.DataFrame)
    assert list(empty.columns) == list(small.query("weights", source="SA@4").columns), "columns stay without rows"


def test_without_pandas_it_says_what_to_install(small, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name == "pandas":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(CannotRunError) as caught:
        small.query("programmes").to_pandas()
    assert caught.value.problems[0].code == "no-pandas"
    assert "zhiji-kg[pandas]" in str(caught.value)


def test_an_answer_as_html_is_escaped_and_cut():
    nasty = "<script>alert('x')</script>&"
    rows = [(Literal(nasty), None)] * 60
    shown = Answer(catalogue()["programmes"], Solutions(("a<b", "c"), rows))._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&amp;" in shown
    assert "<th>a&lt;b</th>" in shown
    assert shown.count("<tr>") == 1 + 50
    assert "<caption>50 / 60</caption>" in shown
    assert "None" not in shown


def test_a_short_answer_has_no_caption(small):
    shown = small.query("programmes")._repr_html_()
    assert "<caption>" not in shown
    assert shown.count("<tr>") == 1 + 3


def test_the_graph_as_html_lists_its_programmes(small):
    shown = small._repr_html_()
    for word in ("P1@2023", "P1@2024", "P2@2024", "甲校", "&lt;KnowledgeGraph v1 "):
        assert word in shown


def test_the_rdflib_graph_is_the_default_graph(small):
    graph = small.graph()
    default = {str(quad.triple) for quad in small.store.quads() if str(quad.graph_name) == "DEFAULT"}
    assert len(graph) == len(default)
    assert (DATA + "course/P1-A") in {str(subject) for subject in graph.subjects()}


def test_the_network_has_the_entities_and_links_of_the_graph(small):
    network, rows = small.network(), run(small.store, "links")
    assert set(network) == {row["part"] for row in rows}
    links = {(row["part"], row["link"], row["linked"]) for row in rows if row["linked"]}
    assert network.number_of_edges() == len(links)
    assert network.has_edge(DATA + "course/P1-A", DATA + "coverage/P1-2024-A-X")


def test_the_same_behind_an_endpoint(small, two_plans_endpoint):
    there = KnowledgeGraph.at(two_plans_endpoint)
    assert list(there.query("programmes")) == list(small.query("programmes"))
    assert there.gaps("P1").coverages == small.gaps("P1").coverages
    assert set(there.network().edges(keys=True)) == set(small.network().edges(keys=True))


def test_a_profile_of_ones_own(small, tmp_path):
    own = tmp_path / "own.toml"
    shipped = (Path(__file__).parents[1] / "queries" / "profile.toml").read_text("utf-8")
    own.write_text(shipped.replace("knowledge = 2", "knowledge = 1"), encoding="utf-8")
    states = [
        kg.coverages[0].totals.all["items"].covered for kg in (small.gaps("P1"), small.gaps("P1", profile=own))
    ]  # fmt: skip
    assert states == [1, 2]


WRONG = [
    (lambda kg: kg.query("no-such-question"), "unknown-query"),
    (lambda kg: kg.query("coverage"), "missing-parameter"),
    (lambda kg: kg.query("coverage", programme="P1", source="SA@4", depth="3"), "unknown-parameter"),
    (lambda kg: kg.gaps("P9"), "unknown-code"),
    (lambda kg: kg.gaps(), "which-programme-option"),
    (lambda kg: kg.gaps("P1", "SA@9"), "unknown-code"),
    (lambda kg: kg.gaps("P1", profile=Path("no.toml")), "missing-file"),
]


@pytest.mark.parametrize(("call", "code"), WRONG, ids=[code for _, code in WRONG])
def test_an_error_says_in_english_what_to_do(small, call, code):
    with pytest.raises(UnreadableError) as caught:
        call(small)
    assert caught.value.problems[0].code == code
    assert "; " in str(caught.value)


def test_a_folder_without_a_version(tmp_path):
    with pytest.raises(UnreadableError) as caught:
        KnowledgeGraph.open(tmp_path)
    assert caught.value.problems[0].code == "no-version"


def test_opening_a_graph_loads_none_of_the_heavy_libraries(two_plans_kg):
    code = (
        "import sys; from zhiji_kg import KnowledgeGraph; kg = KnowledgeGraph.open(sys.argv[1]); kg.gaps('P1');"
        "print([m for m in ('rdflib', 'networkx', 'pandas', 'flask', 'pyvis', 'owlready2') if m in sys.modules])"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code, str(two_plans_kg)], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "[]\n", done.stderr


def test_the_package_has_no_other_public_name():
    import zhiji_kg

    assert zhiji_kg.__all__ == ["KnowledgeGraph"]
    with pytest.raises(AttributeError):
        _ = zhiji_kg.Graph
