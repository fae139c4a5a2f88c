"""The safety case, bounded: every invariant holds, every premise is met, the page is up to date."""

from __future__ import annotations

import pytest

from controller.site import load
from tests.safety.catalogue import INVARIANTS, Tally
from tests.safety.page import BOUNDED, PAGE, page
from tests.safety.running import SITE, run_some
from tests.safety.timeline import ALARM_SHARE, LONGEST_MS, SHORTEST_MS, Timeline, draw

pytestmark = pytest.mark.xdist_group("safety")


@pytest.fixture(scope="module")
def timelines() -> list[Timeline]:
    site = load(SITE)
    return [draw(seed, site.points) for seed in range(BOUNDED)]


@pytest.fixture(scope="module")
def tally() -> Tally:
    return run_some(range(BOUNDED))


def test_there_are_enough_invariants_each_with_its_clause_and_form() -> None:
    assert len(INVARIANTS) >= 25
    assert len({i.id for i in INVARIANTS}) == len(INVARIANTS)
    assert all(i.say and i.clause and i.formal for i in INVARIANTS)


def test_every_timeline_has_its_time_its_faults_and_most_an_alarm(
    timelines: list[Timeline],
) -> None:
    for timeline in timelines:
        assert SHORTEST_MS <= timeline.ends_ms <= LONGEST_MS
        faults = [a for a in timeline.actions if a.verb == "fault"]
        assert len(faults) >= 3
        if timeline.alarm_ms is not None:
            assert any(a.t_ms >= timeline.alarm_ms for a in faults)
    share = sum(t.alarm_ms is not None for t in timelines) / len(timelines)
    assert abs(share - ALARM_SHARE) < 0.06


def test_a_seed_gives_the_same_timeline_every_time(timelines: list[Timeline]) -> None:
    points = load(SITE).points
    assert all(draw(t.seed, points) == t for t in timelines[:20])


@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda i: i.id)
def test_the_invariant_holds_and_its_premise_is_met(tally: Tally, invariant: object) -> None:
    name = invariant.id  # type: ignore[attr-defined]
    assert tally.breaches.get(name, []) == []
    assert tally.premises[name] > 0


def test_the_page_says_what_this_run_says(tally: Tally) -> None:
    assert PAGE.read_text() == page(tally), "python -m tests.safety --page"
