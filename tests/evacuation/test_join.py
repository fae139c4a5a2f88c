"""Crush zones on the floor graph: who is whose, what passes, when they open, the same bytes."""

import numpy as np
import pytest

from evacuation import Conditions, Crowd, Floor, Person
from evacuation.conditions import Cue, Handling
from evacuation.engine.arrays import FALLEN, LENT, LENT_QUEUE, OUT
from evacuation.join.drawing import draw, leaf
from evacuation.join.patch import of_door, of_flight
from evacuation.laws import BOUNDING
from evacuation.network import build

CUE = Cue(("hall", "top", "flight", "foot", "lobby"), "siren", "sounder", "test")


def house(exit_width: float = 1.5, width: float = 1.5) -> Floor:
    """A hall upstairs, a landing, a flight of 8 m, a landing, a lobby, the street."""
    return Floor.from_mapping({
        "storeys": [{"id": "low", "z_m": 0.0}, {"id": "high", "z_m": 3.6}],
        "spaces": [
            {"id": "hall", "kind": "room", "area_m2": 200.0, "storey": "high",
             "outline": [[-20, -5], [0, -5], [0, 5], [-20, 5]]},
            {"id": "top", "kind": "landing", "area_m2": 6.0, "storey": "high",
             "outline": [[0, -1], [3, -1], [3, 1], [0, 1]]},
            {"id": "flight", "kind": "stair", "area_m2": 12.0, "width_m": width, "storey": "low",
             "slope_length_m": 8.0, "outline": [[3, -1], [9, -1], [9, 1], [3, 1]]},
            {"id": "foot", "kind": "landing", "area_m2": 6.0, "storey": "low",
             "outline": [[9, -1], [12, -1], [12, 1], [9, 1]]},
            {"id": "lobby", "kind": "room", "area_m2": 100.0, "storey": "low",
             "outline": [[12, -5], [22, -5], [22, 5], [12, 5]]},
            {"id": "street", "kind": "street", "area_m2": 1e4, "safe": True},
        ],
        "portals": [
            {"id": "hall-top", "between": ["hall", "top"], "width_m": 1.5, "at": [0, 0]},
            {"id": "head", "between": ["top", "flight"], "width_m": width, "at": [3, 0],
             "kind": "opening"},
            {"id": "end", "between": ["flight", "foot"], "width_m": width, "at": [9, 0],
             "kind": "opening"},
            {"id": "foot-lobby", "between": ["foot", "lobby"], "width_m": 1.5, "at": [12, 0]},
            {"id": "exit", "between": ["lobby", "street"], "width_m": exit_width, "at": [22, 0]},
        ],
    })  # fmt: skip


def crowd(count: int, zones: str = "auto", seed: int = 1, floor: Floor | None = None) -> Crowd:
    people = [
        Person(f"p{k:03}", "hall", "g", "pupil", 1.0 + 0.002 * k, 0.085, 0) for k in range(count)
    ]
    return Crowd(floor or house(), people, seed, zones=zones)


def told(crowd: Crowd, seconds: int, conditions: Conditions | None = None) -> list:
    """Advance; everybody is in one place at every step; return the notes of the zones."""
    notes, given = [], conditions or Conditions(cues=(CUE,))
    total = len(crowd._population.ids)
    for _ in range(10 * seconds):
        notes += crowd.advance(100, given).crush
        state = crowd._crowd.state
        lent = int(np.isin(state, (LENT, LENT_QUEUE, FALLEN)).sum())
        graph = int((state != OUT).sum()) - lent
        assert graph + crowd.zones.owned + int((state == OUT).sum()) == total
    return notes


@pytest.fixture(scope="session")
def emptied():
    """120 pupils leave by one flight: the crowd afterwards, and what its zones told."""
    found = crowd(120)
    return found, told(found, 240)


def test_nobody_is_lost_or_doubled_between_graph_and_zone(emptied):
    found, notes = emptied
    assert found.inside == 0, found.states()
    assert [one.what for one in notes if one.what in ("opened", "closed")][:2] == [
        "opened",
        "closed",
    ]
    assert found.zones.owned == 0


def test_a_zone_opens_where_a_flight_fills_up_and_says_why(emptied):
    _, notes = emptied
    first = next(one for one in notes if one.what == "opened")
    assert first.zone == "flight"
    assert first.why.startswith("occupancy 0.")


def test_a_thin_crowd_opens_no_zone():
    assert told(crowd(6), 60) == []


def test_the_same_seed_gives_the_same_bytes():
    def run(seed: int) -> bytes:
        found = crowd(80, seed=seed)
        told(found, 40)
        assert found.zones.owned > 20
        return found._crowd.trail.tobytes() + found._crowd.state.tobytes()

    assert run(3) == run(3)
    assert run(3) != run(4)


def test_what_somebody_suffered_stays_with_him_from_zone_to_zone():
    found = crowd(80)
    told(found, 40)
    zone = next(iter(found.zones._open.values()))
    name = next(iter(zone.zone.store.slot))
    zone.zone.store.people.dose[zone.zone.store.slot[name]] = 0.125
    row = zone._roster.rows[name]
    zone.end(40_000.0)
    assert found.zones._suffered[row].dose == 0.125


def test_people_who_wait_at_a_shut_door_are_bodies():
    found = crowd(60, floor=house())
    shut = Conditions(cues=(CUE,), closed=frozenset({"foot-lobby"}))
    notes = told(found, 60, shut)
    assert any(one.what == "opened" for one in notes)
    assert found.inside == 60
    zone = found.zones._open["flight"]
    gates = {gate.id for gate in zone.drawing.layout.gates}
    assert leaf("foot-lobby") in gates
    assert not [one for one in notes if one.what == "closed"], "they still wait"
    later = told(found, 150)
    assert found.inside == 0, later


def test_a_fall_on_the_graph_calls_for_a_zone_which_takes_over_who_lies_there():
    found = crowd(8)
    for _ in range(60):
        told(found, 1)
        if name := found.trip("flight"):
            break
    assert not found.zones._open
    assert found.crush.lying.piles
    notes = told(found, 1)
    assert [n.why for n in notes if n.what == "opened"] == ["a fall"]
    assert found.zones._open["flight"].zone.fallen == 1
    assert not found.crush.lying.piles
    told(found, 200)
    assert found.inside == 0, name


def test_what_is_done_to_a_crowd_is_done_in_its_zones():
    found = crowd(100)
    told(found, 25)
    one = found.zones._open["flight"]
    zone, pieces = one.zone, [piece.id for piece in one.zone.layout.pieces]
    assert zone.law.push_share == 0.05
    assert zone.law.told_share == 0.6
    bad = Handling(
        urgency={"flight": 2.0}, light_lx={"flight": 0.1}, rails={"flight": False},
        told=frozenset({"flight"}), marshals=frozenset({"foot"}), metered={"foot-lobby": 0.5},
    )  # fmt: skip
    told(found, 1, Conditions(cues=(CUE,), handling=bad))
    assert zone.law.push_share == 0.4
    assert zone.store.people.urgent[: zone.store.slots].all(), "who goes at twice his speed runs"
    assert zone.ground.lux[pieces.index("flight")] == 0.1
    assert zone.ground.lux[pieces.index("top")] == 100.0
    assert not zone.ground.rail[pieces.index("flight")]
    assert (zone.law.told_share, zone.word.speed_m_s, zone.rescue.come_s) == (0.9, 1.0, 20.0)
    way_out = next(t.way_out for t in one.thresholds if t.line.id == "foot-lobby")
    before = int(found._crowd.line["passed"][way_out])
    told(found, 20, Conditions(cues=(CUE,), handling=bad))
    through = int(found._crowd.line["passed"][way_out]) - before
    assert through == pytest.approx(10, abs=2), "one in two seconds"
    told(found, 1)
    assert zone.law.push_share == 0.05
    assert zone.law.told_share == 0.6


def test_a_held_portal_lets_nobody_into_a_zone():
    found = crowd(100)
    told(found, 25)
    hold = Conditions(cues=(CUE,), handling=Handling(held=frozenset({"hall-top"})))
    told(found, 10, hold)
    upstairs = int((found._crowd.space == 0).sum())
    assert upstairs > 0
    told(found, 40, hold)
    assert int((found._crowd.space == 0).sum()) == upstairs
    told(found, 200)
    assert found.inside == 0


def test_falls_in_a_zone_are_booked_as_all_others_are():
    found = crowd(100)
    told(found, 25)
    name = found.trip("flight")
    moves = found.advance(100, Conditions(cues=(CUE,)))
    assert [(f.person, f.what, f.cause) for f in moves.falls] == [(name, "fall", "forced")]
    assert found.states()["fallen"] == 1
    ups = [f for _ in range(900) for f in found.advance(100, Conditions(cues=(CUE,))).falls]
    assert [f.what for f in ups if f.person == name][:1] == ["up"]
    peaks = found.crush.peaks()
    assert sum(one.falls for one in peaks) >= 1
    assert max(one.lying for one in peaks) >= 1
    assert peaks[list(found.floor.spaces).index("flight")].density_per_m2 > 1.0


def test_who_bends_down_in_a_zone_stands_still_for_his_time():
    found = crowd(100)
    told(found, 25)
    name = found.trip("flight", 4.0)
    zone = found.zones._open["flight"].zone
    slot = zone.store.slot[name]
    assert zone.store.people.free[slot] == 0.0
    found.trip("flight", 4.0)
    told(found, 5)
    assert name not in zone.store.slot or zone.store.people.free[slot] > 0.0


def test_a_zone_is_drawn_anew_when_a_width_changes():
    found = crowd(100)
    told(found, 25)
    line = found.zones._open["flight"].thresholds[1].line
    assert line.width_m == pytest.approx(1.5)
    notes = told(found, 3, Conditions(cues=(CUE,), handling=Handling(widths={"foot-lobby": 0.9})))
    assert [n.why for n in notes if n.what == "opened"] == ["its widths have changed"]
    widths = {t.line.id: t.line.width_m for t in found.zones._open["flight"].thresholds}
    assert widths["foot-lobby"] == pytest.approx(0.9)


def test_a_full_space_behind_a_line_is_a_wall_in_it():
    """The exit passes nobody: the lobby fills, then the foot of the stair, then the flight."""
    tight = house()
    found = crowd(100, floor=tight)
    told(found, 20)
    c = next(iter(found.zones._open.values())).thresholds
    out = next(one for one in c if one.line.id == "foot-lobby")
    cell = found._net.line["into"][out.way_out]
    found._crowd.cell["load"][cell] += found._net.cell["packed"][cell]
    out.meter(found._hubs()[0], 0.1, True)
    zone = next(iter(found.zones._open.values())).zone
    assert zone.walls.stands[zone._wall["foot-lobby"]]
    found._crowd.cell["load"][cell] -= found._net.cell["packed"][cell]


def test_a_flight_is_drawn_along_its_slope_between_its_landings():
    floor = house()
    drawing = draw(of_flight(floor, "flight"), build(floor, BOUNDING))
    assert [one.space for one in drawing.frames[:3]] == ["top", "flight", "foot"]
    piece = next(one for one in drawing.layout.pieces if one.id == "flight")
    assert piece.length_m == 8.0
    assert np.ptp([x for x, _ in piece.outline]) == pytest.approx(8.0)
    assert {line.id for line in drawing.layout.lines} == {"hall-top", "foot-lobby"}
    frame = drawing.frames[1]
    x, y = frame.zone(0.0, 0.0, 2.0)
    assert frame.building(x, y)[2] == pytest.approx(2.0)
    # 3 m of hall, 3 of landing, 8 of flight, 3 of landing, 3 of lobby: all on one line
    assert drawing.layout.box[1] - drawing.layout.box[0] == pytest.approx(20.0)


def test_before_a_door_the_flight_above_belongs_to_the_zone():
    floor = house()
    assert of_door(floor, "foot-lobby", "foot").core == ("flight", "top", "foot")
    assert of_door(floor, "exit", "lobby").core == ("lobby",)
