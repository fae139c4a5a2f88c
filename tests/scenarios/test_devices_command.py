"""`twin devices` as a process: endpoints first, third-party clients served, nobody left behind."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

import psutil
import pytest

from scenarios.starter import init
from tests.scenarios.test_failures import wait_for

pytestmark = pytest.mark.wire


def command(*words):
    return [sys.executable, "-m", "scenarios.cli", *map(str, words)]


@contextmanager
def devices(*words):
    """The process with its addresses on the web, and its endpoints."""
    process = subprocess.Popen(
        command("devices", *words, "--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        said = json.loads(line)
        process.web = {end["protocol"]: end["url"] for end in said["web"]}
        yield process, said["endpoints"]
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)


def at(ends, device, unit=""):
    """The url of a device or of a gateway's unit."""
    urls = [end["url"] for end in ends if end["device"] == device]
    return next(url for url in urls if url.endswith(unit))


def mbpoll(url, *words):
    if shutil.which("mbpoll") is None:
        pytest.skip("mbpoll is not installed")
    parts = urlsplit(url)
    asked = ["mbpoll", "-q", "-1", "-0", "-m", "tcp", "-p", str(parts.port), "-a", parts.path[1:]]
    result = subprocess.run(
        [*asked, *words, parts.hostname], capture_output=True, text=True, timeout=10, check=False
    )
    return [line.split()[1] for line in result.stdout.splitlines() if line.startswith("[")]


def test_endpoints_answer_forced_values_stand_and_the_end_is_clean():
    forced = ("--force", "sd-1.state=alarm", "--force", "turn-1.passes=70000")
    with devices("device-hall", "--port", 0, "--broker", "embedded", *forced) as (process, ends):
        assert len(ends) >= 16
        assert mbpoll(at(ends, "fire-1"), "-t", "4:hex", "-r", "0", "-c", "2") == [
            "0x0C01",
            "0x1400",
        ]
        turnstile = at(ends, "gate-1", "/1")
        assert mbpoll(turnstile, "-t", "3", "-r", "0", "-c", "2") == ["1", "4464"]
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        process.send_signal(signal.SIGTERM)
        out, errors = process.communicate(timeout=10)
        assert (process.returncode, errors) == (0, "")
        assert json.loads(out.splitlines()[-1])["what"] == "end"
        assert not [child for child in children if child.is_running()]


def test_mqtt_clients_see_utc_and_the_last_word():
    if shutil.which("mosquitto_sub") is None:
        pytest.skip("mosquitto_sub is not installed")
    options = ("--only", "cam-1", "--force", "cam-1.count=12", "--port", 0)
    with devices("device-hall", *options) as (_, ends):
        parts = urlsplit(at(ends, "cam-1"))
        topic = f"cs/1{parts.path}/state/count"
        said = subprocess.run(
            ["mosquitto_sub", "-p", str(parts.port), "-t", topic, "-C", "1", "-W", "10"],
            capture_output=True, text=True, timeout=20, check=True,
        )  # fmt: skip
        body = json.loads(said.stdout)
        assert body["val"] == 12
        assert body["t"] > 1_700_000_000_000


def test_own_addresses_share_a_port():
    if not sys.platform.startswith("linux"):
        pytest.skip("addresses 127.0.x.y are a Linux option")
    with socket.socket() as probe:
        probe.bind(("127.0.1.1", 0))
        port = probe.getsockname()[1]
    options = ("--only", "doors-1", "--only", "lights-1", "--own-addresses", "--port", port)
    with devices("device-hall", *options) as (_, ends):
        hosts = {urlsplit(end["url"]).hostname for end in ends}
        assert hosts == {"127.0.1.1", "127.0.1.2"}
        assert mbpoll(at(ends, "lights-1"), "-t", "3", "-r", "0") == ["100"]


def test_a_taken_port_is_named_and_exit_3():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = command("devices", "device-hall", "--only", "doors-1", "--port", port)
        result = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
    assert result.returncode == 3
    assert f"doors-1 cannot listen on 127.0.0.1:{port}" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["device-hal"], "did you mean `device-hall`?"),
        (["device-hall", "--only", "lock-11"], "did you mean `lock-1`?"),
        (["device-hall", "--profile", "door-bord"], "did you mean `door-board`?"),
        (["device-hall", "--force", "sd-1.stat=alarm"], "did you mean `sd-1.state`?"),
        (["device-hall", "--force", "sd-1.state=alrm"], "did you mean `alarm`?"),
        (["device-hall", "--force", "lock-1.release=1"], "is an output"),
        (["device-hall", "--force", "sd-1.state"], "write POINT=VALUE"),
        (["device-hall", "--force", "lite-1.battery=70000"], "does not fit u16"),
        (["device-hall", "--port", "80"], "1024 to 65535"),
        (["device-hall", "--host", "0.0.0.0"], "other machines reach"),
        (["device-hall", "--host", "here"], "is not an IP address"),
        (["device-hall", "--broker", "mosquito"], "did you mean `mosquitto`?"),
        (["device-hall", "--only", "cam-1", "--control", "80"], "choose 1024 to 65535"),
    ],
)
def test_wrong_input_is_one_sentence_and_exit_2(words, said):
    result = subprocess.run(
        command("devices", *words), capture_output=True, text=True, timeout=30, check=False
    )
    assert result.returncode == 2, result.stderr
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_our_controller_on_its_own_clock_is_obeyed(tmp_path):
    """It shares UTC with the devices and nothing else: its commands are not taken for stale."""
    init("my-site", tmp_path)
    site, path = tmp_path / "my-site", tmp_path / "controller.jsonl"
    points = site / "points.yaml"
    with devices(site, "--port", 0, "--force", "mcp-1.state=alarm") as (_, ends):
        text = points.read_text().replace("11884", str(urlsplit(at(ends, "desk-1")).port))
        for gateway, port in (("fire-1", 15031), ("doors-1", 15032), ("sounders-1", 15033)):
            text = text.replace(str(port), str(urlsplit(at(ends, gateway)).port))
        points.write_text(text)
        words = [sys.executable, "-m", "controller", "--site", site, "--journal", path]
        controller = subprocess.Popen([str(word) for word in words])
        try:
            wait_for(lambda: len(acks(path)) >= 3, 20)
        finally:
            controller.terminate()
            controller.wait(timeout=10)
    assert acks(path) == {"lock-1.release": "ok", "snd-1.on": "ok", "desk-1.alarm": "ok"}


def acks(path):
    """How each command was answered, by point."""
    if not path.is_file():
        return {}
    lines = [line for line in path.read_text().splitlines() if '"k":"ack"' in line]
    return {record["e"]: record["r"] for record in map(json.loads, lines)}
