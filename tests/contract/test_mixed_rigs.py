"""Real devices in a run, of makes that share nothing with ours: their emulators are shadows."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from controller.interface import journal
from controller.interface.clock import wall_ms
from scenarios.rig.broker import free_port, mosquitto_path
from scenarios.run import Order, run
from scenarios.starter import init

pytestmark = pytest.mark.wire
STRANGERS = Path(__file__).parent / "strangers"
HOST = "127.0.0.1"
PACE = 6.0
"""Six times real time; with real devices the clock is on the wall."""


@pytest.fixture
def libmodbus():
    try:
        ctypes.CDLL("libmodbus.so.5")
    except OSError:
        pytest.skip("libmodbus5 is not installed")


@contextmanager
def program(*words):
    """A program that says `ready`; it ends with all its children."""
    process = subprocess.Popen(
        [str(word) for word in words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout.readline().strip() == "ready"
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=5)


def python(name, *words):
    return program(sys.executable, STRANGERS / name, *words)


@pytest.fixture
def site(tmp_path):
    """The starter site, with free ports; its scenario ends when everybody is out."""
    init("my-site", tmp_path)
    edit(tmp_path, ("port: 11884", f"port: {free_port()}"))
    for port in (15031, 15032, 15033):
        edit(tmp_path, (f"port: {port}", f"port: {free_port()}"))
    return tmp_path


def edit(folder, *changes):
    path = folder / "my-site" / "points.yaml"
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def make_real(folder, gateway, port):
    """Say in points.yaml that a gateway is a real one at a port."""
    path = folder / "my-site" / "points.yaml"
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines):
        if f"id: {gateway}," in line and "profile:" in line:
            head, _, tail = line.partition("port: ")
            lines[number] = f"{head}port: {port}, real: true, {tail.partition(', ')[2]}"
    path.write_text("\n".join(lines))


def played(folder, rig="hardware", **options):
    order = Order(folder / "my-site-drill.yaml", rig=rig, out=folder / "run", pace=PACE,
                  report=False, **options)  # fmt: skip
    result = run(order)
    _, records = journal.read(folder / "run" / "twin.jsonl")
    return result.document, records


def test_a_door_on_libmodbus_opens_in_the_twin(site, libmodbus):
    port = free_port()
    with python("libmodbus.py", "tcp", HOST, port):
        make_real(site, "doors-1", port)
        document, records = played(site)
    assert document["error"] == ""
    assert document["verdict"] == "pass", document["expectations"]
    assert document["shadow"]["points"] == 3
    differs = [d["point"] for d in document["shadow"]["differences"]]
    assert differs == ["lock-1.fire-input"], "no wire runs from the twin's panel to a real door"
    acts = [r for r in records if r["k"] == "actuate" and r["e"] == "lock-1"]
    assert [(r["state"], r["cause"]) for r in acts] == [("locked", "real"), ("unlocked", "real")]
    assert {r["by"] for r in records if r["k"] == "portal" and r["e"] == "f1.x1"} == {"lock-1"}
    (pace,) = [r for r in records if r["k"] == "pace"]
    assert pace["p50"] <= document["lateness_ms"]["worst"]
    assert document["wall_s"] * PACE * 1000 >= document["sim_ms"] - 250


def test_a_door_that_hangs_stays_shut_and_differs_from_its_shadow(site, libmodbus):
    port = free_port()
    with python("libmodbus.py", "tcp", HOST, port, "stuck"):
        make_real(site, "doors-1", port)
        shorten(site)
        document, records = played(site)
    assert document["evacuated"] < document["people"], "the only exit is locked"
    found = {d["point"]: d for d in document["shadow"]["differences"]}
    bolt = found["lock-1.bolt"]
    assert (bolt["real"], bolt["emulated"], bolt["to_ms"]) == (True, False, None)
    told = [(r["e"], r["what"]) for r in records if r["k"] == "shadow"]
    assert ("lock-1.bolt", "differs") in told
    assert ("lock-1.bolt", "agrees") not in told


def shorten(folder):
    path = folder / "my-site-drill.yaml"
    path.write_text(path.read_text().replace("give_up: 10 min", "give_up: 40 s"))


def test_a_serial_door_behind_a_gateway_is_a_door_too(site, libmodbus, tmp_path):
    if shutil.which("socat") is None:
        pytest.skip("socat is not installed")
    ends = [tmp_path / "bus-a", tmp_path / "bus-b"]
    port = free_port()
    line = subprocess.Popen(["socat", *(f"pty,raw,echo=0,link={end}" for end in ends)])
    try:
        wait_for(lambda: all(end.exists() for end in ends))
        with (
            python("libmodbus.py", "rtu", ends[0]),
            python("libmodbus.py", "gateway", HOST, port, ends[1]),
        ):
            make_real(site, "doors-1", port)
            document, _ = played(site, rig="wire")
    finally:
        line.terminate()
        line.wait()
    assert document["verdict"] == "pass", (document["error"], document["expectations"])
    assert [d["point"] for d in document["shadow"]["differences"]] == ["lock-1.fire-input"]


def wait_for(reached):
    end = wall_ms() + 5000
    while not reached():
        assert wall_ms() < end
        subprocess.run(["sleep", "0.02"], check=True)


def test_a_sounder_on_pymodbustcp_and_a_desk_of_mosquitto_pub(site):
    pytest.importorskip("pyModbusTCP")
    if mosquitto_path() is None or shutil.which("mosquitto_pub") is None:
        pytest.skip("mosquitto and mosquitto_pub are not installed")
    port, mqtt = free_port(), free_port()
    config = site / "mosquitto.conf"
    config.write_text(f"listener {mqtt} {HOST}\nallow_anonymous true\n")
    quiet = subprocess.DEVNULL
    broker = subprocess.Popen([mosquitto_path(), "-c", config], stdout=quiet, stderr=quiet)
    try:
        with (
            python("pymodbustcp.py", HOST, port),
            program("sh", STRANGERS / "desk.sh", mqtt, "my-site"),
        ):
            make_real(site, "sounders-1", port)
            edit(site, ("bus: mqtt, points", "bus: mqtt, real: true, points"))
            document, records = played(site, broker=f"mqtt://{HOST}:{mqtt}")
    finally:
        broker.terminate()
        broker.wait()
    assert document["verdict"] == "pass", (document["error"], document["expectations"])
    assert document["shadow"]["points"] == 3
    sounds = [r for r in records if r["k"] == "actuate" and r["e"] == "snd-1"]
    assert sounds[-1]["cause"] == "real"
    _, decided = journal.read(site / "run" / "controller.jsonl")
    seen = [r["value"] for r in decided if r["k"] == "input" and r["e"] == "desk-1.seen"]
    assert seen[-1] == "fire"
    assert [r["r"] for r in decided if r["k"] == "ack" and r["e"] == "desk-1.alarm"] == ["ok"]


def test_a_real_device_that_is_not_there_is_said_and_the_run_goes_on(site):
    make_real(site, "doors-1", free_port())
    shorten(site)
    document, records = played(site)
    assert document["error"] == ""
    told = [(r["e"], r["what"]) for r in records if r["k"] == "shadow"]
    assert told == [("doors-1", "unreachable")]
    _, decided = journal.read(site / "run" / "controller.jsonl")
    assert any(r["k"] == "comms" and r["e"] == "doors-1" for r in decided)


def test_the_fire_relay_of_a_real_panel_is_wired_to_emulated_doors(site):
    """The call point is pressed on a strange panel; the emulated lock feels its wire, and opens."""
    pytest.importorskip("pyModbusTCP")
    port = free_port()
    with python("pymodbustcp_panel.py", HOST, port, 1.5):
        make_real(site, "fire-1", port)
        path = site / "my-site-drill.yaml"
        text = path.read_text()
        path.write_text(text[: text.index("happens:")] + text[text.index("expect:") :])
        shorten(site)
        document, records = played(site)
    assert document["error"] == ""
    sensed = [(r["e"], r["what"], r["cause"]) for r in records if r["k"] == "sense"]
    assert sensed == [("mcp-1", "alarm", "real")]
    (at_ms,) = [r["t"] for r in records if r["k"] == "sense"]
    let_go = [r for r in records if r["k"] == "actuate" and r["e"] == "lock-1"]
    unlocked = next(r for r in let_go if r["state"] == "unlocked")
    assert unlocked["cause"] == "fire-input", "the wire is faster than bus and controller"
    assert 0 <= unlocked["t"] - at_ms <= 1000
    differs = {d["point"]: (d["real"], d["emulated"]) for d in document["shadow"]["differences"]}
    assert differs["mcp-1.state"] == ("alarm", "normal"), "nobody pressed the emulated one"


def test_the_network_of_a_real_door_can_be_cut(site, libmodbus):
    """Between the controller and the real gateway stands a relay of ours, on the wall clock."""
    port = free_port()
    with python("libmodbus.py", "tcp", HOST, port):
        make_real(site, "doors-1", port)
        shorten(site)
        document, _ = played(site, faults=("doors-1:partition:4s:12s",))
    assert document["error"] == ""
    _, decided = journal.read(site / "run" / "controller.jsonl")
    told = [(r["t"], r["what"]) for r in decided if r["k"] == "comms" and r["e"] == "doors-1"]
    lost, back = (
        [t for t, what in told if what == "lost"],
        [t for t, what in told if what != "lost"],
    )
    assert 4000 < lost[0] < 16_000 < back[-1], told


@pytest.mark.parametrize(
    ("fault", "said"),
    [("doors-1:silent", "its network can be"), ("lock-1:stuck", "lock-1 is a real device")],
)
def test_a_fault_inside_a_real_device_is_refused(site, fault, said):
    make_real(site, "doors-1", 15999)
    with pytest.raises(ValueError, match=said):
        played(site, faults=(fault,))


def test_rig_memory_refuses_real_devices(site):
    make_real(site, "doors-1", 15999)
    with pytest.raises(ValueError, match="lock-1 is a real device"):
        played(site, rig="memory")
