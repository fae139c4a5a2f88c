"""Panels that speak in bits: Siemens NK8237, GST's card, and the value that means two things."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.interface.files import BadFile
from tests.devices.panels import PANEL, PRESS, SMOKE, Makes, gateway

NK = (
    PANEL.format("p", "s", 5, "reset: {holding: 25000, code: 14, write: true}")
    + SMOKE.format("sd-1", "z1", "s", 5, "input: 9000, as: loop-nk")
    + SMOKE.format("sd-18", "z2", "s", 5, "input: 10001, bit: 1, as: loop-bit")
    + PRESS.format("mcp", "z1", "s", 5, "input: 9001, as: loop-nk")
)


def nk(folder: Path, settings: str = "commands: true") -> Makes:
    return Makes(folder, gateway("s", "siemens-nk8237", 15990, settings), NK)


# A6V10316242 p. 24-25: plain addresses, no 3xxxx and 4xxxx; tables of bits in input registers.
TABLES = [
    ("0423280002", "04040002" + "0000", "compact elements 9000: alarm is bit 1"),
    ("0427100002", "04040001" + "0000", "element active 10000"),
    ("042af80002", "04040000" + "0002", "element fault 11000: element 17 is bit 1 of the next"),
    ("0452080001", "04020001", "zone alarm 21000"),
    ("0459d80001", "04020002", "zone not ready 23000"),
    ("045dc00001", "04020000", "zone off 24000"),
    ("047d000001", "04020000", "supply fault 32000"),
    ("0480e80001", "04020000", "on battery 33000"),
    ("0361a80001", "03020000", "panel command 25000, nothing asked yet"),
    ("0423ad0001", "8402", "no element so far"),
    ("0427130001", "8402", "the table is as long as the elements need"),
    ("0300000001", "8302", "nothing at 0"),
    ("0100000001", "8101", "no coils"),
]


@pytest.mark.parametrize(("asked", "answer", "say"), TABLES)
def test_the_tables_of_nk8237(tmp_path: Path, asked: str, answer: str, say: str) -> None:
    makes = nk(tmp_path)
    makes.bank.fault(makes.now, "sd-18", "off")
    makes.burn()
    makes.run(60)
    makes.bank.fault(makes.now, "sd-1", "masked")
    assert makes.ask("s", asked, unit=5) == answer, say


def test_a_command_register_keeps_the_last_code(tmp_path: Path) -> None:
    makes = nk(tmp_path)
    assert makes.ask("s", "0669780005", unit=5) == "0669780005", "27000: detector 0 off"
    makes.run(1)
    assert makes.ask("s", "042ee00001", unit=5) == "04020001", "element off 12000"
    assert makes.ask("s", "0669780006", unit=5) == "0669780006", "on again"
    makes.run(1)
    assert makes.ask("s", "042ee00001", unit=5) == "04020000"
    assert makes.ask("s", "0369780001", unit=5) == "03020006", "the code, not the state"
    assert makes.ask("s", "0661a8000e", unit=5) == "0661a8000e", "panel reset is 14"
    makes.run(1)
    assert makes.ask("s", "0361a80001", unit=5) == "0302000e"
    assert [d["state"] for _, k, e, d in makes.records if (k, e) == ("actuate", "p")] == ["reset"]
    assert makes.ask("s", "0665900005", unit=5) == "0665900005", "26000: a whole zone off"
    makes.run(1)
    assert makes.ask("s", "045dc00001", unit=5) == "04020001", "zone off 24000"


@pytest.mark.parametrize(
    ("settings", "asked", "answer"),
    [
        ("commands: false", "0661a8000e", "8601"),
        ("commands: true", "0661a8000d", "8603"),
        ("commands: true", "066d600005", "8602"),
        ("commands: true", "06697a0005", "8602"),
    ],
)
def test_writing_needs_an_agreement_and_a_known_code(
    tmp_path: Path, settings: str, asked: str, answer: str
) -> None:
    assert nk(tmp_path, settings).ask("s", asked, unit=5) == answer


@pytest.mark.parametrize(("elements", "most"), [(0, 4), (2497, 4), (2498, 3), (4000, 2), (9000, 1)])
def test_the_more_detectors_the_fewer_masters(tmp_path: Path, elements: int, most: int) -> None:
    server = nk(tmp_path, f"elements: {elements}").bank.gateways["s"]
    assert [server.connect(n) for n in range(5)] == [n < most for n in range(5)]


def test_bases_can_be_moved(tmp_path: Path) -> None:
    makes = nk(tmp_path, "zone-alarm: 500, panel-command: 25000")
    assert makes.ask("s", "0401f40001", unit=5) == "04020000"
    assert makes.ask("s", "0452080001", unit=5) == "8402"


# The sample job: device 1 at 40031 bits 11..10, six devices there, then eight in each register.
GST = (
    SMOKE.format("sd-1", "z", "g", 1, "holding: 30, bit: 10, as: loop-gst")
    + SMOKE.format("sd-6", "z", "g", 1, "holding: 30, bit: 0, as: loop-gst")
    + SMOKE.format("sd-7", "z", "g", 1, "holding: 31, bit: 14, as: loop-gst")
    + PRESS.format("mcp", "z", "g", 1, "holding: 32, bit: 14, as: loop-gst")
)


def test_two_bits_for_each_device_high_ones_first(tmp_path: Path) -> None:
    makes = Makes(tmp_path, gateway("g", "gst", 15990), GST)
    assert makes.ask("g", "03001e0003") == "0306000000000000"
    makes.bank.press(makes.now, "mcp")
    makes.bank.fault(makes.now, "sd-6", "off")
    makes.run(4)
    assert makes.ask("g", "03001e0003") == "0306000200004000", "10 fault, 01 fire"
    assert makes.sees("mcp") == ("alarm", "good")
    assert makes.sees("sd-6") == ("normal", "fault")
    assert makes.sees("sd-7") == ("normal", "good")
    makes.burn()
    makes.run(60)
    assert makes.ask("g", "03001e0003") == "0306040240004000"
    assert makes.ask("g", "06001e0000") == "8601", "it can only be read"
    assert makes.ask("g", "03001e0001", unit=2) == "830b"


@pytest.mark.parametrize(("metres", "word", "seen"), [
    (50, "0032", ("alarm", "good")),
    (1, "0001", ("alarm", "fault")),
    (32767, "7fff", ("alarm", "good")),
])  # fmt: skip
def test_a_cable_whose_first_metre_is_also_a_fault(
    tmp_path: Path, metres: int, word: str, seen: tuple[str, str]
) -> None:
    makes = Makes(
        tmp_path,
        gateway("k", "kidde-alarmline", 15990, f"alarm-at-m: {metres}"),
        "  - {id: cable, kind: heat-detector, at: room, zone: z, gateway: k,\n"
        "     points: {state: {input: 0, as: loop-metres}}}\n",
    )
    assert makes.ask("k", "0400000001") == "04020000"
    makes.bank.fault(makes.now, "cable", "off")
    makes.run(4)
    assert makes.ask("k", "0400000001") == "0402ffff"
    assert makes.sees("cable") == ("normal", "fault")
    makes.bank.clear(makes.now, "cable", "off")
    makes.world.values["room", "temperature_c"] = 90.0
    makes.run(120)
    assert makes.ask("k", "0400000001") == "0402" + word
    assert makes.sees("cable") == seen


WRONG = [
    ("profile: gst", "profile: gts", "no such gateway profile: 'gts'", "gst"),
    ("settings: {}", "settings: {printer-prot: 1}", "no setting 'printer-prot'", "printer-port"),
    ("settings: {}", "settings: {printer-port: -1}", "a TCP port, 0 for none, not -1", ""),
    ("bit: 10, as: loop-gst", "bit: 10, as: loop-gts", "here: 'loop-gts'", "loop-gst"),
    ("bit: 10, as: loop-gst", "bit: 11, as: loop-gst", "no device at holding 30", ""),
    ("bit: 10, as: loop-gst", "bit: 14, as: loop-gst", "no device at holding 30", ""),
    ("bit: 10, as: loop-gst", "as: loop-gst", "loop-gst takes a bit", ""),
    ("bit: 10, as: loop-gst", "as: loop", "says a state as loop-gst, not as loop", "loop-gst"),
    ("holding: 32, bit: 14", "holding: 31, bit: 14", "bound where sd-7.state already is", ""),
    ("call-point", "door-lock", "does not hang on a fire panel's loop", ""),
]  # fmt: skip


@pytest.mark.parametrize(("was", "now", "message", "hint"), WRONG)
def test_what_is_wrong_is_told_with_the_nearest_name(
    tmp_path: Path, was: str, now: str, message: str, hint: str
) -> None:
    heads, body = gateway("g", "gst", 15990).replace(was, now), GST.replace(was, now)
    assert (heads, body) != (gateway("g", "gst", 15990), GST)
    with pytest.raises(BadFile) as bad:
        Makes(tmp_path, heads, body)
    found = [p for p in bad.value.problems if message in p.message]
    assert found, str(bad.value)
    assert found[0].suggestion == hint
