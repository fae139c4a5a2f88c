"""Smoke leaves by vents as a column of warm gas drives it, and is held by dampers that are shut."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from controller.interface.points import PointList
from tests.twin.buildings import row
from tests.twin.test_smoke import Journal
from twin.doors import Doors
from twin.fire import GROWTH_KW_S2, Fire
from twin.hazards import Hazards
from twin.plan import Plan
from twin.references import Names, in_points
from twin.smoke import AIR_KG_M3, CP_KJ_KGK, HEAT, SOOT, Smoke
from twin.vents import Duct, Vent, Vents
from twin.world import World

SITE = """
points: 1
site: row
mqtt: {{host: 127.0.0.1, port: 11899}}
gateways: [{{id: air, profile: air-board, host: 127.0.0.1, port: 15990, at: r1}}]
devices:
  - {{id: v-1, kind: smoke-vent, at: r1, gateway: air, unit: 1, settings: {{area_m2: 0.8}},
     points: {{open: {{coil: 0, write: true}}}}}}
  - {{id: fd-1, kind: fire-damper, at: r1, gateway: air, unit: 2, settings: {{{}}},
     points: {{hold: {{coil: 0, write: true}}}}}}
"""


def site(folder: Path, damper: str = "to: r2, area_m2: 0.2") -> PointList:
    (folder / "points.yaml").write_text(SITE.format(damper))
    return PointList.load(folder / "points.yaml")


def warm(plan: Plan, smoke: Smoke, place: str, kelvin: float) -> None:
    """Fill a space with warm gas that holds 1 kg of soot."""
    index = plan.place[place]
    heat = kelvin * AIR_KG_M3 * plan.volume_m3[index] * CP_KJ_KGK
    smoke.add(index, heat_kj=heat, soot_kg=1.0)


def burning(*opened: str, ducts: dict[str, Duct] | None = None, seconds: int = 240) -> Hazards:
    """A fast fire in the first of two rooms; a vent v over it stands open or not."""
    plan = Plan.of(row(2))
    vents = Vents(plan, {"v": Vent(0, 1.0)}, ducts or {}, set(opened))
    hazards = Hazards(plan, Journal(), vents)
    hazards.shut(np.zeros(len(plan.portals), np.bool_))
    hazards.ignite(Fire("r1", GROWTH_KW_S2["fast"], 1000.0, 0))
    for t in range(1, seconds + 1):
        hazards.step(1000 * t)
    return hazards


def test_through_flow_is_that_of_two_openings_and_the_column_between() -> None:
    """6 m x 6 m x 3 m at 100 K above 293.15 K, vent Cd A 1 m2, one doorway of 0.9 m x 2.1 m."""
    plan = Plan.of(row(1))
    vents = Vents(plan, {"v": Vent(0, 1.0)}, {}, {"v"})
    state = np.zeros((6, 2))
    state[SOOT, 0] = 1.0
    kelvin = np.array([393.15, 293.15])
    area = plan.width_m * plan.opening_m
    gone = vents.step(state, kelvin, area, 1.0)
    low = 0.6 * float(area[0])
    reduced = 9.81 * 100 / 343.15
    flow = sqrt(2 * reduced * (3.0 - plan.opening_m[0] / 2)) / sqrt(1 + 1 / low**2)
    assert gone[SOOT] == pytest.approx(flow / plan.volume_m3[0], rel=1e-9)
    assert 2.0 < flow < 4.0, "m3/s"


def test_without_an_opening_below_there_is_only_exchange_through_the_roof() -> None:
    plan = Plan.of(row(1))
    vents = Vents(plan, {"v": Vent(0, 0.6)}, {}, {"v"})
    state = np.zeros((6, 2))
    state[SOOT, 0] = 1.0
    gone = vents.step(state, np.array([393.15, 293.15]), np.zeros(1), 1.0)
    flow = 0.055 * sqrt(9.81 * 100 / 343.15)
    assert gone[SOOT] == pytest.approx(flow / plan.volume_m3[0], rel=1e-9), "1 m2 at Cd 0.6"


def test_soot_is_conserved_through_vents_and_ducts() -> None:
    hazards = burning("v", "d", ducts={"d": Duct((0, 1), 0.3)})
    gas = hazards.gas
    assert gas.state[SOOT].sum() + gas.vented[SOOT] == pytest.approx(
        hazards.burnt_soot_kg, rel=1e-9
    )
    assert (gas.state[SOOT] >= 0).all()


def test_an_open_vent_clears_and_cools_the_room_and_spares_the_next() -> None:
    shut, opened = burning(), burning("v")
    for room in (0, 1):
        assert opened.extinction[room] < 0.8 * shut.extinction[room]
        assert opened.celsius[room] < shut.celsius[room]


def test_a_vent_that_is_shut_changes_nothing() -> None:
    plan = Plan.of(row(2))
    plain, vented = Smoke(plan), Smoke(plan, Vents(plan, {"v": Vent(0, 1.0)}))
    for gas in (plain, vented):
        warm(plan, gas, "r1", 200.0)
        gas.step()
    assert (plain.state == vented.state).all()


def test_a_shut_damper_lets_a_250th_through() -> None:
    passed = {}
    for state in ("open", "shut"):
        plan = Plan.of(row(2, d1={"holds_smoke": True}))
        vents = Vents(plan, {}, {"d": Duct((0, 1), 0.5)})
        vents.move("d", state)
        gas = np.zeros((6, 3))
        gas[SOOT, 0] = 1.0
        kelvin = np.array([393.15, 293.15, 293.15])
        vents.step(gas, kelvin, np.zeros(2), 1.0)
        passed[state] = gas[SOOT, 1]
    assert passed["open"] / passed["shut"] == pytest.approx(250)
    flow = 0.6 / 3 * 0.5 * sqrt(9.81 * 100 / 343.15 * sqrt(0.5))
    assert passed["open"] == pytest.approx(flow / Plan.of(row(2)).volume_m3[0])


def test_devices_move_what_the_io_list_gives_them(tmp_path: Path) -> None:
    plan, journal = Plan.of(row(2)), Journal()
    vents = Vents.of(plan, site(tmp_path))
    assert vents.vents == {"v-1": Vent(0, 0.8)}
    assert vents.ducts == {"fd-1": Duct((0, 1), 0.2)}
    assert vents.opened == {"fd-1"}, "a vent begins shut, a damper open"
    world = World(plan, Doors(plan, {}, ()), Hazards(plan, journal, vents), journal)
    world.actuate("vent:v-1", "open", "v-1", "")
    world.actuate("damper:fd-1", "closed", "fd-1", "")
    assert vents.opened == {"v-1"}


def test_a_damper_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    names = Names.of(row(2))
    assert list(in_points(names, site(tmp_path))) == []
    assert list(in_points(names, site(tmp_path, ""))) == []
    (found,) = in_points(names, site(tmp_path, "to: r22"))
    assert (found.keys, found.suggestion) == (("devices", 1, "settings", "to"), "r2")


def test_warm_gas_drives_a_vent_of_a_whole_building() -> None:
    plan = Plan.of(row(1))
    gas = Smoke(plan, Vents(plan, {"v": Vent(0, 1.0)}, {}, {"v"}))
    warm(plan, gas, "r1", 150.0)
    before = gas.state[HEAT, 0]
    for _ in range(60):
        gas.step()
    assert gas.vented[SOOT] > 0.5
    assert gas.state[HEAT, 0] < before / 2
