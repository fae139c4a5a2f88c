"""Every emulator of ours, started as a process, conforms to its profile; so does a fitted one."""

from __future__ import annotations

import asyncio
import json
import shlex
import shutil
import signal
import sys
from functools import partial

import pytest

from controller.interface.clock import pause, wall_us
from scenarios.catalog import SITES
from scenarios.conform.conforming import Order, conform
from scenarios.conform.fit import load_fit, write_fit
from scenarios.conform.papers import text, write_html, write_junit
from scenarios.conform.profiles import all_profiles
from scenarios.conform.verdict import Limits, quantile
from scenarios.rig.broker import mosquitto_path
from tests.contract.test_gb28181 import free_port as free_udp
from tests.scenarios.test_devices_command import devices

pytestmark = pytest.mark.wire

TICK_S = 0.005

CAMERAS = ("connection", "payload", "cadence", "count", "clock", "retained", "will")
SLOW = {
    **dict.fromkeys(("onvif", "axis", "hikvision"), CAMERAS),
    "milesight": ("connection", "retained", "will"),
    "duty-desk": ("status", "desc", "state", "heartbeat", "command.[er]*", "will", "sequence"),
    "air-board": ("identity", "functions", "map.*", "write.*", "limits", "framing.*", "clients"),
}
"""A guard reads for 8 s, a vent opens for 60 s, Milesight reports each minute: tried in part."""

FIT = """
fitted: 1
profile: door-board
times:
  request to answer: {count: 200, ms: [8, 9, 11, 12, 14, 22, 31, 40]}
  door-lock.release to report: {count: 20, ms: [900, 920, 980, 1000, 1020, 1080, 1100, 1110]}
"""


SIGN = """
fitted: 1
profile: exit-sign
times:
  command to ack: {count: 20, ms: [60, 60, 65, 70, 75, 80, 80, 80]}
  command to report: {count: 20, ms: [280, 290, 295, 300, 305, 310, 320, 320]}
"""


async def one_by_one(site, ends, provoke):
    """All units of a gateway one after the other: it serves four masters. `provoke` is the command
    that makes something happen at an end, "" for none.
    """
    reports = []
    for end in ends:
        modbus = end["protocol"] == "modbus"
        order = Order(
            end["url"], end["profile"], site="" if end["protocol"] == "mqtt" else site,
            device=end["device"] if modbus else "", tests=SLOW.get(end["profile"], ()),
            limits=Limits(provoke=provoke(end)),
        )  # fmt: skip
        reports.append(await conform(order))
    return reports


async def everything(sites, processes):
    """Every endpoint; the devices of different gateways at the same time."""
    groups = {}
    for site, ends in sites.items():
        for end in ends:
            groups.setdefault((site, end["device"], end["protocol"]), []).append(end)
    asked = (
        one_by_one(site, group, partial(provoked, processes[site]))
        for (site, *_), group in groups.items()
    )
    found = await asyncio.gather(*asked)
    return [report for reports in found for report in reports]


def vendors(folder):
    """The vendor hall, with a platform port and a broker port of its own, and quick keepalives."""
    site = folder / "vendor-hall"
    shutil.copytree(SITES / "vendor-hall", site)
    text = (site / "points.yaml").read_text("utf-8")
    for old, new in (("port: 5060", f"port: {free_udp()}"), ("keepalive_s: 60", "keepalive_s: 5")):
        assert old in text
        text = text.replace(old, new)
    (site / "points.yaml").write_text(text, "utf-8")
    return str(site)


def provoked(process, end):
    """A command for the emulators, over HTTP: a fire for the printer, a card for a reader."""
    url = process.web["http"]
    if end["protocol"] == "printer":
        order = {"device": "g-sd-1", "fault": "wrong", "value": 2, "lasts": "20 s"}
    elif end["profile"] == "card-reader":
        url, order = url.replace("/faults", "/presses"), {"device": end["device"]}
    else:
        return ""
    asked = f"urllib.request.Request({url!r}, {json.dumps(order).encode()!r}, " \
            "{'Content-Type': 'application/json'})"  # fmt: skip
    program = f"import urllib.request; urllib.request.urlopen({asked})"
    return shlex.join([sys.executable, "-c", program])


def test_every_emulator_conforms_to_its_profile(tmp_path):
    if mosquitto_path() is None:
        pytest.skip("mosquitto is not installed")
    site = vendors(tmp_path)
    with (
        devices("device-hall", "--port", 0, "--control", 0) as (hall, ours),
        devices(site, "--port", 0, "--control", 0) as (vendor, theirs),
    ):
        processes = {"device-hall": hall, site: vendor}
        reports = asyncio.run(everything({"device-hall": ours, site: theirs}, processes))
    failed = [
        f"{report.target} {report.profile} {one.id}: {one.detail}"
        for report in reports
        for one in report.outcomes
        if one.verdict == "fail"
    ]
    assert failed == []
    assert {report.profile for report in reports} == set(all_profiles())
    passed = [one.id for report in reports for one in report.outcomes if one.verdict == "pass"]
    acted = {"watchdog", "movement", "heartbeat", "command.retained", "will", "panel.commands",
             "framing", "clients", "catalogue", "refused"}  # fmt: skip
    assert acted <= set(passed)
    readers = [report for report in reports if report.profile == "card-reader"]
    taken = [
        one.verdict for report in readers for one in report.outcomes if one.id == "command.ack"
    ]
    assert taken == ["pass"] * 5


async def with_lag(testing):
    """What came out, and how late this loop was meanwhile: 95 % of its turns less (ms)."""
    late = []

    async def watch():
        while True:
            began = wall_us()
            await pause(TICK_S)
            late.append((wall_us() - began) / 1000 - TICK_S * 1000)

    watching = asyncio.ensure_future(watch())
    report = await testing
    watching.cancel()
    return report, quantile(late, 0.95)


def test_a_fitted_sign_answers_and_reports_as_the_real_one_did(tmp_path):
    if mosquitto_path() is None:
        pytest.skip("mosquitto is not installed")
    file = tmp_path / "quick-sign.yaml"
    file.write_text(SIGN)
    options = ("--only", "sign-1", "--profile", file, "--port", 0)
    with devices("device-hall", *options) as (process, ends):
        order = Order(ends[0]["url"], str(file), tests=("command.ack", "command.duplicate"))
        report, ours_ms = asyncio.run(with_lag(conform(order)))
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=10)[0]
    late_ms = ours_ms + json.loads(said.splitlines()[-1])["lateness_p99_ms"]
    document = report.document()
    assert document["failed"] == 0, document["tests"]
    times = document["latencies"]
    assert 60 <= times["command to ack"]["p50_ms"] <= 110 + late_ms
    of_itself_ms = 800
    limit_ms = min(380 + late_ms, of_itself_ms - 100)
    assert 280 <= times["command to report"]["p50_ms"] <= limit_ms


def test_a_fitted_emulator_takes_the_measured_times(tmp_path):
    file = tmp_path / "slow-door.yaml"
    file.write_text(FIT)
    options = ("--only", "lock-1", "--profile", file, "--port", 0)
    tests = ("timing", "movement", "identity")
    with devices("device-hall", *options) as (_, ends):
        order = Order(ends[0]["url"], str(file), "device-hall", "doors-1", tests)
        report = asyncio.run(conform(order))
    document = report.document()
    assert document["failed"] == 0, document["tests"]
    times = document["latencies"]
    assert 12 <= times["request to answer"]["p50_ms"] <= 24
    assert 900 <= times["door-lock.release to report"]["p50_ms"] <= 1250

    write_fit(tmp_path / "again.yaml", document, report.latencies)
    again = load_fit(str(tmp_path / "again.yaml"))
    assert again.profile == "door-board"
    assert again.times["request to answer"].count == 200

    write_junit(tmp_path / "junit.xml", document)
    assert 'tests="3" failures="0"' in (tmp_path / "junit.xml").read_text()
    write_html(tmp_path / "page.html", document, report.latencies)
    page = (tmp_path / "page.html").read_text()
    assert page.count("<svg") == len(times)
    assert "door-lock.release to report" in page
    assert "3 passed, 0 failed" in text(document)
