"""A crowd books its own doses: who stays in bad air falls when the hand says, and not before."""

from dataclasses import replace

import pytest

from evacuation import BOUNDING, Conditions, Crowd, Person
from evacuation.smoke.air import Air, stack
from evacuation.smoke.dose import dose_law
from evacuation.verification.drill import alarm, people
from evacuation.verification.geometry import corridor, door, plan, room

BAD = Air(co_ppm=5000.0, co2_percent=2.0, o2_percent=18.0)
STAYS = 10**9


def fall_s(air: Air, dose: float = 1.0, law: str = "purser") -> float:
    return 60.0 * float(dose_law(law).minutes(stack([air]), dose)[0])


def rooms():
    """Two rooms side by side and the street behind the second; 1 m doors."""
    return plan(
        room("a", 0, 0, 6, 6), room("b", 6, 0, 6, 6),
        door("ab", "a", "b", 6, 3), door("x", "b", "street", 12, 3),
    )  # fmt: skip


def stay(air: dict[str, Air], persons: list[Person], until_s: float, slice_ms: int = 250, **laws):
    crowd = Crowd(rooms(), persons, 1, replace(BOUNDING, **laws))
    conditions, fallen = Conditions(air=air), []
    while crowd.now_ms < 1000 * until_s:
        fallen += crowd.advance(slice_ms, conditions).incapacitated
    return crowd, fallen


@pytest.mark.parametrize("slice_ms", [50, 250, 1000, 7000])
def test_the_fall_comes_at_the_same_millisecond_whatever_the_slice(slice_ms):
    _, fallen = stay({"a": BAD}, people(1, "a", pre_movement_ms=STAYS), 300, slice_ms)
    assert [f.t_ms for f in fallen] == [round(1000 * fall_s(BAD))]
    assert fallen[0].cause == "carbon monoxide"
    assert fallen[0].dose == pytest.approx(1.0, abs=1e-4)


def test_the_sensitive_fall_at_their_own_limit_and_their_neighbours_stand():
    group = [
        replace(one, dose_limit=limit, pre_movement_ms=STAYS)
        for one, limit in zip(people(3, "a"), (1.0, 0.3, 0.1), strict=True)
    ]
    crowd, fallen = stay({"a": BAD}, group, 100)
    assert [f.person for f in fallen] == ["p0002", "p0001"]
    for one, limit in zip(fallen, (0.1, 0.3), strict=True):
        assert one.t_ms == pytest.approx(1000 * fall_s(BAD, limit), abs=1)
    assert crowd.dose("p0000").gases == pytest.approx(100 / fall_s(BAD), rel=1e-6)


def test_gases_and_heat_are_two_doses_and_the_cause_is_the_greater_part():
    warm = Air(co_ppm=3000.0, temperature_c=95.0)
    crowd, fallen = stay({"a": warm}, people(1, "a", pre_movement_ms=STAYS), 1000)
    assert fallen[0].cause == "carbon monoxide"
    assert fallen[0].t_ms == pytest.approx(1000 * fall_s(warm), abs=1)
    dose = crowd.dose("p0000")
    assert 0.1 < dose.heat < 1 <= dose.gases + 1e-6
    _, burnt = stay({"a": Air(temperature_c=250.0)}, people(1, "a", pre_movement_ms=STAYS), 100)
    assert burnt[0].cause == "hot air"


def test_strong_irritants_stop_people_at_once_under_iso_13571():
    acid = Air(hcl_ppm=1500.0)
    _, fallen = stay({"a": acid}, people(1, "a", pre_movement_ms=STAYS), 1, dose="iso-13571")
    assert [(f.t_ms, f.cause, f.dose) for f in fallen] == [(0, "irritants", 1.5)]
    assert not stay({"a": acid}, people(1, "a", pre_movement_ms=STAYS), 1)[1]


def test_a_walker_takes_in_what_each_space_gave_him_for_as_long_as_he_was_there():
    floor = rooms()
    crowd = Crowd(floor, people(1, "a", xy=(0.0, 3.0), speed_m_s=1.0), 1)
    air = {"a": BAD, "b": Air(co_ppm=20_000.0)}
    segments = []
    while crowd.inside:
        moves = crowd.advance(250, replace(alarm(floor), air=air))
        segments += moves.segments
    spent = {name: sum(s[4] - s[3] for s in segments if s[1] == name) / 1000 for name in "ab"}
    assert spent["a"] == pytest.approx(6.0, abs=0.1)
    by_hand = spent["a"] / fall_s(BAD) + spent["b"] / fall_s(air["b"])
    assert crowd.dose("p0000").gases == pytest.approx(by_hand, rel=1e-6)


def test_who_falls_on_his_way_lies_where_he_was_and_is_counted():
    floor = rooms()
    deadly = Air(temperature_c=500.0)
    assert fall_s(deadly) < 5
    crowd = Crowd(floor, people(1, "a", xy=(0.0, 3.0), speed_m_s=1.0), 1)
    fallen = []
    for _ in range(40):
        fallen += crowd.advance(1000, replace(alarm(floor), air={"b": deadly})).incapacitated
    begin = 6000
    assert [(f.space, f.cause) for f in fallen] == [("b", "hot air")]
    assert fallen[0].t_ms - begin == pytest.approx(1000 * fall_s(deadly), abs=101)
    assert (crowd.inside, crowd.counts()) == (1, {"b": 1})
    assert crowd.stranded()[0].reason == "incapacitated by hot air, dose 1.00"


def test_air_that_changes_is_added_up_piece_by_piece_and_clean_air_adds_nothing():
    crowd = Crowd(rooms(), people(1, "a", pre_movement_ms=STAYS), 1)
    for _ in range(2):
        crowd.advance(50_000, Conditions(air={"a": BAD}))
        crowd.advance(500_000, Conditions())
    assert crowd.dose("p0000").gases == pytest.approx(100 / fall_s(BAD), rel=1e-6)
    assert crowd.dose("p0000").cause == "carbon monoxide"


def test_the_same_people_walk_the_same_way_through_air_that_harms_nobody():
    floor = plan(corridor("c", 0, 0, 30, 2), door("x", "c", "street", 30, 1, 1.0))
    outs = []
    for air in ({}, {"c": Air(co_ppm=20.0)}, {"c": Air(co_ppm=1500.0)}):
        crowd = Crowd(floor, people(40, "c"), 3)
        gone = []
        while crowd.inside:
            gone += crowd.advance(250, replace(alarm(floor), air=air)).outs
        outs.append(gone)
    assert outs[0] == outs[1] == outs[2]


def test_smoke_law_and_dose_law_are_chosen_by_name_and_a_wrong_one_is_answered():
    with pytest.raises(ValueError, match="did you mean 'nist'"):
        Crowd(rooms(), people(1, "a"), 1, replace(BOUNDING, smoke="nists"))
    with pytest.raises(ValueError, match="did you mean 'purser'"):
        Crowd(rooms(), people(1, "a"), 1, replace(BOUNDING, dose="pursers"))


def test_a_limit_of_nothing_and_air_of_no_space_are_refused():
    with pytest.raises(ValueError, match="dose limit above zero"):
        Crowd(rooms(), people(1, "a", dose_limit=0.0), 1)
    with pytest.raises(ValueError, match="ab, which is no space"):
        Crowd(rooms(), people(1, "a"), 1).advance(100, Conditions(air={"ab": BAD}))
    hole = {"a": BAD, "b": Air(co_ppm=float("nan"))}
    with pytest.raises(ValueError, match="the air given for b is not a number"):
        Crowd(rooms(), people(1, "a"), 1).advance(100, Conditions(air=hole))
