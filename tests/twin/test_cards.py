"""People and their cards: who comes in, who slips in, who shows up outside; wind and strangers."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.twin.campus import FLOOR, PEOPLE, POINTS, Drill
from twin.site import Site

READER = "points: {card: {topic: event/card, as: text}, passed: {topic: event/passed, as: text}}"
READERS = f"""
  - {{id: rd-in, kind: card-reader, at: yard, portal: x1, settings: {{alone: all}}, bus: mqtt,
     {READER}}}
  - {{id: rd-yard, kind: card-reader, at: yard, covers: [yard], settings: {{side: muster}},
     bus: mqtt, {READER}}}
"""


@pytest.fixture
def drill(tmp_path: Path) -> Drill:
    texts = {"floor": FLOOR, "points": POINTS + READERS, "people": PEOPLE, "matrix": "matrix: 1\n"}
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return Drill(Site.load(tmp_path))


def entered(drill: Drill) -> list[dict]:
    return drill.journal.of("person", what="entered")


def test_people_pass_one_after_the_other_when_the_door_opens_for_them(drill: Drill) -> None:
    drill.twin.stage.arrive(0, "c-near", "x1", 10_000, 0.0, False)
    drill.run(220_000)
    came = entered(drill)
    assert len(came) == 21
    assert all(one["reads"] for one in came)
    assert drill.twin.world.entered["x1"] == 21
    times = [one["t"] for one in came]
    assert min(b - a for a, b in pairwise(times)) >= 1500


def test_some_slip_in_behind_others_without_a_card(drill: Drill) -> None:
    drill.twin.stage.arrive(0, "c-*", "x1", 10_000, 0.4, False)
    drill.run(300_000)
    slipped = [one for one in entered(drill) if not one["reads"]]
    assert 5 < len(slipped) < 30
    read = drill.journal.of("sense", what="read")
    assert len(read) + len(slipped) == 42


def test_before_a_door_that_stays_shut_people_turn_away(drill: Drill) -> None:
    drill.twin.stage.portal(0, "x1", "locked")
    drill.twin.stage.arrive(0, "watch", "x1", 0, 0.0, False)
    drill.run(20_000)
    assert len(drill.journal.of("person", what="turned-away")) == 1
    assert entered(drill) == []


def test_who_came_earlier_is_handed_in_by_the_reader(drill: Drill) -> None:
    drill.twin.stage.arrive(0, "c-near", "*", 0, 0.0, True)
    drill.run(5_000)
    assert entered(drill) == []
    handed = drill.twin.bank.devices["rd-in"].wiring.values["passed"]
    assert str(handed).startswith("p-"), "the hash of a card, not a name"


def test_nobody_or_no_door_is_said_at_once(drill: Drill) -> None:
    with pytest.raises(ValueError, match="can come in"):
        drill.twin.stage.arrive(0, "c-none", "x1", 0, 0.0, False)
    with pytest.raises(ValueError, match="did you mean 'rd-in'"):
        drill.twin.stage.card(0, "rd-inn", "c-near.p01")


def test_after_an_alarm_people_show_their_cards_at_the_assembly_place_only(drill: Drill) -> None:
    drill.twin.stage.portal(0, "x1", "open")
    drill.alarm()
    drill.run(200_000)
    out = drill.out()
    assert len(out) > 30
    shown = [r for r in drill.journal.of("sense", what="read") if r["e"] == "rd-yard"]
    assert 0.85 * len(out) < len(shown) <= len(out)
    assert not [r for r in drill.journal.of("sense", what="read") if r["e"] == "rd-in"]


def test_strangers_and_animals_come_and_go_and_wind_blows_outside_only(drill: Drill) -> None:
    world, stage = drill.twin.world, drill.twin.stage
    stage.intruder(1_000, "hall", 5_000)
    stage.animal(1_000, "yard", 5_000)
    stage.wind(1_000, 12.0, 5_000)
    people, animals = world.probe("hall", "people"), world.probe("yard", "animals")
    before = people()
    drill.run(3_000)
    assert (people() - before, animals()) == (1, 1)
    assert world.probe("yard", "wind_m_s")() == 12.0
    assert world.probe("hall", "wind_m_s")() == 0.0
    drill.run(8_000)
    assert (people() - before, animals(), world.wind_m_s) == (0, 0, 0.0)
    said = [(r["e"], r["what"]) for r in drill.journal.of("hazard")]
    assert said == [
        ("hall", "intruder"), ("yard", "animal"), ("wind", "12 m/s"),
        ("hall", "no intruder"), ("yard", "no animal"), ("wind", "0 m/s"),
    ]  # fmt: skip
