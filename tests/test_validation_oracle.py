"""The queries against a SHACL engine: the same shape, constraint component and thing, on whatever graph."""

import builtins

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from shape_cases import VALID, all_worlds, modules, read_case
from small_workbook import cli, small, told

from zhiji_kg.build import draft
from zhiji_kg.errors import CannotRunError
from zhiji_kg.graph import Dataset
from zhiji_kg.inference import infer
from zhiji_kg.rdf import Literal, Triple, decimal, integer, text
from zhiji_kg.validation import violations
from zhiji_kg.validation.oracle import findings_of, shacl_findings
from zhiji_kg.vocabulary import curie, zj

pytest.importorskip("pyshacl")


def test_the_same_on_every_case():
    dataset, store = all_worlds()
    ours = findings_of(violations(store))
    assert len(ours) > 400
    assert shacl_findings(dataset.default) == ours


def test_the_same_on_a_workbook_with_faults(tmp_path):
    book = small(tmp_path / "book", set={"覆盖!F2": "100", "覆盖!G3": "1", "课程!N2": "ZY2", "要素点!E3": "P3"})
    prepared = draft([book])
    only_the_workbook = {t for reading in prepared.readings for t in reading.triples} | modules()
    dataset, store = infer(Dataset(only_the_workbook, {}))
    ours = findings_of(violations(store))
    assert {shape for shape, _, _ in ours} == {
        "Coverage-hours-of-course", "Coverage-completion-in-terms",
        "Course-prerequisite-cycle", "CompetencyPoint-part-of-itself",
    }  # fmt: skip
    assert ours == findings_of(prepared.violations)
    assert shacl_findings(dataset.default) == ours


# Any graph: worlds that conform, with statements taken away and others put in

WORLDS = ("Coverage", "Examination", "SkillCertificate", "Requirement", "FunctionWeight", "OutcomeFigure", "Teacher")
SAID = sorted({triple for name in WORLDS for triple in read_case("valid", name)[0]}, key=str)
THINGS = sorted({t.subject for t in SAID}, key=str)
PROPERTIES = sorted({t.predicate for t in SAID} | {zj("isPartOfPoint"), zj("hasStrictCorequisite")}, key=str)
# No truth values, and no text called a number: pySHACL compares those with numbers as Python and rdflib do,
# where SHACL knows no order and the queries find a breach.
VALUES = st.one_of(
    st.sampled_from(THINGS),
    st.integers(-2, 20).map(integer),
    st.decimals(-2, 120, places=1).map(decimal),
    st.sampled_from(["", "文字", "2026-09-01"]).map(text),
    st.builds(text, st.sampled_from(["甲", "乙"]), st.sampled_from(["zh", "en", "fr"])),
)
MORE = st.lists(st.builds(Triple, st.sampled_from(THINGS), st.sampled_from(PROPERTIES), VALUES), max_size=12)


# To make a failing graph smaller would take pySHACL many minutes: the failing one is shown as it is.
@settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.sets(st.sampled_from(SAID), max_size=12), MORE)
def test_the_same_on_any_graph(taken, more):
    dataset, store = infer(Dataset((set(SAID) - taken) | set(more) | modules(), {}))
    assert findings_of(violations(store)) == shacl_findings(dataset.default)


def test_the_worlds_of_the_generated_graphs_conform():
    _, store = infer(Dataset(set(SAID) | modules(), {}))
    assert violations(store) == []
    assert set(WORLDS) <= set(VALID)


@pytest.mark.parametrize(
    "value",
    [Literal("x", datatype=curie("xsd:integer")), Literal("true", datatype=curie("xsd:boolean")), text("3")],
    ids=str,
)
def test_what_is_no_number_breaks_the_datatype_and_the_limits(value):
    """What the generated graphs leave out; also, values that have no order among each other do not stop the engine."""
    said, _ = read_case("valid", "Coverage")
    focus = next(t.subject for t in said if t.predicate == zj("depth"))
    kept = {t for t in said if t.predicate != zj("depth")} | {Triple(focus, zj("depth"), value)}
    _, store = infer(Dataset(kept | modules(), {}))
    assert {component for shape, component, _ in findings_of(violations(store)) if shape == "Coverage-depth"} == {
        "Datatype", "MinInclusive", "MaxInclusive",
    }  # fmt: skip


# Without pySHACL, and through the command


def test_without_pyshacl_it_says_so(monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **how):
        if name == "pyshacl":
            raise ImportError(name)
        return real(name, *rest, **how)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(CannotRunError) as refused:
        shacl_findings([])
    assert [problem.code for problem in refused.value.problems] == ["no-pyshacl"]
    assert "zhiji-kg[shacl]" in str(refused.value)


def test_the_command_checks_again(tmp_path):
    done = cli("check", small(tmp_path / "book", set={"覆盖!F2": "100"}), "--shacl")
    out, err = told(done)
    assert done.returncode == 0
    assert "覆盖!F2: Coverage: the hours given to the point exceed those of the whole course" in out
    assert "pySHACL agrees with the check above: by the same shapes, each finds the same breaches (1; " in err
    assert "only " not in err


def test_the_command_says_when_it_is_too_early(tmp_path):
    done = cli("check", small(tmp_path / "book", set={"课程!L2": "9"}), "--shacl")
    assert done.returncode == 1
    assert "the shapes were not reached" in told(done)[1]
