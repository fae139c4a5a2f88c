"""The real program on a real file system that is too small: alarms come first, all is told."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from controller.interface.clock import pause
from scenarios.rig.broker import free_port
from tests.controller.conftest import write_site
from tests.controller.wires import ALARM, NORMAL, Board, run

pytestmark = pytest.mark.wire


class Disk:
    """A file system of 1 MB in a mount namespace of the controller's own, seen from outside."""

    def __init__(self, process: int, folder: Path) -> None:
        self.folder = Path(f"/proc/{process}/root{folder}")
        self._fillers: list[Path] = []

    def fill(self) -> None:
        """Leave not one block."""
        filler = self.folder / f"filler{len(self._fillers)}"
        self._fillers.append(filler)
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(512)):
                    pass
            except OSError:
                return

    def clear(self) -> None:
        for filler in self._fillers:
            filler.unlink()

    def says(self, *words: str) -> bool:
        """Whether the journal has a record with these words."""
        book = self.folder / "c.jsonl"
        lines = book.read_text("utf-8").split("\n")[:-1] if book.exists() else []
        return any(all(word in line for word in words) for line in lines)


async def until(true) -> None:
    while not true():
        await pause(0.02)


def test_a_full_disk_is_a_fault_and_alarms_are_handled_from_reserved_space(tmp_path):
    panel, doors = free_port(), free_port()
    folder = write_site(tmp_path, free_port(), panel, doors)
    (tmp_path / "disk").mkdir()
    owner = "-m" if os.geteuid() == 0 else "-rm"
    shell = (
        f"mount -t tmpfs -o size=1m tmpfs {tmp_path}/disk && exec {sys.executable} -m controller "
        f"--site {folder} --scan-ms 50 --journal {tmp_path}/disk/c.jsonl "
        f"--state {tmp_path}/disk/state --journal-reserve-mb 0.008 --journal-waiting-mb 0.0003"
    )

    async def babble(board, true) -> None:
        """A call point of the other kind goes on and off, so that there is something to write."""
        while not true():
            for word in (ALARM, NORMAL):
                await board.set(201, word)
                await pause(0.6)

    async def live():
        async with Board(panel) as fire, Board(doors) as board:
            process = await asyncio.create_subprocess_exec("unshare", owner, "sh", "-c", shell)
            disk = Disk(process.pid, tmp_path / "disk")
            state = disk.folder / "state"
            await until(lambda: disk.says('"polled"'))
            disk.fill()
            await babble(fire, lambda: not (disk.folder / "c.jsonl.reserve").exists())
            disk.fill()
            size = (disk.folder / "c.jsonl").stat().st_size
            await fire.set(0, ALARM)
            await fire.set(1, ALARM)
            while not await board.coil(1):
                await pause(0.02)
            latched = b'"sd-1"' in state.read_bytes() and b'"sd-2"' in state.read_bytes()
            for word in (ALARM, NORMAL) * 6:  # more than the block begun and what may wait can take
                await fire.set(201, word)
                await pause(0.6)
            grown = (disk.folder / "c.jsonl").stat().st_size - size
            disk.clear()
            await until(lambda: disk.says('"fault-over"'))
            process.send_signal(signal.SIGTERM)
            await until(lambda: disk.says('"what":"stop"'))
            (tmp_path / "copy.jsonl").write_bytes((disk.folder / "c.jsonl").read_bytes())
            return latched, grown, await process.wait()

    latched, grown, code = run(live(), 60)
    assert latched, "saved in the space that was set aside"
    assert grown < 4096, "the journal had no block left to grow into"
    assert code == 0
    text = (tmp_path / "copy.jsonl").read_text("utf-8")
    (gap,) = [json.loads(line) for line in text.splitlines() if '"what":"gap"' in line]
    assert gap["lost"] > 0
    assert gap["why"] == "the journal cannot be written: No space left on device"
    words = [sys.executable, "-m", "controller"]
    copy = str(tmp_path / "copy.jsonl")
    proved = subprocess.run([*words, "verify-journal", copy], capture_output=True, check=False)
    assert proved.returncode == 0
    assert b"records found no room" in proved.stdout
    again = [*words, "replay", copy, "--site", str(folder)]
    assert subprocess.run(again, check=False).returncode == 0
