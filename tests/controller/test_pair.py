"""Two real controllers on real sockets: one leads, one follows; the fence decides between them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

from controller.interface import journal
from controller.interface.clock import pause, wall_ms
from controller.interface.files import BadFile
from controller.interface.points import PointList
from controller.options import place, running
from controller.parts import runs
from controller.secret import Secret, read
from devices.bank import Bank
from devices.network.relay import Relay
from devices.serve.live import LiveDevices
from scenarios.emulate.quiet import QuietWorld
from scenarios.rig.broker import free_port
from tests.controller.conftest import write_site
from tests.controller.wires import ALARM, NORMAL

pytestmark = pytest.mark.wire
LIMIT_S = 40
BOARD = (
    "  - {id: board-1, kind: io-board, at: a, gateway: doors-1, unit: 247,\n"
    "     points: {epoch: {holding: 0, write: true}, held: {input: 0}, refused: {input: 1}}}\n"
)


class Site:
    """Emulated gateways, and the two nodes of a pair; b reaches a through a relay."""

    def __init__(self, folder: Path) -> None:
        self.panel, self.board = free_port(), free_port()
        self.folder = write_site(folder, free_port(), self.panel, self.board)
        with (self.folder / "points.yaml").open("a") as file:
            file.write(BOARD)
        shared = folder / "pair.secret"
        shared.write_text("5" * 64)
        shared.chmod(0o600)
        self.secrets = {"a": shared, "b": shared}
        self.at = {"a": free_port(), "b": free_port()}
        self.bank = Bank(PointList.load(self.folder / "points.yaml"), QuietWorld(), 1, self.record)
        self.devices = LiveDevices(self.bank, wall_ms(), None)
        self.fence = self.bank.gateways["doors-1"].fence
        self.applied: list[tuple[int, str, object]] = []
        self.nodes: dict[str, asyncio.subprocess.Process] = {}

    async def __aenter__(self):
        here = "127.0.0.1"
        await self.devices.start({"fire-1": (here, self.panel), "doors-1": (here, self.board)})
        self.relay = Relay(here, self.at["a"], np.random.Generator(np.random.PCG64(1)))
        self.way = await self.relay.start(here, 0)
        return self

    async def __aexit__(self, *_):
        for process in self.nodes.values():
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        await self.relay.close()
        await self.devices.close()

    def record(self, t_ms, phase, kind, entity, **data):
        if kind == "apply":
            self.applied.append((t_ms, entity, data["value"]))

    async def start(self, node: str) -> None:
        peer = self.way if node == "b" else self.at["b"]
        self.nodes[node] = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "controller", "--site", str(self.folder), "--scan-ms", "50",
            "--state", str(self.folder / f"state-{node}"), "--journal", str(self.path(node)),
            "--pair-secret", str(self.secrets[node]),
            "--node", node, "--listen", f"127.0.0.1:{self.at[node]}", "--peer", f"127.0.0.1:{peer}",
        )  # fmt: skip

    async def both(self) -> None:
        """Node a leads, b follows."""
        await self.start("a")
        await self.until(lambda: self.fence.held)
        await self.start("b")
        await self.until(lambda: (self.folder / "state-b").exists())

    def path(self, node: str) -> Path:
        return self.folder / f"{node}.jsonl"

    def alarm(self, word: int) -> None:
        for address in (0, 1):
            self.bank.gateways["fire-1"].units[1].write("holding", address, word)

    @property
    def outputs(self) -> tuple[int, ...]:
        """Release of the lock, sounder."""
        return tuple(self.bank.gateways["doors-1"].units[1].read(1, at, 1)[0] for at in (1, 20))

    async def fire(self) -> None:
        """A confirmed fire whose smoke is gone again: only the latch keeps the outputs."""
        self.alarm(ALARM)
        await self.until(lambda: self.outputs == (1, 1))
        await self.until(lambda: b'"sd-2"' in (self.folder / "state-b").read_bytes())
        self.alarm(NORMAL)

    async def until(self, true) -> int:
        """Wait until something holds; how long that took (ms)."""
        began = wall_ms()
        while not true():
            await pause(0.01)
        return wall_ms() - began

    def saved(self, node: str) -> bytes:
        """What a node has saved; one that follows saves what it hears."""
        return (self.folder / f"state-{node}").read_bytes()

    def flaps(self) -> list[tuple[int, str, object]]:
        return [a for a in self.applied if a[1] in ("lock-1.release", "snd-1.on") and not a[2]]

    def said(self, node: str, what: str) -> list[dict]:
        return [r for r in journal.read(self.path(node))[1] if r.get("what") == what]


def play(folder, script):
    async def limited():
        async with asyncio.timeout(LIMIT_S), Site(folder) as site:
            await script(site)

    asyncio.run(limited())


def test_the_follower_takes_over_within_3_s_and_loses_no_alarm(tmp_path):
    async def script(site: Site) -> None:
        await site.both()
        assert site.fence.held == 1
        await site.fire()
        killed_ms = wall_ms()
        site.nodes["a"].kill()
        took_ms = await site.until(lambda: site.fence.held == 2)
        assert took_ms <= 3000, "from the kill to the new claim in the board's register"
        await site.until(lambda: site.said("b", "polled"))
        (polled,) = site.said("b", "polled")
        assert polled["ms"] <= wall_ms() - killed_ms + 100, "not since it began to follow"
        (kept,) = site.said("b", "restore")
        assert set(kept["state"]["alarms"]["devices"]) == {"sd-1", "sd-2"}
        old = site.saved("a")
        await site.start("a")
        await site.until(lambda: site.saved("a") != old)
        assert site.fence.held == 2, "the one that comes back follows"
        assert (site.outputs, site.flaps()) == ((1, 1), [])
        assert len(list(runs(site.path("a")))) == 1

    play(tmp_path, script)


def test_of_two_that_both_think_they_lead_the_older_is_refused_and_stands_by(tmp_path):
    async def script(site: Site) -> None:
        await site.both()
        await site.fire()
        site.nodes["a"].send_signal(signal.SIGSTOP)
        await site.until(lambda: site.fence.held == 2)
        site.nodes["a"].send_signal(signal.SIGCONT)
        await site.until(lambda: site.said("a", "replaced"))
        assert site.fence.refused >= 1, "its claim came too late"
        old = site.saved("a")
        await site.until(lambda: site.saved("a") != old)
        assert site.fence.held == 2
        assert (site.outputs, site.flaps()) == ((1, 1), [])
        site.nodes["b"].kill()
        await site.until(lambda: site.fence.held == 3)
        assert site.flaps() == []

    play(tmp_path, script)


def test_a_cut_between_the_two_leaves_one_leader_on_the_boards(tmp_path):
    async def script(site: Site) -> None:
        await site.both()
        await site.relay.close()
        await site.until(lambda: site.fence.held == 2)
        await site.until(lambda: site.said("a", "replaced"))
        await site.fire()
        await site.until(lambda: b'"sd-2"' in site.saved("a"))
        assert site.fence.held == 2, "they do not take turns"
        assert site.outputs == (1, 1)
        await site.until(lambda: {"lock-1.release", "snd-1.on"} <= {a[1] for a in site.applied})
        orders = [a for a in site.applied if a[1] in ("lock-1.release", "snd-1.on")]
        again = [r for w in ("resend", "timeout") for r in site.said("b", w)]
        assert len(orders) <= 2 + len(again), "told once, or again for a reply that did not come"
        told = list(dict.fromkeys(name for _, name, _ in orders))
        assert told == ["snd-1.on", "lock-1.release"]
        asked = [r["e"] for r in journal.read(site.path("b"))[1] if r["k"] == "command"]
        assert [name for name in asked if name in told] == told, "one command each, by the leader"
        stopped = site.said("a", "replaced")[0]["n"]
        late = [r for r in journal.read(site.path("a"))[1] if r["n"] > stopped]
        assert not [r for r in late if r["k"] == "command"]
        assert site.flaps() == [], "and the one that was replaced takes nothing back"

    play(tmp_path, script)


def test_nodes_with_different_secrets_say_so_and_neither_follows_the_other(tmp_path):
    async def script(site: Site) -> None:
        other = tmp_path / "other.secret"
        other.write_text("6" * 64)
        other.chmod(0o600)
        site.secrets["b"] = other
        await site.start("a")
        await site.until(lambda: site.fence.held == 1)
        await site.start("b")
        await site.until(lambda: site.path("a").exists() and site.said("a", "pair"))
        told = "whoever asks as the other node knows another secret: told nothing"
        assert site.said("a", "pair")[0]["text"] == told
        await site.until(lambda: told in [r["text"] for r in site.said("a", "fault")])
        await site.until(lambda: site.fence.held == 2)
        assert not (site.folder / "state-b").exists() or b'"sd-1"' not in site.saved("b")
        await site.until(lambda: site.said("a", "replaced"))

    play(tmp_path, script)


def test_a_stranger_at_the_channel_is_told_nothing_and_can_say_nothing(tmp_path):
    async def script(site: Site) -> None:
        await site.both()
        reader, writer = await asyncio.open_connection("127.0.0.1", site.at["a"])
        asked = json.loads(await reader.readline())
        assert asked.keys() == {"number"}, "no epoch, no state"
        writer.write(json.dumps({"number": "00", "proof": "0" * 64}).encode() + b"\n")
        assert json.loads(await reader.readline()) == {"refused": "another secret"}
        assert await reader.read() == b""
        writer.close()
        assert site.fence.held == 1

    play(tmp_path, script)


SECRET = Secret(b"5" * 64)


def test_a_seal_holds_for_the_next_line_of_its_connection_only():
    ours, theirs = SECRET.seal("1", "2"), SECRET.seal("1", "2")
    first, second = ours.sealed(b"one\n"), ours.sealed(b"two\n")
    assert theirs.broken(first) == b"one\n"
    assert theirs.broken(first) is None, "played again"
    assert SECRET.seal("1", "2").broken(second) is None, "out of its turn"
    assert SECRET.seal("1", "3").broken(first) is None, "of another connection"
    assert SECRET.seal("1", "2").broken(first[:-2] + b"E\n") is None, "changed on the way"
    assert Secret(b"6" * 64).seal("1", "2").broken(first) is None
    assert SECRET.seal("1", "2").broken(b"") is None


def test_a_proof_cannot_be_turned_round():
    proof = SECRET.proof("asks", "1", "2")
    assert SECRET.holds(proof, "asks", "1", "2")
    assert not SECRET.holds(proof, "answers", "1", "2")
    assert not SECRET.holds(proof, "asks", "2", "1")
    assert not SECRET.holds(None, "asks", "1", "2")


@pytest.mark.parametrize(
    ("text", "mode", "why"),
    [
        ("short", 0o600, "a secret of 5 characters can be guessed"),
        ("5" * 64, 0o644, "others may read it: chmod 600"),
        (None, 0o600, "the secret of the pair cannot be read: No such file"),
    ],
)
def test_a_secret_that_is_none_is_refused_in_one_sentence(tmp_path, text, mode, why):
    path = tmp_path / "secret"
    if text is not None:
        path.write_text(text)
        path.chmod(mode)
    with pytest.raises(BadFile) as bad:
        read(path)
    assert why in str(bad.value.problems[0])


def test_half_a_pair_is_refused():
    words = ["--site", "x", "--node", "a", "--listen", "h:1", "--peer", "h:2", "--state", "s"]
    with pytest.raises(BadFile) as bad:
        place(running().parse_args(words))
    assert "--pair-secret" in str(bad.value.problems[0])
