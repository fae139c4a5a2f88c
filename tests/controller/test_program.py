"""The program as a service: SIGHUP, and what its supervisor hears."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys

import pytest

from controller.interface.clock import pause, wall_ms
from controller.parts import runs
from scenarios.rig.broker import free_port
from tests.controller.conftest import MATRIX, write_site
from tests.controller.wires import ALARM, Board, run


@pytest.mark.wire
def test_sighup_takes_a_valid_matrix_in_service_and_refuses_a_typo(tmp_path):
    panel, doors = free_port(), free_port()
    folder = write_site(tmp_path, free_port(), panel, doors)
    book, matrix = folder / "c.jsonl", folder / "matrix.yaml"
    words = ["--site", str(folder), "--scan-ms", "50", "--journal", str(book),
             "--state", str(folder / "state")]  # fmt: skip

    def said(what):
        lines = [line.body for one in runs(book) for line in one.lines] if book.exists() else []
        return [json.loads(line) for line in lines if f'"what":"{what}"' in line]

    async def live():
        async with Board(panel) as fire_panel, Board(doors) as board:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "controller", *words
            )
            while not said("polled"):
                await pause(0.02)
            matrix.write_text(MATRIX.replace("sounders: L", "sounder: L"))
            process.send_signal(signal.SIGHUP)
            while not said("reload-refused"):
                await pause(0.02)
            matrix.write_text(MATRIX.replace("fire-a: {sounders: L, ", "fire-a: {"))
            asked_ms = wall_ms()
            process.send_signal(signal.SIGHUP)
            while len(said("polled")) < 2:
                await pause(0.02)
            assert said("polled")[1]["ms"] <= wall_ms() - asked_ms + 100, "not since it began"
            for address in (0, 1):
                await fire_panel.set(address, ALARM)
            while not await board.coil(1):
                await pause(0.02)
            assert not await board.coil(20), "the new matrix rings no sounder"
            process.send_signal(signal.SIGTERM)
            return await process.wait()

    assert run(live()) == 0
    (refused,) = said("reload-refused")
    assert f"{matrix}:" in refused["text"]
    assert "sounders" in refused["text"]
    hashes = [one.site["matrix.yaml"] for one in runs(book)]
    assert len(set(hashes)) == 2, "each run's header binds its own files"


@pytest.mark.wire
def test_the_supervisor_hears_ready_watchdog_and_stopping(tmp_path):
    folder = write_site(tmp_path, free_port(), free_port(), free_port())
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.bind(str(tmp_path / "notify"))
    ear.settimeout(15)
    process = subprocess.Popen(
        [sys.executable, "-m", "controller", "--site", str(folder), "--scan-ms", "50",
         "--journal", str(tmp_path / "c.jsonl")],
        env={"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "200000",
             "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    with ear:
        heard = [ear.recv(1000).decode() for _ in range(6)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        while heard[-1] != "STOPPING=1":
            heard.append(ear.recv(1000).decode())
    assert heard[0] == "READY=1"
    assert heard.count("WATCHDOG=1") >= 3
