"""All cases, by group, in the order of the report."""

from evacuation.verification import (
    counterflow,
    diagram,
    exits,
    flow,
    movement,
    persons,
    routes,
    smoke,
    stairs,
    start,
)
from evacuation.verification.case import Case, Result

CASES: tuple[Case, ...] = (
    *movement.CASES, *stairs.CASES, *start.CASES, *persons.CASES, *flow.CASES, *diagram.CASES,
    *exits.CASES, *routes.CASES, *counterflow.CASES, *smoke.CASES,
)  # fmt: skip
GROUPS: tuple[str, ...] = tuple(dict.fromkeys(one.group for one in CASES))


def run(group: str = "") -> list[Result]:
    """Run the cases of one group, all for an empty name, in the order of the report."""
    chosen = [one for name in GROUPS for one in CASES if one.group == name]
    return [one.run() for one in chosen if group in ("", one.group)]
