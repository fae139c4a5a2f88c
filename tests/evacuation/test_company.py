"""Groups that stay together: one pace, and those ahead wait, but not for ever."""

from dataclasses import replace

import pytest

from evacuation import BOUNDING, Conditions, Floor, Person
from evacuation.company import PATIENCE_MS
from tests.evacuation.plans import Watch, alarm, door, evacuate, people, plan, room, watch


def hall(length: float = 40.0) -> Floor:
    return plan(room("hall", 0, 0, length, 10), door("x", "hall", "street", length, 5, 2.0))


def family(*places: float, **more: float) -> list[Person]:
    return [
        p
        for k, x in enumerate(places)
        for p in people(1, "hall", f"f{k}-", group="f", together=True, xy=(x, 5.0), **more)
    ]


def spread(run: Watch) -> float:
    times = run.out_s.values()
    return max(times) - min(times)


def test_a_group_walks_at_the_pace_of_its_slowest() -> None:
    slow = replace(family(0.0)[0], id="slow", speed_m_s=0.5)
    run = evacuate(hall(), [*family(0.0, 0.0, 0.0), slow])
    assert run.last_s == pytest.approx(80.0, abs=3.0)
    assert spread(run) < 3.0


def test_those_ahead_wait_for_who_is_far_behind_and_their_wait_is_a_state_of_its_own() -> None:
    run = evacuate(hall(), family(30.0, 30.0, 0.0))
    assert spread(run) <= 5.0
    waits = [end - begin for _, _, state, begin, end in run.moves.segments if state == "wait"]
    assert len(waits) >= 2
    assert max(waits) == pytest.approx(1000 * (30.0 - 2.5) / 1.2, abs=2500)
    free = evacuate(hall(), [replace(p, together=False) for p in family(30.0, 30.0, 0.0)])
    assert spread(free) > 20.0


def test_a_group_does_not_wait_for_ever_for_who_can_not_come() -> None:
    floor = plan(
        room("cell", 0, 0, 5, 10),
        room("hall", 5, 0, 35, 10),
        door("d", "cell", "hall", 5, 5),
        door("x", "hall", "street", 40, 5, 2.0),
    )
    caught = replace(family(0.0)[0], id="caught", space="cell", xy=(1.0, 5.0))
    run = watch(floor, [*family(10.0, 10.0), caught])
    run.go(400, alarm(floor, closed=frozenset({"d"})))
    assert run.crowd.inside == 1
    assert max(run.out_s.values()) < 40.0, "who waits at a closed door is not on his way"


def test_patience_ends() -> None:
    creeper = replace(family(0.0)[0], id="creeper", speed_m_s=1.2, pre_movement_ms=0)
    floor = hall(400.0)
    run = watch(floor, [*family(390.0), replace(creeper, xy=(0.0, 5.0))])
    run.go(500, alarm(floor))
    first = min(run.out_s.values())
    assert first == pytest.approx(PATIENCE_MS / 1000 + 10.0 / 1.2, abs=4.0)


def test_a_group_takes_one_exit_even_where_two_are_equal() -> None:
    floor = plan(
        room("hall", 0, 0, 20, 10),
        door("x1", "hall", "street", 0, 5),
        door("x2", "hall", "street", 20, 5),
    )
    for seed in range(5):
        own = [replace(p, xy=(10.0, 5.0)) for p in family(0, 0, 0, 0, 0)]
        run = watch(floor, own, seed).go(60, alarm(floor))
        assert len(run.used()) == 1


def test_a_class_with_its_teacher_is_as_before() -> None:
    floor = hall()
    pupils = people(20, "hall", "p", group="c", xy=(1.0, 5.0))
    teacher = replace(pupils[0], id="t1", leads=True, role="teacher")
    run = evacuate(floor, [*pupils, teacher])
    assert run.out_s["t1"] == max(run.out_s.values())
    assert not [s for s in run.moves.segments if s[2] == "wait"]


def test_nothing_happens_before_the_alarm() -> None:
    run = watch(hall(), family(0.0, 30.0)).go(30, Conditions())
    assert run.crowd.states()["unaware"] == 2


@pytest.mark.parametrize("social", [0.0, 1.0, 8.0])
def test_where_others_go_attracts_if_it_is_switched_on(social: float) -> None:
    floor = plan(
        room("hall", 0, 0, 20, 10),
        door("x1", "hall", "street", 0, 5),
        door("x2", "hall", "street", 20, 5),
    )
    taken = 0
    for seed in range(60):
        free = people(1, "hall", "free", xy=(10.0, 5.0), pre_movement_ms=2000)
        bound = people(1, "hall", "bound", xy=(10.0, 5.0), knows=("x2",))
        laws = replace(BOUNDING, social=social)
        run = watch(floor, free + bound, seed, laws).go(60, alarm(floor))
        taken += run.by["free0000"] == "x2"
    assert taken / 60 == pytest.approx((1.0 + social) / (2.0 + social), abs=0.12)


def test_others_do_not_attract_through_walls() -> None:
    floor = plan(
        room("left", 0, 0, 20, 10),
        room("right", 0, 10, 20, 10),
        *(door(f"x{k}", "left", "street", 20.0 * k, 5) for k in (0, 1)),
        *(door(f"y{k}", "right", "street", 20.0 * k, 15) for k in (0, 1)),
    )
    crowd = people(2, "left", "a", xy=(10.0, 5.0), pre_movement_ms=2000)
    herd = people(30, "right", "b", xy=(10.0, 15.0), knows=("y1",))
    alone = evacuate(floor, crowd).by
    beside = evacuate(floor, crowd + herd).by
    assert {p: x for p, x in beside.items() if p[0] == "a"} == alone
