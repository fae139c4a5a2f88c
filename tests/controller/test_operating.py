"""The product as operators meet it: over its HTTP door, from a shell, among dead boards."""

from __future__ import annotations

import asyncio
import http.client
import json
import subprocess
import sys

import pytest

from controller import ask
from controller.interface import journal
from controller.interface.clock import pause
from scenarios.benchmarks.controller import latencies
from scenarios.rig.broker import free_port
from tests.controller.conftest import write_site
from tests.controller.test_admission import KEY, write_operators
from tests.controller.wires import LIMIT_S, broker, run

pytestmark = pytest.mark.wire


def words(folder, *extra: str) -> list[str]:
    return [
        sys.executable, "-m", "controller", "--site", str(folder), "--scan-ms", "50",
        "--journal", str(folder / "controller.jsonl"), *extra,
    ]  # fmt: skip


async def asks(folder, door: int, *words: str) -> int:
    key = folder / "guard.key"
    key.write_text(KEY)
    given = [
        *words, "--as", "guard-1", "--site", "test-school", "--key-file", str(key),
        "--reason", "a test", "--http", f"127.0.0.1:{door}",
    ]  # fmt: skip
    return await asyncio.to_thread(ask.main, given)


def faulty(door: int) -> set[str]:
    link = http.client.HTTPConnection("127.0.0.1", door, timeout=LIMIT_S)
    link.request("GET", "/v1/state")
    return {fault["entity"] for fault in json.loads(link.getresponse().read())["faults"]}


def test_an_operator_asks_from_a_shell_over_http_and_mqtt(tmp_path, capsys):
    door, mqtt = free_port(), free_port()
    folder = write_site(tmp_path, mqtt, free_port(), free_port())
    write_operators(folder)

    async def live():
        process = await asyncio.create_subprocess_exec(
            *words(folder, "--http", f"127.0.0.1:{door}")
        )
        try:
            while await asks(folder, door, "evacuate", "a") == 3:
                await pause(0.05)
            assert await asks(folder, door, "disable", "sd-1") == 1
            assert await asks(folder, door, "evacuate", "zone-a") == 1
            over = ["--mqtt", f"127.0.0.1:{mqtt}"]
            while await asks(folder, door, "resound", *over) == 3:
                await pause(0.05)
            while not {"fire-1", "doors-1"} <= await asyncio.to_thread(faulty, door):
                await pause(0.05)
        finally:
            process.terminate()
            await process.wait()

    with broker(tmp_path, mqtt):
        run(live())
    said = capsys.readouterr().out
    assert "ok: evacuation of a ordered" in said
    assert "rejected: a guard may not disable" in said
    assert "rejected: no such zone, device or output" in said
    path = folder / "controller.jsonl"
    assert journal.verify(path) is None
    asked = [r["what"] for r in journal.read(path)[1] if r["k"] == "operation"]
    assert asked[0] == "evacuate"
    assert "resound" in asked


def test_a_wider_door_without_tls_is_not_opened(tmp_path):
    folder = write_site(tmp_path)
    found = subprocess.run(
        words(folder, "--http", "0.0.0.0:0"), capture_output=True, text=True, check=False,
        timeout=LIMIT_S,
    )  # fmt: skip
    assert found.returncode == 2
    assert "0.0.0.0 is not this machine: that needs --http-cert" in found.stderr


def test_keys_that_others_may_read_end_the_product(tmp_path):
    folder = write_site(tmp_path)
    write_operators(folder).chmod(0o644)
    found = subprocess.run(
        words(folder), capture_output=True, text=True, check=False, timeout=LIMIT_S
    )
    assert (found.returncode, "chmod 600" in found.stderr) == (2, True)


def test_twenty_dead_boards_on_real_sockets_hold_up_nobody():
    """Refusing, silent, and swallowing every attempt to connect; each trial must get through."""
    assert asyncio.run(latencies(20, trials=4))["trials"] == 4
