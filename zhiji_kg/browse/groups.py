"""The groups of the picture: which colour a class has, and in which column it stands, from left to right."""

from collections.abc import Iterable
from typing import Literal, get_args

Group = Literal[
    "stage", "programme", "course", "capability", "knowledge", "skill", "requirement",
    "standard-level", "occupation", "task", "certificate", "indicator", "organisation", "other",
]  # fmt: skip
GROUPS: tuple[Group, ...] = get_args(Group)
COLUMNS: tuple[tuple[Group, ...], ...] = (
    ("stage", "programme", "organisation"), ("course",), ("capability",), ("knowledge", "skill"), ("requirement",),
    ("standard-level", "occupation", "task"), ("certificate", "indicator", "other"),
)  # fmt: skip

GROUP_OF: dict[str, Group] = {
    "zj:GrowthStage": "stage",
    "zj:Programme": "programme",
    "zj:ProgrammeEdition": "programme",
    "zj:Course": "course",
    "zj:ProjectCourse": "course",
    "zj:CourseOffering": "course",
    "zj:CapabilityPoint": "capability",
    "zj:KnowledgePoint": "knowledge",
    "zj:SkillPoint": "skill",
    "zj:Requirement": "requirement",
    "zj:OccupationalFunction": "requirement",
    "zj:WorkContent": "requirement",
    "zj:StandardLevel": "standard-level",
    "zj:OccupationalStandard": "standard-level",
    "zj:Occupation": "occupation",
    "zj:OccupationGroup": "occupation",
    "zj:Post": "occupation",
    "zj:TypicalWorkTask": "task",
    "zj:SkillCertificate": "certificate",
    "zj:CompetencyIndicator": "indicator",
    "zj:CompetencyDimension": "indicator",
    "zj:CoordinationCentre": "organisation",
    "org:Organization": "organisation",
}

COLUMN = {group: place for place, groups in enumerate(COLUMNS) for group in groups}
"""The column of each group, counted from the left."""


def group_of(kind: str, broader: Iterable[str] = ()) -> Group:
    """The group of a class, by its prefixed name, or that of a broader class where it has none of its own."""
    if kind in GROUP_OF:
        return GROUP_OF[kind]
    return next((GROUP_OF[name] for name in sorted(broader) if name in GROUP_OF), "other")


def column_of(kind: str) -> int:
    """The column in which a class stands, counted from the left."""
    return COLUMN[group_of(kind)]
