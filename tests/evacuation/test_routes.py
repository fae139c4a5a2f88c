"""Ways change when doors close, smoke fills or signs point - for those who can know it."""

import pytest

from evacuation import Conditions, Cue, Floor, Person
from evacuation.engine.choice import preferred
from tests.evacuation.plans import Watch, alarm, door, evacuate, people, plan, room, stair, watch

STOREYS = ({"id": "f1", "z_m": 0.0}, {"id": "f2", "z_m": 3.6})


def hall(*exits: tuple[str, float, float]) -> Floor:
    """The 30 x 20 m room of RiMEA tests 9 and 11 with exits of 1 m."""
    doors = [door(name, "hall", "street", x, y) for name, x, y in exits]
    return plan(room("hall", 0, 0, 30, 20), *doors)


FOUR = (("s1", 5.0, 0.0), ("s2", 25.0, 0.0), ("n1", 5.0, 20.0), ("n2", 25.0, 20.0))


def test_half_the_exits_take_twice_the_time() -> None:
    crowd = people(1000, "hall")
    four, two = evacuate(hall(*FOUR), crowd), evacuate(hall(*FOUR[2:]), crowd)
    assert 1.8 <= two.last_s / four.last_s <= 2.2
    assert four.last_s == pytest.approx(250 / 0.91, rel=0.08)


def test_a_long_queue_sends_some_to_the_farther_exit() -> None:
    floor = hall(("near", 22.0, 0.0), ("far", 28.0, 0.0))
    outline = [(x * 0.39 + 0.2, y * 0.35 + 0.2) for x in range(32) for y in range(32)][:1000]
    crowd = [
        Person(f"p{k:04d}", "hall", "g", "adult", 1.2, 0.1, 0, xy=xy)
        for k, xy in enumerate(outline)
    ]
    run = evacuate(floor, crowd)
    only = watch(floor, crowd).go(3600, alarm(floor, closed=frozenset({"far"})))
    assert 0.2 <= run.used()["far"] / 1000 <= 0.5
    assert run.last_s <= 0.75 * only.last_s


def two_exits() -> Floor:
    """The 10 x 12 m room of NIST 4.1."""
    return plan(
        room("room", 0, 0, 10, 12),
        door("x1", "room", "street", 5, 0),
        door("x2", "room", "street", 5, 12),
    )


@pytest.mark.parametrize("closing_s", [1, 30])
def test_nobody_passes_a_door_after_it_closed_and_its_queue_turns_round(closing_s: int) -> None:
    floor = two_exits()
    run = watch(floor, people(80, "room")).go(closing_s, alarm(floor))
    waiting = run.crowd.queue("x1")
    run.go(600, alarm(floor, closed=frozenset({"x1"})))
    assert run.crowd.inside == 0
    assert all(t <= closing_s for p, t in run.out_s.items() if run.by[p] == "x1")
    turned = {person for person, portal, _ in run.moves.turned if portal == "x1"}
    assert len(turned) >= max(waiting, 1)


def test_people_wait_behind_a_locked_door_and_go_on_when_it_is_released() -> None:
    floor = two_exits()
    both = frozenset({"x1", "x2"})
    run = watch(floor, people(20, "room")).go(60, alarm(floor, closed=both))
    assert run.crowd.settled
    assert {one.reason for one in run.crowd.stranded()} == {"waiting behind closed portal x1, x2"}
    run.go(120, alarm(floor, closed=frozenset({"x1"})))
    assert set(run.by.values()) == {"x2"}
    assert run.crowd.inside == 0


def block() -> Floor:
    """Two storeys: stair a is near the class and its exit is below; stair b is far."""
    return plan(
        room("class", 0, 0, 9, 7, storey="f2"),
        room("up-a", 0, 7, 12, 3, kind="corridor", storey="f2"),
        room("up-b", 12, 7, 12, 3, kind="corridor", storey="f2"),
        stair("st-a", 8.0, 2.0, "f1"),
        stair("st-b", 8.0, 2.0, "f1"),
        room("low-a", 0, 7, 12, 3, kind="corridor", storey="f1"),
        room("low-b", 12, 7, 12, 3, kind="corridor", storey="f1"),
        door("d", "class", "up-a", 4, 7),
        door("m2", "up-a", "up-b", 12, 8.5, 3.0, kind="opening"),
        door("ta", "up-a", "st-a", 0, 8.5, 2.0),
        door("tb", "up-b", "st-b", 24, 8.5, 2.0),
        door("ba", "st-a", "low-a", 0, 8.5, 2.0),
        door("bb", "st-b", "low-b", 24, 8.5, 2.0),
        door("m1", "low-a", "low-b", 12, 8.5, 3.0, kind="opening"),
        door("xa", "low-a", "street", 0, 10, 2.0),
        door("xb", "low-b", "street", 24, 10, 2.0),
        storeys=STOREYS,
    )


def visited(run: Watch, space: str) -> set[str]:
    return {person for person, where, *_ in run.moves.segments if where == space}


def test_those_upstairs_do_not_avoid_a_lock_they_neither_saw_nor_heard_of() -> None:
    floor = block()
    locked = alarm(floor, closed=frozenset({"xa"}))
    run = watch(floor, people(20, "class")).go(300, locked)
    assert len(visited(run, "st-a")) == 20
    assert set(run.by.values()) == {"xb"}


def test_those_who_hear_of_a_lock_take_the_other_stair_at_once() -> None:
    floor = block()
    voice = Cue(("class",), "pa", "voice", "pa#1", closed=("xa",))
    run = watch(floor, people(20, "class"))
    run.go(300, Conditions(closed=frozenset({"xa"}), cues=(voice,)))
    assert not visited(run, "st-a")
    assert set(run.by.values()) == {"xb"}
    assert not run.moves.turned


def test_who_saw_a_lock_open_again_uses_it() -> None:
    floor = two_exits()
    near = people(1, "room", xy=(5.0, 1.0), pre_movement_ms=10_000)
    run = watch(floor, near).go(5, alarm(floor, closed=frozenset({"x1"})))
    run.go(60, alarm(floor))
    assert run.by == {"p0000": "x1"}


def test_a_sign_turns_those_who_see_it_and_nobody_else() -> None:
    floor = block()
    below = people(5, "low-a", "below", xy=(2.0, 8.0))
    run = watch(floor, people(20, "class", "above") + below)
    run.go(300, alarm(floor, toward={"up-a": ("m2",)}))
    assert not visited(run, "st-a")
    assert all(run.by[p] == ("xa" if p.startswith("below") else "xb") for p in run.by)


def test_a_sign_may_point_to_a_portal_beyond_the_next_space() -> None:
    floor = block()
    run = watch(floor, people(5, "class")).go(300, alarm(floor, toward={"class": ("tb",)}))
    assert run.crowd.inside == 0


def test_a_no_entry_sign_bars_a_portal() -> None:
    floor = block()
    run = watch(floor, people(20, "class")).go(300, alarm(floor, barred={"up-a": ("ta",)}))
    assert not visited(run, "st-a")
    assert run.crowd.inside == 0


def test_dense_smoke_behind_a_door_is_avoided_where_another_way_is_known() -> None:
    floor = block()
    run = watch(floor, people(20, "class"))
    run.go(300, alarm(floor, extinction_per_m={"st-a": 2.0}))
    assert not visited(run, "st-a")
    assert run.crowd.inside == 0


def test_dense_smoke_is_crossed_when_there_is_no_other_way() -> None:
    floor = block()
    run = watch(floor, people(20, "class"))
    run.go(300, alarm(floor, extinction_per_m={"st-a": 2.0}, closed=frozenset({"tb"})))
    assert run.crowd.inside == 0
    assert len(visited(run, "st-a")) == 20


def test_only_familiar_exits_are_used_until_all_of_them_are_known_to_be_closed() -> None:
    floor = two_exits()
    crowd = people(10, "room", xy=(5.0, 1.0), knows=("x2",))
    assert evacuate(floor, crowd).used() == {"x2": 10}
    run = watch(floor, crowd).go(120, alarm(floor, closed=frozenset({"x2"})))
    assert run.used() == {"x1": 10}


def test_a_sign_makes_an_unfamiliar_exit_known() -> None:
    floor = two_exits()
    crowd = people(10, "room", xy=(5.0, 6.0), knows=("x2",))
    assert watch(floor, crowd).go(120, alarm(floor, toward={"room": ("x1",)})).used() == {"x1": 10}


@pytest.mark.parametrize(("other_m", "switches"), [(9.5, False), (8.0, True)])
def test_a_way_must_be_a_tenth_better_before_somebody_changes(
    other_m: float, switches: bool
) -> None:
    floor = plan(
        room("room", 0, 0, 40, 2),
        door("a", "room", "street", 10, 1),
        door("b", "room", "street", 20 + other_m, 1),
    )
    crowd = watch(floor, people(1, "room", xy=(20.0, 1.0))).crowd
    crowd._crowd.who[0]["target"] = 0
    chosen = preferred(crowd._hubs()[0], 0)
    assert (chosen != 0) == switches


def test_nobody_walks_to_and_fro() -> None:
    floor = block()
    run = evacuate(floor, people(150, "class"))
    turns: dict[str, int] = {}
    for person, _, _ in run.moves.turned:
        turns[person] = turns.get(person, 0) + 1
    assert max(turns.values(), default=0) <= 2
    assert run.crowd.inside == 0
