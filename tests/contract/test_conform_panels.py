"""`twin conform` on panels of other makes: our emulators pass while a room burns, so does a panel
made by hand of each make; each defect planted in one is found by name."""

from __future__ import annotations

import asyncio

import pytest

from controller.interface.panels import PANELS
from devices.serve.modbus import ModbusServer
from scenarios.conform.conforming import Order, conform
from tests.contract.planted_panels import LISTS, planted_panel
from tests.devices.panels import Makes

pytestmark = pytest.mark.wire

DEFECTS = [
    ("unprogrammed reads 0", "notifier-cgw", "map.loop"),
    ("zone says fire", "notifier-cgw", "panel.tables"),
    ("types shifted", "notifier-cgw", "panel.tables"),
    ("values at the first read", "notifier-cgw", "panel.analogue"),
    ("code shown for a state", "notifier-cgw", "panel.commands"),
    ("any code taken", "notifier", "panel.commands"),
    ("writes anywhere", "notifier", "write.read-only"),
    ("bases counted from 1", "siemens-nk8237", "map.input"),
    ("bits from the top", "siemens-nk8237", "panel.tables"),
    ("code not kept", "siemens-nk8237", "panel.commands"),
    ("any number of clients", "siemens-nk8237", "panel.clients"),
    ("short table", "gst", "map.holding"),
    ("metres without meaning", "kidde-alarmline", "map.loop"),
]


def verdicts(report):
    return {one.id: one.verdict for one in report.outcomes}


def planted(folder, make, defect="", **options):
    """Conform a panel made by hand, with its I/O list."""
    (folder / "points.yaml").write_text(LISTS[make])

    async def scene():
        async with planted_panel(make, defect) as url:
            site = str(folder / "points.yaml")
            return await conform(Order(url, make, site=site, device="p", **options))

    return asyncio.run(scene())


@pytest.fixture(scope="module")
def burning(tmp_path_factory):
    """A report per make on our emulator, whose detectors all stand in a room full of smoke."""
    found = {}
    for make, text in LISTS.items():
        folder = tmp_path_factory.mktemp(make)
        gateways, _, devices = text.partition("gateways:\n")[2].partition("devices:\n")
        makes = Makes(folder, gateways, devices.replace("at: hall", "at: room"))
        makes.burn()
        makes.run(120)
        order = {"site": str(folder / "points.yaml"), "device": "p"}

        async def scene(makes=makes, make=make, order=order):
            server = ModbusServer(makes.bank.gateways["p"], lambda: makes.now)
            port = await server.start("127.0.0.1", 0)
            try:
                url = f"modbus://127.0.0.1:{port}/1"
                with_list = await conform(Order(url, make, expect=("d-1.state=alarm",), **order))
                return with_list, await conform(Order(url, make))
            finally:
                await server.close()

        found[make] = asyncio.run(scene())
    return found


@pytest.mark.parametrize("make", PANELS)
def test_the_emulator_of_every_make_conforms_in_alarm(burning, make):
    for report in burning[make]:
        assert not [one for one in report.outcomes if one.verdict == "fail"]
    found = verdicts(burning[make][0])
    assert {found[test] for test in ("functions", "map.loop", "map.words", "timing")} == {"pass"}
    if make != "kidde-alarmline" and make != "gst":
        assert found["panel.commands"] == found["write.read-only"] == "pass"


def test_tables_are_compared_while_they_show_an_alarm(burning):
    for make in ("notifier-cgw", "siemens-nk8237"):
        assert verdicts(burning[make][0])["panel.tables"] == "pass"
    told = {one.id: one.detail for one in burning["siemens-nk8237"][0].outcomes}
    assert told["map.loop"] == "d-1 alarm (good), d-2 alarm (good)"


@pytest.mark.parametrize("make", PANELS)
def test_a_panel_in_order_passes_every_test(tmp_path, make):
    report = planted(tmp_path, make, expect=("d-1.state=alarm",))
    assert not [one for one in report.outcomes if one.verdict == "fail"]
    assert sum(one.verdict == "pass" for one in report.outcomes) >= 12


@pytest.mark.parametrize(("defect", "make", "test"), DEFECTS, ids=[d[0] for d in DEFECTS])
def test_a_planted_defect_is_found(tmp_path, defect, make, test):
    found = planted(tmp_path, make, defect, tests=(test,)).outcomes
    assert [(one.id, one.verdict) for one in found] == [(test, "fail")], found


def test_an_expected_state_that_is_not_read_is_a_failure(tmp_path):
    (found,) = planted(
        tmp_path, "gst", tests=("map.words",), expect=("d-1.state=trouble",)
    ).outcomes
    assert found.verdict == "fail"
    assert "d-1.state reads alarm (good" in found.detail


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"expect": ("d-1.state=alrm",)}, "did you mean `alarm`"),
        ({"expect": ("d-2.state=alarm",)}, "no such point at this unit"),
        ({"tests": ("panel.table",)}, "no such test; there are panel.analogue"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path, given, words):
    with pytest.raises(ValueError, match=words):
        planted(tmp_path, "gst", **given)


def test_another_make_than_the_io_list_says_is_refused(tmp_path):
    (tmp_path / "points.yaml").write_text(LISTS["gst"])
    order = Order("modbus://127.0.0.1:9/1", "notifier", str(tmp_path / "points.yaml"), "p")
    with pytest.raises(ValueError, match="in the I/O list p is a gst"):
        asyncio.run(conform(order))
