"""Wheelchair users: lifts, refuges, helpers; and lifts out of service."""

from dataclasses import replace
from math import sqrt

import pytest

from evacuation import Floor, FloorError, Person
from evacuation.lift import Lift
from evacuation.tasks import Help
from tests.evacuation.plans import Row, Watch, alarm, door, people, plan, room, stair, watch

STOREYS = ({"id": "f0", "z_m": 0.0}, {"id": "f1", "z_m": 3.6})
PLAN = Help(("h0000", "h0001"), 1.0, 0.6, meet="lobby", prepare_ms=20_000)


def house(*more: Row, refuge: bool = True) -> Floor:
    """An office above, a lobby with the stair down to a hall with the exit."""
    return plan(
        room("office", 0, 0, 10, 5, storey="f1"),
        room("lobby", 10, 0, 4, 5, storey="f1", kind="landing", refuge=refuge),
        stair("s", 7.0, 1.4, "f0"),
        room("hall", 14, 0, 10, 5, storey="f0"),
        door("d", "office", "lobby", 10, 2.5),
        door("t", "lobby", "s", 14, 2.5, 1.2),
        door("b", "s", "hall", 14, 2.5, 1.2),
        door("x", "hall", "street", 24, 2.5, 1.5),
        *more,
        storeys=STOREYS,
    )


def lift(**service: object) -> tuple[Row, ...]:
    given = {"evacuation_lift": {"capacity": 2, **service}} if service else {}
    return (
        room("lift", 10, 5, 2, 2, kind="lift", storey="f1", **given),
        door("la", "lobby", "lift", 11, 5),
        door("lb", "lift", "hall", 14, 5),
    )


def chair(**more: object) -> Person:
    return people(1, "office", "w", xy=(1.0, 2.5), speed_m_s=0.7, wheels_m=0.8, **more)[0]


def run_of(floor: Floor, crowd: list[Person], seconds: float = 600) -> Watch:
    run = watch(floor, crowd)
    while run.crowd.now_ms < 1000 * seconds and run.crowd.inside:
        run.go(1, alarm(floor))
        if run.crowd.settled:
            break
    return run


def spaces(run: Watch, person: str) -> list[str]:
    found = [s[1] for s in sorted(run.moves.segments, key=lambda s: s[3]) if s[0] == person]
    return list(dict.fromkeys(found))


def test_a_wheelchair_user_waits_in_the_refuge_and_is_not_stranded() -> None:
    run = run_of(house(), [chair(), *people(5, "office")])
    assert run.crowd.sheltered() == [("w0000", "lobby")]
    assert run.crowd.stranded() == []
    assert run.crowd.states()["refuge"] == 1
    assert len(run.moves.outs) == 5


def test_without_a_refuge_he_is_stranded_and_told_why() -> None:
    run = run_of(house(refuge=False), [chair()])
    reasons = [one.reason for one in run.crowd.stranded()]
    assert reasons == ["no way out without stairs and 0.8 m wide, and nobody came to help"]


def test_a_door_narrower_than_the_chair_is_no_way() -> None:
    floor = house(door("y", "office", "street", 0, 2.5, 0.75))
    assert run_of(floor, [chair()]).crowd.sheltered() == [("w0000", "lobby")]
    wide = house(door("y", "office", "street", 0, 2.5, 0.85))
    assert run_of(wide, [chair()]).by == {"w0000": "y"}


def test_helpers_come_and_the_party_goes_down_together_at_its_own_pace() -> None:
    crowd = [replace(chair(), help=PLAN), *people(2, "hall", "h", pre_movement_ms=10_000)]
    run = run_of(house(), crowd)
    duties = [(person, what) for person, what, _, _ in run.moves.duties]
    assert ("w0000", "joined") in duties
    assert ("w0000", "is brought out") in duties
    went = {person: t for person, what, _, t in run.moves.duties if what == "is brought out"}
    out = run.out_s
    assert max(out.values()) - min(out.values()) < 4.0
    stairs = {s[0]: s[4] - s[3] for s in run.moves.segments if s[1] == "s" and s[3] > went["w0000"]}
    assert stairs["w0000"] >= 1000 * 7.0 / 0.6 - 100
    assert set(spaces(run, "h0000")) == {"hall", "s", "lobby"}


def test_helpers_who_wait_in_vain_leave() -> None:
    plan_ = replace(PLAN, patience_ms=30_000)
    asleep = replace(chair(), help=plan_, pre_movement_ms=10**7)
    run = run_of(house(), [asleep, *people(2, "hall", "h")], 300)
    assert {p for p, what, *_ in run.moves.duties if what == "gave up waiting"} >= {"h0000"}
    assert set(run.by) == {"h0000", "h0001"}


def test_a_lift_is_out_of_service_unless_the_plan_says_so() -> None:
    run = run_of(house(*lift()), [chair(), *people(3, "office")])
    assert run.crowd.sheltered()
    assert "lift" not in {s[1] for s in run.moves.segments}


def test_only_those_who_need_it_ride_an_assisted_lift() -> None:
    run = run_of(house(*lift(use="assisted")), [chair(), *people(5, "office")])
    assert run.crowd.inside == 0
    assert {s[0] for s in run.moves.segments if s[1] == "lift"} == {"w0000"}


def test_a_car_never_holds_more_than_it_may() -> None:
    chairs = [replace(chair(), id=f"w{k}", xy=None) for k in range(5)]
    floor = house(*lift(use="assisted"))
    run = watch(floor, chairs)
    most = 0
    while run.crowd.inside and run.crowd.now_ms < 900_000:
        run.go(0.25, alarm(floor))
        most = max(most, run.crowd.counts().get("lift", 0))
    assert run.crowd.inside == 0
    assert most == 2


def test_a_car_whose_doors_are_closed_stands_still_and_goes_on_where_it_was() -> None:
    free = run_of(house(*lift(use="assisted")), [chair()]).out_s["w0000"]
    floor = house(*lift(use="assisted"))
    run = watch(floor, [chair()])
    boarded = 0.0
    while run.crowd.inside and run.crowd.now_ms < 300_000:
        now = run.crowd.now_ms / 1000
        boarded = boarded or (now if run.crowd.counts().get("lift") else 0.0)
        shut = frozenset({"la", "lb"}) if boarded and now < boarded + 100 else frozenset()
        run.go(0.25, replace(alarm(floor), closed=shut))
    assert run.out_s["w0000"] == pytest.approx(free + 100, abs=0.5)


@pytest.mark.parametrize("rise", [0.5, 3.6, 30.0])
def test_a_ride_takes_what_kinematics_say(rise: float) -> None:
    car = Lift(8, speed_m_s=1.5, acceleration_m_s2=0.9)
    by_hand = rise / 1.5 + 1.5 / 0.9 if rise >= 1.5**2 / 0.9 else 2 * sqrt(rise / 0.9)
    assert car.ride_ms(-rise) == pytest.approx(1000 * by_hand)


def test_a_lift_that_can_not_be_is_refused_by_name() -> None:
    with pytest.raises(FloorError, match=r"no use of a lift in an evacuation: evrybody"):
        house(*lift(use="evrybody"))
    with pytest.raises(FloorError, match=r"speed_m_s: nan is no "):
        house(*lift(use="assisted", speed_m_s=float("nan")))
    with pytest.raises(FloorError, match="a room is no lift"):
        house(room("closet", 0, 5, 2, 2, evacuation_lift={"capacity": 2}))


def test_helpers_and_places_are_checked_by_name() -> None:
    bad = replace(chair(), help=replace(PLAN, by=("h000",), meet="loby"))
    with pytest.raises(ValueError, match=r"helped by h000.*nearest: h0000.*loby.*nearest: lobby"):
        watch(house(), [bad, *people(1, "hall", "h")])
