"""Many people: their memory, parts that do not touch, a log that fills up, same bytes."""

from dataclasses import replace

import pytest

from evacuation import Conditions, Crowd, Cue
from evacuation import crowd as crowds
from evacuation.campus import BUILDING, campus
from evacuation.moves import Moves
from tests.evacuation.plans import alarm, door, people, plan, room


def run(floor, who, seed=1, slice_ms=1000, limit_ms=1_200_000) -> Moves:
    crowd, moves = Crowd(floor, who, seed), Moves()
    now = alarm(floor)
    while crowd.inside and crowd.now_ms < limit_ms:
        new = crowd.advance(slice_ms, now)
        for name in ("notices", "segments", "outs", "turned", "switched"):
            getattr(moves, name).extend(getattr(new, name))
    assert crowd.inside == 0
    return moves


def test_the_campus_has_so_many_people_and_all_get_out():
    floor, who = campus(1500, 3)
    assert len(who) == 1500
    assert floor.unreachable() == []
    moves = run(floor, who)
    assert len(moves.outs) == 1500


def test_a_person_takes_no_more_than_200_bytes():
    floor, who = campus(2000, 1)
    assert Crowd(floor, who, 1).bytes_per_person <= 200.0


def test_same_seed_same_moves_and_another_seed_others():
    floor, who = campus(700, 1)
    assert run(floor, who) == run(floor, who)
    assert run(floor, who).outs != run(floor, who, seed=2).outs


def test_a_building_takes_as_long_alone_as_beside_another():
    both, who = campus(2 * BUILDING, 1)
    one = [p for p in who if p.space.startswith("b0.")]
    alone = {p: t for p, _, t in run(both, one).outs}
    beside = {p: t for p, _, t in run(both, who).outs if p in alone}
    assert alone == beside


@pytest.mark.parametrize("rows", [200, 400])
def test_a_log_that_fills_up_changes_nothing(monkeypatch, rows):
    floor, who = campus(600, 1)
    whole = run(floor, who)
    monkeypatch.setattr(crowds, "LOG_ROWS", rows)
    monkeypatch.setattr(crowds, "ROWS_SPARE", 80)
    assert run(floor, who) == whole


def test_steps_of_the_engine_do_not_depend_on_how_calls_are_cut():
    floor, who = campus(600, 1)
    assert sorted(run(floor, who, slice_ms=1000).outs) == sorted(run(floor, who, slice_ms=200).outs)


def test_a_leader_orders_a_whole_hall_at_once_without_losing_an_event():
    floor = plan(room("hall", 0, 0, 80, 60), door("x", "hall", "street", 80, 30, 8.0))
    who = people(5000, "hall")
    lead = [replace(p, leads=True) for p in people(1, "hall", "lead")]
    crowd = Crowd(floor, who + lead, 1)
    cue = Cue(("hall",), "bell", "sounder", "c")
    moves = crowd.advance(100, Conditions(cues=(cue,)))
    assert len(moves.notices) == 5001
