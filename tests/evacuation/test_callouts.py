"""People who are sent somewhere during a run: they walk there, stand, and are delayed as others."""

from evacuation import Conditions, Floor
from evacuation.conditions import Handling
from tests.evacuation.plans import Watch, alarm, door, people, plan, room, watch

CALM = Conditions()


def floor() -> Floor:
    """Two rooms on a corridor with an exit at each end."""
    return plan(
        room("a", 0, 3, 6, 6),
        room("b", 24, 3, 6, 6),
        room("corridor", 0, 0, 30, 3, kind="corridor", width_m=3.0),
        door("da", "a", "corridor", 3, 3),
        door("db", "b", "corridor", 27, 3),
        door("x1", "corridor", "street", 0, 1.5, 1.5),
        door("x2", "corridor", "street", 30, 1.5, 1.5),
    )


def did(run: Watch) -> list[tuple[str, str, str]]:
    return [(who, what, space) for who, what, space, _ in run.moves.duties]


def test_who_is_sent_without_an_alarm_walks_there_and_stays() -> None:
    run = watch(floor(), people(1, "a", "g"))
    run.crowd.send("g0000", "b")
    run.go(60, CALM)
    assert did(run) == [("g0000", "arrived", "b")]
    at_ms = run.moves.duties[0][3]
    assert 24_000 / 1.4 < at_ms < 34_000, "24 m along the corridor and a way in both rooms"
    assert run.crowd.counts() == {"b": 1}
    assert run.crowd.settled


def test_nobody_else_goes_with_him() -> None:
    run = watch(floor(), [*people(1, "a", "g"), *people(5, "a")])
    run.crowd.send("g0000", "b")
    run.go(60, CALM)
    assert run.crowd.counts() == {"a": 5, "b": 1}


def test_he_comes_back_when_sent_again_and_leaves_when_sent_out() -> None:
    run = watch(floor(), people(1, "a", "g"))
    for place in ("b", "a", ""):
        run.crowd.send("g0000", place)
        run.go(60, CALM)
    assert [space for _, _, space in did(run)] == ["b", "a"]
    assert run.crowd.inside == 0


def test_a_locked_door_stops_him_and_he_looks_again() -> None:
    run = watch(floor(), people(1, "a", "g"))
    run.crowd.send("g0000", "b")
    shut = Conditions(closed=frozenset({"db"}))
    run.go(60, shut)
    assert did(run) == [("g0000", "found no way", "corridor")]
    run.go(30, CALM)
    assert did(run)[1:] == [("g0000", "arrived", "b")]


def test_a_crowd_before_the_door_delays_him() -> None:
    def arrival_ms(others: int) -> int:
        run = watch(floor(), [*people(1, "a", "g", pre_movement_ms=60_000), *people(others, "a")])
        run.go(8, alarm(floor()))
        run.crowd.send("g0000", "b")
        run.go(150, alarm(floor()))
        return run.moves.duties[0][3]

    assert arrival_ms(60) > arrival_ms(0) + 10_000


def test_who_reaches_a_safe_place_is_out_of_this_crowd() -> None:
    run = watch(floor(), people(1, "a", "g"))
    run.crowd.send("g0000", "street")
    run.go(60, CALM)
    assert run.crowd.inside == 0
    run.crowd.send("g0000", "b")
    run.go(10, CALM)
    assert run.crowd.counts() == {}


def test_where_others_are_asked_to_wait_he_gets_past_them() -> None:
    handling = Handling(metered={"da": 0.1})
    crowd = [*people(1, "a", "g", pre_movement_ms=60_000), *people(30, "a")]
    run = watch(floor(), crowd).go(15, alarm(floor(), handling=handling))
    run.crowd.send("g0000", "b")
    run.go(75, alarm(floor(), handling=handling))
    assert did(run) == [("g0000", "arrived", "b")]
    assert run.crowd.counts()["a"] >= 20, "the others still wait"
