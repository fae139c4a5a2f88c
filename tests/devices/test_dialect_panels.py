"""Fire panels of other makes: the maps of their documents, byte for byte, over the same loop."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.devices.panels import PANEL, PRESS, SMOKE, Makes, gateway


@pytest.fixture
def notifier(tmp_path: Path) -> Makes:
    return Makes(
        tmp_path,
        gateway("n", "notifier", 15990),
        PANEL.format("p", "n", 1, "reset: {holding: 9499, code: 1, write: true}, "
                     "silence: {holding: 9499, code: 2, write: true}")
        + SMOKE.format("sd-1", "z1", "n", 1, "holding: 0, as: loop")
        + SMOKE.format("sd-2", "z2", "n", 1, "holding: 400, as: loop")
        + PRESS.format("mcp", "z1", "n", 1, "holding: 210, as: loop")
        + SMOKE.format("other", "z3", "n", 7, "holding: 158, as: loop"),
    )  # fmt: skip


@pytest.fixture
def cgw(tmp_path: Path) -> Makes:
    return Makes(
        tmp_path,
        gateway("c", "notifier-cgw", 15990, "analogue-timeout: 15"),
        SMOKE.format("sd-1", "z1", "c", 3, "holding: 0, as: loop")
        + SMOKE.format("sd-2", "z2", "c", 3, "holding: 600, as: loop")
        + PRESS.format("mcp", "z1", "c", 3, "holding: 300, as: loop")
        + "  - {id: asp, kind: aspirating-detector, at: room, zone: z2, gateway: c, unit: 3,\n"
        "     points: {state: {holding: 1, as: loop}, flow: {input: 10001}}}\n"
        + SMOKE.format("far", "z1", "c", 20, "holding: 0, as: loop"),
    )


# 4xxxx is function 3 at one less; L2D1 = 40401, L10M200 = 44000, panel status 49500 (LS10015).
NOTIFIER = [
    ("0300000001", "03021400", "L1D1 normal and enabled"),
    ("0301900001", "03021400", "L2D1 at 40401"),
    ("0300d20001", "03021400", "L1M11 at 40211"),
    ("0300010001", "030200ff", "L1D2 is not programmed"),
    ("0300c70001", "030200ff", "a register of the block that no address has"),
    ("03109f0001", "8302", "44001 does not exist"),
    ("030f9f0001", "030200ff", "44000, the last of loop 10"),
    ("03251b0001", "03020000", "panel status 49500: not silenced"),
    ("0100000001", "8101", "no coils"),
    ("1000000001020001", "9001", "function 16 is not supported"),
    ("2b0e0100", "2b0e0182000003" + "00084e6f746966696572" + "010131" + "020456312e30",
     "identity: Notifier, 1, V1.0"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "answer", "say"), NOTIFIER)
def test_the_map_of_modbus_gw(notifier: Makes, asked: str, answer: str, say: str) -> None:
    assert notifier.ask("n", asked) == answer, say


def test_the_unit_id_is_the_node(notifier: Makes) -> None:
    assert notifier.ask("n", "03009e0001", unit=7) == "03021400"
    assert notifier.ask("n", "03009e0001", unit=1) == "030200ff"
    assert notifier.ask("n", "0300000001", unit=9) == "830a"
    notifier.bank.fault(notifier.now, "p", "no-link")
    assert notifier.ask("n", "0300000001", unit=1) == "830b"
    assert notifier.ask("n", "03009e0001", unit=7) == "03021400"
    notifier.bank.clear(notifier.now, "p", "no-link")
    assert notifier.ask("n", "0300000001", unit=1) == "03021400"


def test_a_fire_is_acknowledged_silenced_and_reset_by_codes(notifier: Makes) -> None:
    notifier.bank.press(notifier.now, "mcp")
    notifier.run(3)
    assert notifier.ask("n", "0300d20001") == "03020c01"
    assert notifier.sees("mcp") == ("alarm", "good")
    assert notifier.ask("n", "0600d20c00") == "0600d20c00"
    notifier.run(2)
    assert notifier.ask("n", "0300d20001") == "03020d01", "bit 8: fire alarm acknowledged"
    assert notifier.ask("n", "06251b0002") == "06251b0002"
    notifier.run(1)
    assert notifier.ask("n", "03251b0001") == "03020002", "bit 1: silenced"
    assert notifier.ask("n", "06251b0001") == "06251b0001"
    notifier.run(0.3)
    assert notifier.ask("n", "03251b0001") == "03020000"
    said = [(e, d["state"]) for _, k, e, d in notifier.records if k == "actuate"]
    assert said == [("p", "silenced"), ("p", "reset")]


def test_a_disabled_detector_raises_nothing_until_it_is_enabled(notifier: Makes) -> None:
    assert notifier.ask("n", "0600000500") == "0600000500"
    notifier.run(1)
    assert notifier.ask("n", "0300000001") == "03021200"
    assert notifier.sees("sd-1") == ("normal", "disabled")
    notifier.burn()
    notifier.run(60)
    assert notifier.sees("sd-1") == ("normal", "disabled")
    assert notifier.sees("sd-2") == ("alarm", "good")
    assert notifier.ask("n", "0600000400") == "0600000400"
    notifier.run(5)
    assert notifier.sees("sd-1") == ("alarm", "good")


REFUSED = [
    ("0600010c00", "8602", "a point that is not programmed"),
    ("0600000001", "8603", "not a command of points"),
    ("0600000800", "8603", "a detector cannot be activated"),
    ("06251b0003", "8603", "not a command of panels"),
    ("0603e70200", "8602", "a module that is not programmed"),
]


@pytest.mark.parametrize(("asked", "answer", "say"), REFUSED)
def test_other_writes_are_refused(notifier: Makes, asked: str, answer: str, say: str) -> None:
    assert notifier.ask("n", asked) == answer, say
    assert notifier.ask("n", "0300000001") == "03021400"


# CGW-MB (LS10248): blocks of 300, zones 408001, circuits 414001, status 420001, troubles 460000.
CGW = [
    ("0300000001", "03021400", "L1D1 at 400001"),
    ("03012c0001", "03021400", "L1M1 at 400301"),
    ("0302580001", "03021400", "L2D1 at 400601"),
    ("0316450001", "030200ff", "L10M at 405702"),
    ("03176f0001", "030200ff", "406000"),
    ("0317700001", "8302", "406001 does not exist"),
    ("031f400003", "03061400140000ff", "zones 408001: two, then none"),
    ("0336b00001", "030200ff", "circuit at 414001"),
    ("034e200001", "03020000", "status 420001"),
    ("03ea5f0002", "030400000000", "460000: no trouble"),
    ("044e20000f", "041e0004" + "0008" + "0000" * 13, "nodes 3 and 20 are on line"),
    ("044e2f0001", "8402", "320016 does not exist"),
    ("0400000002", "040400020004", "types: smoke, aspirating"),
]


@pytest.mark.parametrize(("asked", "answer", "say"), CGW)
def test_the_map_of_cgw_mb(cgw: Makes, asked: str, answer: str, say: str) -> None:
    assert cgw.ask("c", asked, unit=3) == answer, say


def test_a_zone_in_alarm_says_a_non_fire_activation(cgw: Makes) -> None:
    cgw.bank.press(cgw.now, "mcp")
    cgw.run(3)
    assert cgw.ask("c", "031f400002", unit=3) == "03040c711400"
    cgw.bank.fault(cgw.now, "sd-2", "off")
    cgw.run(4)
    assert cgw.ask("c", "03ea5f0002", unit=3) == "030400010001", "a trouble, and its bit"
    assert cgw.ask("c", "0302580001", unit=3) == "03023400"


def test_a_whole_zone_is_disabled(cgw: Makes) -> None:
    assert cgw.ask("c", "061f400500", unit=3) == "061f400500"
    cgw.run(1)
    assert cgw.sees("mcp") == ("normal", "disabled")
    assert cgw.sees("sd-2") == ("normal", "good")


def test_the_first_analogue_read_is_zeros_and_polling_ends(cgw: Makes) -> None:
    flow = "0427110001"
    cgw.run(4)
    assert cgw.ask("c", flow, unit=3) == "04020000", "nobody has asked before"
    assert cgw.ask("c", flow, unit=3) == "04020064", "100 percent"
    cgw.run(10)
    assert cgw.ask("c", flow, unit=3) == "04020064", "asked every 10 s it goes on"
    cgw.run(16)
    assert cgw.ask("c", flow, unit=3) == "04020000", "15 s without a question end it"
    assert cgw.ask("c", flow, unit=3) == "04020064"
