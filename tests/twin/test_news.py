"""The school with one exit that stays bolted: between knowing it at once and finding it out."""

from pathlib import Path

import pytest

import scenarios
from evacuation import Conditions, Crowd, Cue, Person
from twin.people import roll_call
from twin.site import Site

SITE = Path(scenarios.__file__).parent / "sites" / "primary-school"
EXIT = "a.x-a"
LEARNING_S = 3 * 15.0 / 0.5
"""Three stairs with their landings, 15 m each, at the speed of word."""


@pytest.fixture(scope="module")
def school() -> tuple[Site, tuple[Person, ...]]:
    site = Site.load(SITE)
    return site, roll_call(site.people, "lesson", 1).people


def leave(
    school: tuple[Site, tuple[Person, ...]], closed: frozenset[str], told: tuple[str, ...] = ()
) -> Crowd:
    """Everybody hears the alarm; signs show the way to stair A, as if nothing were wrong."""
    site, people = school
    signs = {f"a.f{k}.c1": (f"a.f{k}.fd-a",) for k in range(1, 5)}
    cue = Cue(tuple(site.floor.spaces), "bell", "sounder", "", told)
    crowd = Crowd(site.floor, people, 1)
    conditions = Conditions(closed=closed, toward={} if told else signs, cues=(cue,))
    while crowd.inside and not crowd.settled and crowd.now_ms < 1_800_000:
        crowd.advance(250, conditions)
    return crowd


def test_a_bolted_exit_costs_no_more_than_the_learning(
    school: tuple[Site, tuple[Person, ...]],
) -> None:
    free = leave(school, frozenset())
    stuck = leave(school, frozenset({EXIT}))
    known = leave(school, frozenset({EXIT}), (EXIT,))
    assert free.inside == stuck.inside == known.inside == 0
    assert stuck.now_ms <= known.now_ms + 1000 * LEARNING_S
    assert stuck.now_ms >= 0.95 * free.now_ms, "signs gather people, so a bolt may spread them"


def test_a_school_without_any_open_exit_is_over_and_says_why(
    school: tuple[Site, tuple[Person, ...]],
) -> None:
    site, people = school
    crowd = leave(school, frozenset(site.floor.exits))
    assert crowd.settled
    stranded = crowd.stranded()
    assert len(stranded) == crowd.inside == len(people)
    assert all("closed" in one.reason for one in stranded)
