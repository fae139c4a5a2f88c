"""The device hall holds one of every kind, bound as declared, and its scenarios pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.interface.files import BadFile, load
from controller.interface.kinds import KINDS, PRESSED
from controller.interface.points import PointList, PointsFile
from devices.machine import Pressed
from devices.machines.table import ALONE, ON_LOOP
from scenarios.catalog import SITES, find_scenario
from scenarios.run import Order, run

HALL = SITES / "device-hall" / "points.yaml"


@pytest.fixture(scope="module")
def points() -> PointList:
    return PointList.load(HALL)


def test_every_kind_is_there_with_every_point(points: PointList) -> None:
    assert {device.kind for device in points.devices.values()} == KINDS.keys()
    for device in points.devices.values():
        assert {point.name for point in device.points} == KINDS[device.kind].points.keys()


def test_points_live_where_their_kind_declares_them(points: PointList) -> None:
    for device in points.devices.values():
        for point in device.points:
            role = KINDS[device.kind].points[point.name]
            if device.bus == "mqtt":
                assert point.binding.leaf == f"{role.area}/{role.name}"
            elif device.gateway != "fire-1":
                assert (point.binding.area, point.binding.address) == (role.area, role.offset)
            assert point.binding.as_type == role.as_type, point.id


def test_every_kind_has_a_machine_and_a_register_map() -> None:
    assert {*ALONE, *ON_LOOP, "fire-panel"} == KINDS.keys()
    for kind in KINDS.values():
        assert bool(kind.boards) == (kind.bus == "modbus")


def test_what_can_be_pressed_is_said_to_be(points: PointList) -> None:
    for name, machine in {**ALONE, **ON_LOOP}.items():
        assert issubclass(machine, Pressed) == (name in PRESSED), name  # type: ignore[arg-type]


SETTINGS = [
    ("settings: {floors: 4,", "settings: {flors: 4,", "a lift has no setting 'flors'"),
    ("settings: {floors: 4,", "settings: {floors: 1,", "floors is 2 to 200 floors, not 1"),
    ("portal: x-hall,", "portal: x-hall, settings: {fail: open},", "safe or secure, not 'open'"),
]


@pytest.mark.parametrize(("was", "now", "says"), SETTINGS)
def test_a_wrong_setting_is_refused(tmp_path: Path, was: str, now: str, says: str) -> None:
    file = tmp_path / "points.yaml"
    file.write_text(HALL.read_text("utf-8").replace(was, now, 1))
    with pytest.raises(BadFile) as refusal:
        load(file, PointsFile)
    (problem,) = refusal.value.problems
    assert says in problem.message
    assert problem.line > 1


@pytest.mark.parametrize("name", ["device-hall-fire", "device-hall-threat"])
def test_its_scenarios_pass_and_both_rigs_agree(tmp_path: Path, name: str) -> None:
    found = {}
    for rig in ("memory", "wire"):
        order = Order(find_scenario(name), rig=rig, out=tmp_path / rig, report=False)
        document = run(order).document
        assert document["verdict"] == "pass", document["expectations"]
        found[rig] = (document["decisions_sha256"], document["bytes_sha256"])
    assert found["memory"] == found["wire"]
