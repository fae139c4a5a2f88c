"""The hard-wired path: the panel's fire relay frees every door with everything else dead.

Judged on ground truth: what the bolts did to their portals, not what anybody read.
"""

from __future__ import annotations

import pytest

from controller.interface.points import PointList
from devices.bank import Bank
from scenarios.catalog import SITES, site_names
from tests.devices.plant import World

SLICE_MS = 250
WIRED_MS = 10_000 + 300
"""A panel may verify for so long before its relay acts; a magnetic lock lets go in 0.3 s."""


def dead(points: PointList) -> tuple[Bank, World]:
    """A site with no controller and no broker, whose gateways are all switched off."""
    world = World()
    bank = Bank(points, world, 7, lambda *_, **__: None)
    for name in points.gateways:
        bank.fault(0, name, "off")
    return bank, world


def run(bank: Bank, world: World, until_ms: int) -> None:
    for now in range(world.now, until_ms + 1, SLICE_MS):
        world.now = now
        bank.advance(now)
        bank.apply(now)


SITES_WITH_LOCKS = [
    name
    for name in site_names()
    if any(
        d.kind == "door-lock" for d in PointList.load(SITES / name / "points.yaml").devices.values()
    )
]


@pytest.mark.parametrize("site", SITES_WITH_LOCKS)
def test_the_wire_frees_every_door_with_controller_broker_and_gateways_dead(site: str) -> None:
    points = PointList.load(SITES / site / "points.yaml")
    locks = {d.id: d.portal for d in points.devices.values() if d.kind == "door-lock"}
    bank, world = dead(points)
    run(bank, world, 2000)
    call_point = next(d.id for d in points.devices.values() if d.kind == "call-point")
    bank.press(world.now, call_point)
    run(bank, world, world.now + WIRED_MS)
    freed = {element: cause for _, element, state, cause in world.done if state == "unlocked"}
    for lock, portal in locks.items():
        assert freed.get(f"portal:{portal}") == "fire-input", lock
    run(bank, world, world.now + 60_000)
    assert not [d for d in world.done if d[2] == "locked"], "and none of them locks again"


@pytest.mark.parametrize("site", SITES_WITH_LOCKS)
def test_without_a_fire_no_wire_frees_a_door(site: str) -> None:
    bank, world = dead(PointList.load(SITES / site / "points.yaml"))
    run(bank, world, 30_000)
    assert [d for d in world.done if d[2] == "unlocked"] == []
