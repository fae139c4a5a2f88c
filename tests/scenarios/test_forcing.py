"""`--force`: states of loop devices in every make's words, and a sentence for what is none."""

from __future__ import annotations

import pytest

from controller.interface.loopwords import ALARM, read_loop
from controller.interface.points import PointList, Quality
from devices.bank import Bank
from scenarios.catalog import SITES
from scenarios.emulate.forcing import Forced, parse_forces
from scenarios.emulate.quiet import QuietWorld

POINTS = PointList.load(SITES / "vendor-hall" / "points.yaml")


def forced(*given):
    """The registers of the bound points after the forces were put on the wire."""
    forces = parse_forces(POINTS, given)
    bank = Bank(POINTS, QuietWorld(), 1, lambda *a, **k: None)
    bank.advance(0)
    Forced(POINTS, bank, forces).shape(0)
    found = []
    for name in forces:
        point = POINTS.points[name]
        device = POINTS.devices[point.device]
        function = {"holding": 3, "input": 4}[point.binding.area]
        image = bank.gateways[device.gateway].units[device.unit]
        found.append(image.read(function, point.binding.address, 1)[0])
    return found


@pytest.mark.parametrize(
    ("force", "register"),
    [
        ("n-sd-1.state=alarm", 0x0C01),
        ("n-sd-1.state=fault", 0x3400),
        ("n-sd-1.state=Trouble", 0x3400),
        ("s-sd-1.state=alarm", 2),
        ("s-sd-1.state=fault", 1),
        ("s-hd-17.state=alarm", 1),
        ("g-sd-1.state=alarm", 0b01 << 10),
        ("g-sd-1.state=fault", 0b10 << 10),
        ("g-sd-1.state=disabled", 0b11 << 10),
        ("g-mcp-7.state=alarm", 0b01 << 14),
        ("g-sd-1.state=3", 0b11 << 10),
        ("k-cable.state=alarm", 120),
        ("k-cable.state=fault", 0xFFFF),
        ("k-cable.state=0x12", 18),
    ],
)
def test_a_word_becomes_what_the_make_says(force, register):
    assert forced(force) == [register]


def test_two_devices_of_one_register_are_forced_each_by_itself():
    last = "g-mcp-7.state=alarm", "g-mcp-7.state=normal"
    assert forced(*last) == [0], "the last word holds"
    (raw,) = forced("g-mcp-7.state=alarm")
    assert read_loop("loop-gst", raw, 14) == (read_loop("loop", 0x0C01, -1))
    assert read_loop("loop-gst", raw, 14).value == ALARM
    assert read_loop("loop-gst", raw, 12).quality is Quality.GOOD


@pytest.mark.parametrize(
    ("force", "said"),
    [
        ("g-sd-1.state=alrm", "did you mean `alarm`?"),
        ("g-sd-1.state=prealarm", "g-sd-1.state is one of normal, alarm, trouble, fault, disabled"),
        ("g-sd-1.state=4", "a number of 0 to 3"),
        ("s-hd-17.state=fault", "s-hd-17.state is one of normal, alarm"),
        ("s-sd-1.state=falt", "did you mean `fault`?"),
        ("k-cable.state=70000", "a number of 0 to 65535"),
        ("pa-1.playing=evacuat", "did you mean `evacuate`?"),
    ],
)
def test_what_a_make_has_no_word_for_is_one_sentence_with_the_nearest(force, said):
    with pytest.raises(ValueError, match="--force") as refusal:
        parse_forces(POINTS, [force])
    assert said in str(refusal.value)
