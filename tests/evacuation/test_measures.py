"""What is done with people and their ways changes what they do: the direction of each effect."""

from __future__ import annotations

import pytest

from evacuation import Conditions, Crowd, Cue
from evacuation.conditions import Handling
from evacuation.crush.parameters import Falls
from evacuation.crush.scenes import LOWEST, Trial, pupils, stairwell, trial
from evacuation.crush.word import Word
from tests.evacuation.plans import alarm, door, people, plan, room, watch


def ring(floor, **handling):
    inner = tuple(name for name, space in floor.spaces.items() if not space.safe)
    return Conditions(cues=(Cue(inner, "bell", "sounder", ""),), handling=Handling(**handling))


def descent(width_m=1.5, storeys=2, count=60, most_s=600, **handling):
    """Seconds until all are out, the falls that the hazards met would bring, and the crowd."""
    floor = stairwell(width_m, storeys)
    crowd = Crowd(floor, pupils(count, 1, storeys=storeys), 1, falls=Falls())
    bore = crowd.hazard_left.sum()
    now = ring(floor, **handling)
    while crowd.inside and crowd.now_ms < 1000 * most_s:
        crowd.advance(1000, now)
        now = Conditions(handling=now.handling)
    return crowd.now_ms / 1000, float(bore - crowd.hazard_left.sum()), crowd


@pytest.fixture(scope="module")
def usual():
    return descent()


def dark(floor=None):
    return dict.fromkeys((floor or stairwell(1.5, 2)).spaces, 0.1)


def test_a_narrower_gate_passes_fewer_and_a_wider_one_more_until_the_stair_binds(usual):
    narrow, wide, wider = (descent(widths={"exit": m})[0] for m in (0.8, 1.2, 3.0))
    assert narrow > wide > 0.9 * usual[0]
    assert wider == pytest.approx(usual[0], abs=3.0), "useless if the next element is narrower"


def test_an_object_on_a_flight_takes_its_width(usual):
    assert descent(narrowed={LOWEST: 0.9})[0] > 1.4 * usual[0]


def test_in_the_dark_people_go_slowly_and_a_marshals_lamp_leads_them(usual):
    unlit, guided = descent(light_lx=dark()), descent(
        light_lx=dark(), marshals=frozenset({"floor1", "hall1", LOWEST, "hall0"})
    )  # fmt: skip
    assert unlit[0] > 1.15 * usual[0]
    assert guided[0] == usual[0]
    assert unlit[1] > guided[1] > 4.0 * usual[1], "a lamp does not light every step"


def test_emergency_light_keeps_the_pace(usual):
    assert descent(light_lx=dict.fromkeys(dark(), 1.0))[0] == usual[0]


def test_a_rail_in_the_middle_of_a_wide_stair_spares_falls_and_costs_little_time():
    bare, parted = descent(3.6), descent(3.6, rails={LOWEST: True})
    assert parted[1] < 0.7 * bare[1]
    assert bare[0] <= parted[0] < 1.1 * bare[0]


def test_a_rail_in_the_middle_shortens_the_chain_that_presses():
    floor = stairwell(3.6, 2)
    crowd = Crowd(floor, pupils(10, 1, storeys=2), 1, falls=Falls())
    s = tuple(floor.spaces).index(LOWEST)
    whole = float(crowd.crush.ground.between[s])
    crowd.advance(100, Conditions(handling=Handling(rails={LOWEST: True})))
    assert float(crowd.crush.ground.between[s]) == pytest.approx(whole / 2)


def test_hurry_against_a_closed_gate_raises_the_load():
    loads = []
    for urgency in (1.0, 1.5, 2.0):
        floor = stairwell(1.2, 2)
        crowd = Crowd(floor, pupils(80, 1, storeys=2), 1, falls=Falls())
        crowd.advance(
            120_000, ring(floor, held=frozenset({"exit"}),
                          urgency=dict.fromkeys(("hall0", LOWEST, "hall1"), urgency)),
        )  # fmt: skip
        loads.append(crowd.crush.outcome(0).load_n_per_m)
    assert loads[0] == 0.0
    assert loads[0] < loads[1] < loads[2]


def test_public_address_that_says_stop_spares_falls_if_it_comes_within_seconds():
    for seed in (1, 2, 3):
        unheard, heard = (trial(seed, Trial(told_s=after))[0] for after in (None, 5.0))
        assert heard.people < unheard.people


def test_entrants_can_be_held_while_those_who_come_out_pass():
    floor = stairwell(1.5, 2)
    crowd = Crowd(floor, pupils(30, 1, storeys=2), 1)
    crowd.advance(90_000, ring(floor, held_from=frozenset({("exit", "out")})))
    assert crowd.inside == 0
    crowd = Crowd(floor, pupils(30, 1, storeys=2), 1)
    crowd.advance(90_000, ring(floor, held_from=frozenset({("exit", "hall0")})))
    assert crowd.inside == 30
    crowd.advance(90_000, Conditions())
    assert crowd.inside == 0


def errand(**handling):
    """Forty go up a floor for half a minute, forty come down: who met whom on the flight."""
    floor = stairwell(1.5, 3)
    crowd = Crowd(floor, pupils(80, 1, storeys=3), 1, falls=Falls())
    for start, to in (("floor1", "floor2"), ("floor2", "floor1")):
        crowd.errands.send([who for who, _ in crowd.present([start])], to, 30_000.0, 1_000.0)
    spot, s = crowd.crush.ground.spot, tuple(floor.spaces).index("flight2")
    met = 0
    for _ in range(240):
        crowd.advance(1000, Conditions(handling=Handling(**handling)))
        here = spot[crowd.crush.ground.cells(s)]
        met += int((here["ahead"].sum() > 0) and (here["back"].sum() > 0))
    return met, crowd


def test_an_errand_brings_counterflow_and_everybody_back_to_his_place():
    met, crowd = errand()
    assert met > 10
    assert not crowd.errands.is_busy
    assert crowd.counts() == {"floor1": 40, "floor2": 40}
    assert crowd.states()["unaware"] == 80


def test_a_one_way_flight_has_no_counterflow_and_still_lets_everybody_out():
    down = frozenset({("foot2", "hall1")})
    assert errand(one_way=down)[0] == 0
    assert descent(storeys=3, one_way=frozenset({("foot2", "flight2")}))[2].inside == 0


def test_an_alarm_ends_an_errand():
    floor = stairwell(1.5, 3)
    crowd = Crowd(floor, pupils(20, 1, storeys=3), 1, falls=Falls())
    crowd.errands.send([who for who, _ in crowd.present(["floor2"])], "floor1", 1e7, 1_000.0)
    for _ in range(25):
        crowd.advance(1000, Conditions())
    now = ring(floor)
    for _ in range(150):
        crowd.advance(1000, now)
        now = Conditions(cues=now.cues)
    assert crowd.inside == 0


def test_who_bends_down_is_in_the_way_and_no_fall():
    floor = stairwell(1.2, 2)
    crowd = Crowd(floor, pupils(60, 1, storeys=2), 1, falls=Falls())
    news = list(crowd.advance(45_000, ring(floor)).falls)
    who = crowd.trip(LOWEST, 8.0)
    for _ in range(6):
        news += crowd.advance(1000, Conditions()).falls
    assert [(one.person, one.what) for one in news] == [(who, "bend")]
    assert crowd.states()["fallen"] == 1
    for _ in range(120):
        news += crowd.advance(1000, Conditions()).falls
    assert crowd.inside == 0
    assert (who, "up") in [(one.person, one.what) for one in news]


def test_a_marshal_on_a_dense_flight_is_swept_along_and_one_on_a_landing_stays():
    floor = stairwell(1.2, 2)
    crowd = Crowd(floor, pupils(120, 1, storeys=2), 1, falls=Falls())
    word: Word = crowd.crush.word
    spaces = tuple(floor.spaces)
    flight, hall = spaces.index(LOWEST), spaces.index("hall1")
    urgent = dict.fromkeys(("hall0", LOWEST, "hall1"), 2.0)
    at = {"held": frozenset({"exit"}), "urgency": urgent}
    crowd.advance(1000, ring(floor, marshals=frozenset({LOWEST}), **at))
    assert word.marshals[flight]
    crowd.advance(150_000, Conditions(handling=Handling(marshals=frozenset({LOWEST}), **at)))
    assert not word.marshals[flight]
    crowd.advance(5_000, Conditions(handling=Handling(marshals=frozenset({"hall1"}), **at)))
    assert word.marshals[hall]


def test_people_leave_by_the_exit_that_they_prefer():
    floor = plan(
        room("a", 0, 0, 60, 6),
        door("x1", "a", "street", 0, 3),
        door("x2", "a", "street", 60, 3),
    )
    crowd = people(20, "a", xy=(4.0, 3.0))
    assert watch(floor, crowd).go(60, alarm(floor)).used() == {"x1": 20}
    run = watch(floor, crowd)
    run.crowd.errands.prefer([one.id for one in crowd[:15]], ["x2"])
    assert run.go(90, alarm(floor)).used() == {"x1": 5, "x2": 15}
