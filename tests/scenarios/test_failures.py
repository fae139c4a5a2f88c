"""When something dies in mid-run: exit 3 within 10 s, one sentence, no process left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from controller.interface import journal
from controller.interface.clock import wall_ms
from scenarios.catalog import CATALOGUE
from scenarios.rig.broker import mosquitto_path

SCENARIO = """scenario: 1
say: a long quiet run
site: {site}
period: lesson
give_up: 60 min
happens: [{{at: 1 s, press: mcp-guard}}]
expect: [{{id: E1, say: it rings, eventually: "actuate snd-* on"}}]
"""


def twin(*words, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "scenarios.cli", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def wait_for(reached, seconds=60):
    """Poll a condition by the wall clock; the process under test owns the time."""
    end = wall_ms() + seconds * 1_000
    while wall_ms() < end:
        found = reached()
        if found:
            return found
        subprocess.run(["sleep", "0.05"], check=True)
    raise AssertionError("it did not happen in time")


def children(process, words):
    try:
        found = psutil.Process(process.pid).children(recursive=True)
        return [child for child in found if any(words in part for part in child.cmdline())]
    except psutil.Error:
        return []


def running(process, out):
    """Wait until slices are run; return the broker's and the controller's process."""
    path = out / "controller.jsonl"
    wait_for(lambda: path.is_file() and len(path.read_bytes().split(b"\n")) > 5)
    broker = children(process, "scenarios.rig.embedded") or children(process, "mosquitto")
    return broker[0], children(process, "controller")[0]


@pytest.fixture
def long_run(tmp_path):
    """A paced run, so that there is a middle to die in."""
    out = tmp_path / "run"
    process = twin("run", "school-fire-drill", "--out", out, "--broker", "embedded", "--no-skip",
                   "--json")  # fmt: skip
    yield process, out
    if process.poll() is None:
        process.kill()
    process.communicate()


def ends_with(process, out, code, *words):
    _, errors = process.communicate(timeout=10)
    assert process.returncode == code, errors
    for path in (out / "twin.jsonl", out / "controller.jsonl"):
        assert journal.verify(path) is None
        assert journal.read(path)[1]
    metrics = (out / "metrics.json").read_text("utf-8")
    assert '"verdict": "error"' in metrics
    assert all(word in metrics for word in words), metrics[-800:]


@pytest.mark.wire
def test_a_killed_controller_ends_the_run_with_its_name(long_run):
    process, out = long_run
    broker, controller = running(process, out)
    os.kill(controller.pid, signal.SIGKILL)
    ends_with(process, out, 3, "controller", "SIGKILL")
    wait_for(lambda: not broker.is_running() or broker.status() == psutil.STATUS_ZOMBIE, 5)


@pytest.mark.wire
def test_a_killed_broker_ends_the_run_with_its_name(long_run):
    process, out = long_run
    broker, controller = running(process, out)
    os.kill(broker.pid, signal.SIGKILL)
    ends_with(process, out, 3, "broker")
    wait_for(lambda: not controller.is_running(), 5)


@pytest.mark.wire
def test_a_killed_rig_leaves_nobody_behind(long_run):
    process, out = long_run
    left = running(process, out)
    process.kill()
    process.wait()
    wait_for(lambda: not any(item.is_running() for item in left), 10)
    for path in (out / "twin.jsonl", out / "controller.jsonl"):
        assert journal.verify(path) is None


@pytest.mark.wire
def test_a_taken_port_is_named(tmp_path):
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", 15023))
        squatter.listen()
        process = twin("run", "school-fire-drill", "--pace", "1", "--out", tmp_path / "run")
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 3
    assert "Warning" not in errors
    assert (tmp_path / "run" / "report.html").is_file()
    metrics = (tmp_path / "run" / "metrics.json").read_text("utf-8")
    assert "sounders-1" in metrics
    assert "15023" in metrics


@pytest.mark.parametrize("name", ["points.yaml", "floor.yaml", "people.yaml", "matrix.yaml"])
def test_a_half_written_site_file_is_bad_input(tmp_path, name):
    source = CATALOGUE.parent / "sites" / "primary-school"
    site = tmp_path / "site"
    site.mkdir()
    for path in source.glob("*.yaml"):
        text = path.read_text("utf-8")
        (site / path.name).write_text(text[: len(text) // 2] if path.name == name else text)
    scenario = tmp_path / "run.yaml"
    scenario.write_text(SCENARIO.format(site=site))
    process = twin("run", scenario, "--rig", "memory", "--out", tmp_path / "run")
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert name in errors
    assert "Traceback" not in errors


def test_a_name_that_is_none_gets_the_nearest(tmp_path):
    process = twin("run", "school-fire-dril")
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "school-fire-drill" in errors
    assert len(errors.strip().splitlines()) == 1


def test_progress_is_silent_in_a_pipe(tmp_path):
    process = twin("run", "institute-false-alarm", "--rig", "memory", "--out", tmp_path / "run")
    _, errors = process.communicate(timeout=120)
    assert "simulated" not in errors
    assert Path(tmp_path / "run" / "report.html").is_file()


@pytest.mark.wire
@pytest.mark.parametrize("broker", ["embedded", "mosquitto"])
def test_a_terminated_run_says_so_and_takes_everything_with_it(tmp_path, broker):
    if broker == "mosquitto" and mosquitto_path() is None:
        pytest.skip("mosquitto is not installed")
    out = tmp_path / "run"
    process = twin("run", "school-fire-drill", "--out", out, "--broker", broker, "--no-skip")
    left = running(process, out)
    process.terminate()
    ends_with(process, out, 3, "SIGTERM")
    wait_for(lambda: not any(item.is_running() for item in left), 5)


def test_another_controller_needs_the_wire(tmp_path):
    process = twin("run", "school-fire-drill", "--rig", "memory", "--controller", "/bin/false")
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "wire" in errors


def test_a_rig_that_cannot_be_opened_is_told_in_words(tmp_path):
    words = ("run", "institute-false-alarm", "--controller", "/bin/false", "--out", tmp_path / "r")
    process = twin(*words)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 3, errors
    assert "The rig failed: the controller did not start: exit code 1" in output
