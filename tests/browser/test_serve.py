"""`twin serve` as a process: its first line, its refusals, its end."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx
import psutil
import pytest

from reports.runs import Runs
from reports.web_control import ControlRefusal
from reports.web_models import Order
from scenarios.serve import Starter, command, serve
from tests.browser.conftest import launch


def test_the_address_is_the_first_line_and_sigterm_ends_it(tmp_path: Path) -> None:
    process = launch(tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://127.0.0.1:")
    process.terminate()
    output, errors = process.communicate(timeout=20)
    assert (output, errors) == ("", "")
    assert process.returncode == 0


def test_sigterm_ends_the_runs_started_from_the_page_and_the_open_streams(tmp_path: Path) -> None:
    process = launch(tmp_path)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    order = {"scenario": Starter(tmp_path).scenarios()[0].name, "rig": "memory", "pace": 1}
    with httpx.Client(base_url=address, timeout=20) as http:
        run = http.post("/api/runs", json=order).json()["id"]
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        with http.stream("GET", f"/api/runs/{run}/live") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: changes"
            process.terminate()
            assert process.wait(timeout=20) == 0
    gone, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
    assert gone
    process.communicate()


def test_a_port_that_is_taken_is_one_sentence_and_exit_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = launch(tmp_path, port=port)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert errors.count("\n") == 1
    assert f"port {port}" in errors


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "campus.example", "::"])
def test_a_host_other_machines_reach_is_refused(
    tmp_path: Path, host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        serve(tmp_path, None, host, 0)
    assert ended.value.code == 2
    output, errors = capsys.readouterr()
    assert (output, errors.count("\n")) == ("", 1)
    assert host in errors


def test_an_unknown_site_names_the_nearest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        serve(tmp_path, "primary-scool", "127.0.0.1", 0)
    assert ended.value.code == 2
    assert "primary-school" in capsys.readouterr().err


def test_the_command_line_of_a_run() -> None:
    order = Order(scenario="school-stair-fire", seed=3, rig="wire", pace=0)
    words = command(order, Path("/runs/a"))[1:]
    assert " ".join(words) == (
        "-m scenarios.cli run school-stair-fire --rig wire --seed 3 --film --out /runs/a --json"
    )


def test_an_unknown_scenario_names_the_nearest(tmp_path: Path) -> None:
    starter = Starter(tmp_path)
    known = starter.scenarios()[0].name
    with pytest.raises(ControlRefusal) as refused:
        starter.start(Order(scenario=f"{known}x"))
    assert refused.value.nearest == known
    assert list(tmp_path.iterdir()) == []


def test_a_run_started_here_is_stopped_and_none_is_left_behind(tmp_path: Path) -> None:
    starter = Starter(tmp_path)
    name = starter.scenarios()[0].name
    one, two = (starter.start(Order(scenario=name, rig="memory", pace=1)) for _ in range(2))
    assert (one, two) == (f"{name}-1", f"{name}-1-2")
    assert (starter.alive(one), starter.alive("other")) == (True, None)
    with pytest.raises(ControlRefusal, match="stop one first"):
        starter.start(Order(scenario=name))
    starter.stop(one)
    starter.close()
    assert (starter.alive(one), starter.alive(two)) == (False, False)
    states = {run.id: run.status for run in Runs(tmp_path, alive=starter.alive).list()}
    assert set(states) == {one, two}
    assert set(states.values()) <= {"broken", "stopped"}
