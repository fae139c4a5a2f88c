"""A lift, a roller shutter and a camera that we did not write, in one fire: each has its shadow."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from controller.interface import journal
from scenarios.catalog import SITES
from scenarios.rig.broker import free_port, mosquitto_path
from scenarios.run import Order, run
from tests.contract.test_mixed_rigs import HOST, STRANGERS, program, python

pytestmark = pytest.mark.wire
PACE = 6.0
GATEWAY = (
    "  - {{id: shut-gw, profile: door-board, host: 127.0.0.1, port: {}, real: true, at: hall,"
    " poll_ms: 1000, timeout_ms: 1000, retries: 1}}\n"
)
CAMERA = """  - {id: cam-9, kind: camera, at: hall, sees: [hall], bus: mqtt, dialect: onvif,
     prefix: east/cam-9, real: true, points: {count: {topic: state/count, as: number}}}
"""
SCENARIO = """scenario: 1
say: "Fire in the device hall: lift, shutter and a camera are real."
site: {site}
period: open
seed: 1
give_up: 95 s
linger: 40 s
happens:
  - {{at: 10 s, fire: hall, growth: fast, peak: 1500 kW}}
expect:
  - {{id: E1, say: "The lift stands recalled", eventually: "actuate lift-a recalled"}}
  - {{id: E2, say: "The shutter never reaches the floor", given: "alarm hall confirmed",
     never: "actuate shut-1 closed"}}
"""


def real_hall(folder, lift, shutter):
    """The device hall with free ports; lift, shutter and one more camera are real."""
    site = folder / "device-hall"
    shutil.copytree(SITES / "device-hall", site)
    path = site / "points.yaml"
    text = re.sub(r"port: 1\d{4}", lambda _: f"port: {free_port()}", path.read_text("utf-8"))
    text = re.sub(r"(id: lift-1,.*port: )\d+", rf"\g<1>{lift}, real: true", text)
    text = text.replace("\ndevices:", GATEWAY.format(shutter) + "\ndevices:", 1)
    text = text.replace(
        "portal: rs-1, gateway: doors-1, unit: 4", "portal: rs-1, gateway: shut-gw, unit: 1"
    )
    path.write_text(text + CAMERA, "utf-8")
    scenario = folder / "fire.yaml"
    scenario.write_text(SCENARIO.format(site=site), "utf-8")
    return scenario


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The run's document, its twin's journal and its controller's."""
    pytest.importorskip("pyModbusTCP")
    if mosquitto_path() is None or shutil.which("mosquitto_pub") is None:
        pytest.skip("mosquitto and mosquitto_pub are not installed")
    folder = tmp_path_factory.mktemp("movers")
    lift, shutter, mqtt = free_port(), free_port(), free_port()
    config = folder / "mosquitto.conf"
    config.write_text(f"listener {mqtt} {HOST}\nallow_anonymous true\n")
    quiet = subprocess.DEVNULL
    broker = subprocess.Popen([mosquitto_path(), "-c", config], stdout=quiet, stderr=quiet)
    try:
        with (
            python("pymodbustcp_movers.py", "lift", HOST, lift),
            python("pymodbustcp_movers.py", "shutter", HOST, shutter, "falls"),
            program("sh", STRANGERS / "camera.sh", mqtt, "east/cam-9", 77),
        ):
            scenario = real_hall(folder, lift, shutter)
            order = Order(scenario, rig="hardware", out=folder / "run", pace=PACE, report=False,
                          broker=f"mqtt://{HOST}:{mqtt}")  # fmt: skip
            document = run(order).document
    finally:
        broker.terminate()
        broker.wait()
    _, twin = journal.read(folder / "run" / "twin.jsonl")
    _, decided = journal.read(folder / "run" / "controller.jsonl")
    return document, twin, decided


def differences(document, device):
    found = document["shadow"]["differences"]
    return {d["point"].partition(".")[2]: d for d in found if d["point"].startswith(f"{device}.")}


def acts(twin, device):
    return [(r["state"], r["cause"]) for r in twin if r["k"] == "actuate" and r["e"] == device]


def test_a_real_lift_takes_nobody_from_its_recall_on(played):
    document, twin, _ = played
    assert document["error"] == ""
    assert acts(twin, "lift-a") == [
        ("in-service", "real"),
        ("recall", "real"),
        ("recalled", "real"),
    ]
    (said,) = [e["verdict"] for e in document["expectations"] if e["id"] == "E1"]
    assert said == "pass"


def test_a_real_shutter_that_falls_bars_the_way_and_differs_from_its_shadow(played):
    document, twin, _ = played
    assert acts(twin, "shut-1")[:2] == [("free", "real"), ("held", "real")]
    assert acts(twin, "shut-1")[-2:] == [("closed", "real"), ("blocked", "real")]
    (said,) = [e["verdict"] for e in document["expectations"] if e["id"] == "E2"]
    assert said == "fail", "it was sent to 1.8 m"
    moved = differences(document, "shut-1")
    assert (moved["bottom"]["real"], moved["bottom"]["emulated"]) == (True, False)
    assert (moved["middle"]["real"], moved["middle"]["emulated"]) == (False, True)


def test_a_real_camera_of_another_make_is_heard_and_compared_in_its_own_words(played):
    document, _, decided = played
    assert ("cam-9.count", 77) in [(r["e"], r["value"]) for r in decided if r["k"] == "input"]
    counted = differences(document, "cam-9")["count"]
    assert counted["real"] == 77
    assert counted["emulated"] < 77, "its shadow sees who is really there"
