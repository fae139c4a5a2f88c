"""Dismissals of a scenario: which rooms are called when, all at once or by a release plan."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from controller.interface.files import BadFile, Finding, Problem, load, problems
from controller.interface.people import PeopleFile
from controller.interface.release import ReleaseFile, in_classes, present
from scenarios.schema import ALL_AT_ONCE, Dismissal, Scenario
from twin.site import Site

Calls = Mapping[str, Mapping[int, tuple[str, ...]]]
"""Plan (or `all_at_once`) -> ms after the bell -> spaces whose classes are called."""


def dismissals(
    scenario: Scenario, site: Site, beside: Path
) -> tuple[dict[str, dict[int, tuple[str, ...]]], list[Problem], list[Finding]]:
    """Calls by plan, the problems of the plans' own files, and what the scenario names wrongly.

    A plan is sought beside the scenario, then in the site's folder.
    """
    calls: dict[str, dict[int, tuple[str, ...]]] = {}
    wrong: list[Problem] = []
    findings: list[Finding] = []
    for number, item in enumerate(scenario.happens):
        if not isinstance(item, Dismissal) or item.plan in calls:
            continue
        if item.plan == ALL_AT_ONCE:
            calls[item.plan] = _at(site.people, scenario.period, None)
            continue
        places = (folder / item.plan for folder in (beside, site.folder))
        path = next((place for place in places if place.is_file()), None)
        if path is None:
            text = f"no such plan beside the scenario or in the site: {item.plan!r}"
            findings.append(Finding(("happens", number, "dismissal", "plan"), text))
            continue
        try:
            plan = load(path, ReleaseFile)
        except BadFile as bad:
            wrong += bad.problems
            continue
        wrong += problems(path, in_classes(plan, site.people))
        if plan.period != scenario.period:
            text = f"this plan is for period {plan.period!r}, the scenario for {scenario.period!r}"
            findings.append(Finding(("happens", number, "dismissal", "plan"), text))
        calls[item.plan] = _at(site.people, scenario.period, plan)
    return calls, wrong, findings


def _at(people: PeopleFile, period: str, plan: ReleaseFile | None) -> dict[int, tuple[str, ...]]:
    """The spaces that are called at each time; without a plan all classes at the bell."""
    classes = present(people, period)
    at = plan.released(people) if plan else dict.fromkeys((g.id for g in classes), 0.0)
    found: dict[int, dict[str, None]] = {}
    for group in classes:
        if group.id in at:
            found.setdefault(round(1_000 * at[group.id]), {})[group.place(period)] = None
    return {t: tuple(spaces) for t, spaces in sorted(found.items())}
