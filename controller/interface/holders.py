"""Who holds a card: every member of every group of people.yaml, as the twin and the school count.

Members are `GROUP.p01` on, leaders `GROUP.t1` on; nobody is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from controller.interface.people import PeopleFile

ROLES = {"class": "pupil", "staff": "staff", "visitors": "visitor"}
"""What members of a kind of group are where the group says nothing else."""


@dataclass(frozen=True, slots=True)
class Holder:
    """One person: `id` is his place in his group, `grade` 0 where the group has none."""

    id: str
    group: str
    kind: str
    grade: int
    role: str


def holders(people: PeopleFile) -> Iterator[Holder]:
    """Everybody of the groups, in the file's order."""
    for group in people.groups:
        grade = group.grade or 0
        role = group.role or ROLES[group.kind]
        for number in range(1, group.count + 1):
            yield Holder(f"{group.id}.p{number:02}", group.id, group.kind, grade, role)
        for number in range(1, (group.leader.count if group.leader else 0) + 1):
            led = group.leader.role if group.leader else role
            yield Holder(f"{group.id}.t{number}", group.id, "staff", grade, led)
