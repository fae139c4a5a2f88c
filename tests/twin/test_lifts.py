"""People who can not take stairs ride in the lift that its device says is there to ride in."""

from pathlib import Path

import pytest

from tests.twin.campus import Drill
from twin.site import Site

FLOOR = """
floor: 1
name: Two storeys and a lift
source: drawn for a test
storeys: [{id: g, name: Ground, z_m: 0}, {id: u, name: Upper, z_m: 3.6}]
spaces:
  - {id: office, name: Office, kind: room, storey: u, area_m2: 50, use: office, height_m: 3,
     outline: [[0,0],[10,0],[10,5],[0,5]]}
  - {id: lobby, name: Lobby, kind: landing, storey: u, area_m2: 20, height_m: 3, refuge: true,
     outline: [[10,0],[14,0],[14,5],[10,5]]}
  - {id: car, name: Lift, kind: lift, storey: u, area_m2: 4, height_m: 2.4,
     evacuation_lift: {capacity: 4, use: assisted}, outline: [[10,5],[12,5],[12,7],[10,7]]}
  - {id: stair, name: Stair, kind: stair, storey: g, area_m2: 12, width_m: 1.4,
     slope_length_m: 7.0, rises_m: 3.6}
  - {id: hall, name: Hall, kind: corridor, storey: g, area_m2: 50, height_m: 3,
     outline: [[14,0],[24,0],[24,5],[14,5]]}
  - {id: yard, name: Yard, kind: yard, storey: g, area_m2: 400, safe: true,
     outline: [[24,0],[44,0],[44,20],[24,20]]}
portals:
  - {id: d, name: Door, between: [office, lobby], width_m: 1.0, at: [10, 2.5], kind: door}
  - {id: t, name: Head, between: [lobby, stair], width_m: 1.2, at: [14, 2], kind: opening}
  - {id: b, name: Foot, between: [stair, hall], width_m: 1.2, at: [14, 3], kind: opening}
  - {id: la, name: Lift above, between: [lobby, car], width_m: 0.9, at: [11, 5], kind: door}
  - {id: lb, name: Lift below, between: [car, hall], width_m: 0.9, at: [14, 4.5], kind: door}
  - {id: x, name: Exit, between: [hall, yard], width_m: 1.5, at: [24, 2.5], kind: door}
"""
POINTS = """
points: 1
site: lifts
mqtt: {host: 127.0.0.1, port: 11883}
gateways: [{id: lift-1, profile: lift-gateway, host: 127.0.0.1, port: 15020, at: hall}]
devices:
  - {id: lift-a, kind: lift, at: car, gateway: lift-1, unit: 1, settings: {floors: 2},
     points: {recall: {holding: 0, write: true}, mode: {input: 2}}}
  - {id: pa, kind: pa-zone, at: hall, covers: [office, lobby, hall], bus: mqtt,
     points: {message: {topic: cmd/message, as: text}, playing: {topic: state/playing, as: text}}}
"""
PEOPLE = """
people: 1
pre_movement: {quick: {median_s: 5, sigma: 0.1, scatter_s: 1}}
profiles:
  adult: {speed: {mean: 1.2, sd: 0.1, min: 1.0, max: 1.4}, body_area_m2: 0.1}
  chair: {table: boyce/manual-wheelchair}
timetable: [{id: day, from: "08:00", to: "18:00"}]
groups:
  - {id: w, kind: staff, profile: chair, count: 1, at: office, pre_movement: quick}
  - {id: p, kind: staff, profile: adult, count: 3, at: office, pre_movement: quick}
"""


@pytest.fixture
def drill(tmp_path: Path) -> Drill:
    texts = {"floor": FLOOR, "points": POINTS, "people": PEOPLE, "matrix": "matrix: 1\n"}
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    drill = Drill(Site.load(tmp_path), "day")
    drill.twin.world.actuate("voice:pa", "evacuate", "pa", "pa.message#1")
    return drill


def out(drill: Drill, until_s: int) -> int:
    drill.run(1000 * until_s)
    return len(drill.out())


def test_a_lift_in_service_brings_him_down(drill: Drill) -> None:
    assert out(drill, 120) == 4


def test_a_lift_without_power_leaves_him_waiting_until_it_is_back(drill: Drill) -> None:
    drill.twin.world.mains = False
    assert out(drill, 180) == 3
    assert drill.twin.world.doors.state("la") == "blocked"
    drill.twin.world.mains = True
    assert out(drill, 300) == 4


def test_a_lift_that_is_stuck_holds_who_is_inside(drill: Drill) -> None:
    while not drill.twin.world.people.get("car"):
        drill.run(drill.now)
        assert drill.now < 120_000
    drill.twin.bank.fault(drill.now, "lift-a", "stuck")
    assert out(drill, 200) == 3
    assert drill.twin.world.people["car"] == 1
    drill.twin.bank.clear(drill.now, "lift-a", "stuck")
    assert out(drill, 320) == 4


def test_a_recall_takes_it_out_of_service_until_it_has_come(drill: Drill) -> None:
    world = drill.twin.world
    world.actuate("lift:lift-a", "recall", "lift-a", "lift-a.recall#1")
    assert {world.doors.state(portal) for portal in ("la", "lb")} == {"blocked"}
    world.actuate("lift:lift-a", "recalled", "lift-a", "lift-a.recall#1")
    assert {world.doors.state(portal) for portal in ("la", "lb")} == {"open"}
    assert out(drill, 120) == 4
