"""How fast cards are decided at arrival: 2,000 holders, 200 doors, 40 cards a second, real sockets.

The controller runs as the product does: a process of its own on the wall clock, scanning every
50 ms, with journal and state file on the disk. It reads 200 readers over a real broker and polls
the 200 locks over Modbus/TCP. The clock runs from a card's message to the verdict at its reader.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from controller.interface.cards import card_key, pseudonym
from controller.interface.clock import pause, wall_ms, wall_us
from controller.interface.envelope import Malformed, decode_command, encode_heartbeat, encode_state
from controller.interface.points import PointList, Quality
from controller.interface.streams import stream
from devices.bank import Bank
from devices.exchange import Publication
from devices.serve.access import Access
from devices.serve.connection import Connection
from devices.serve.modbus import ModbusServer
from scenarios.benchmarks.measure import Measure, tell
from scenarios.district.percentile import percentile
from scenarios.district.school import Weather, nobody
from scenarios.rig.broker import Broker, choose, die_with_parent, free_port

DOORS, BOARDS, CLASSES, CLASS = 200, 20, 50, 40
PER_SECOND, SECONDS = 40, 30
SCAN_MS = 50
TARGET_MS = 100.0
_SITE, _BOOT = "bench", "bench"
_ANSWER_S = 5.0
_POINTS = (
    "verdict: {topic: cmd/verdict, as: text}, card: {topic: event/card, as: text}, "
    "passed: {topic: event/passed, as: text}"
)


def doors() -> list[dict[str, Any]]:
    """The figures of the group `plan`: arrival at 200 doors."""
    tell(f"{PER_SECOND} cards a second at {DOORS} doors")
    with tempfile.TemporaryDirectory() as name:
        found = asyncio.run(_arrival(Path(name)))
    return [Measure("access.decision_p99_ms", found["p99"], "ms", TARGET_MS, more=found).row()]


class _Readers:
    """All readers in one client: cards go out, verdicts come back; `waits` are cards not answered.

    The card system's order is kept: each person comes once, so each card is answered once.
    """

    client_id = "bench-readers"
    subscriptions = (f"cs/1/{_SITE}/card/+/cmd/verdict",)

    def __init__(self) -> None:
        self.waits: dict[str, int] = {}
        self.times_us: list[int] = []
        self.verdicts: Counter[str] = Counter()
        self._numbers = [0] * DOORS

    def receive(self, topic: str, payload: bytes) -> None:
        """A verdict has come: how long it took."""
        order = decode_command(payload)
        if isinstance(order, Malformed) or not isinstance(order.value, str):
            return
        said, _, card = order.value.partition(" ")
        if card in self.waits:
            self.times_us.append(wall_us() - self.waits.pop(card))
            self.verdicts[said] += 1

    def beats(self) -> list[Publication]:
        """A heartbeat of every reader."""
        return [self._say(n, "hb", None) for n in range(DOORS)]

    def shows(self, reader: int, card: str) -> Publication:
        """A card is shown at a reader."""
        self.waits[card] = wall_us()
        return self._say(reader, "event/card", card)

    def _say(self, reader: int, leaf: str, value: str | None) -> Publication:
        self._numbers[reader] += 1
        number, now = self._numbers[reader], wall_ms()
        body = (
            encode_heartbeat(now, number, _BOOT) if value is None
            else encode_state(now, number, _BOOT, Quality.GOOD, value)
        )  # fmt: skip
        return Publication(f"cs/1/{_SITE}/card/rd-{reader}/{leaf}", body, False)


async def _arrival(folder: Path) -> dict[str, Any]:
    ports = [free_port() for _ in range(1 + BOARDS)]
    broker = Broker(choose("auto"), "127.0.0.1", free_port())
    _write_site(folder, ports, broker.port)
    async with AsyncExitStack() as ends:
        await broker.start()
        ends.push_async_callback(broker.stop)
        points = PointList.load(folder / "points.yaml")
        bank, began_ms = Bank(points, Weather(wall_ms()), 1, nobody), wall_ms()
        for gateway, port in zip(bank.gateways.values(), [*ports[1:], ports[0]], strict=True):
            server = ModbusServer(gateway, lambda: wall_ms() - began_ms)
            await server.start("127.0.0.1", port)
            ends.push_async_callback(server.close)
        readers = _Readers()
        connection = Connection(readers, None, asyncio.Event())
        await connection.connect(Access("127.0.0.1", broker.port))
        process = await _controller(folder)
        try:
            await _until_polled(bank)
            sent = await _come(readers, connection)
        finally:
            connection.goodbye()
            if process.returncode is None:
                process.terminate()
            await process.wait()
    return _told(folder, readers, sent, broker.kind)


async def _controller(folder: Path) -> asyncio.subprocess.Process:
    words = ("--site", folder, "--scan-ms", SCAN_MS, "--journal", folder / "controller.jsonl",
             "--state", folder / "state")  # fmt: skip
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "controller", *map(str, words), preexec_fn=die_with_parent()
    )


async def _until_polled(bank: Bank) -> None:
    began_ms = wall_ms()
    while not all(gateway.requests > 3 for gateway in bank.gateways.values()):
        if wall_ms() - began_ms > 30_000:
            raise RuntimeError("waited 30 s for the first polls")
        await pause(0.05)


async def _come(readers: _Readers, connection: Connection) -> int:
    """Everybody comes once, at Poisson times, to any door; how many came."""
    rng = stream(1, "arrival")
    key = card_key(Path(), _SITE)
    people = [f"c{c}.p{n:02}" for c in range(CLASSES) for n in range(1, CLASS + 1)]
    order = rng.permutation(len(people))[: PER_SECOND * SECONDS].tolist()
    began_ms, due_ms, beat_ms = wall_ms(), 0.0, 0
    for k in order:
        due_ms += float(rng.exponential(1000 / PER_SECOND))
        while (now := wall_ms() - began_ms) < due_ms:
            if now >= beat_ms:
                connection.publish(readers.beats())
                beat_ms += 1000
            await pause(max(0.0, min(due_ms, beat_ms) - now) / 1000)
        card = pseudonym(key, people[k])
        connection.publish([readers.shows(int(rng.integers(DOORS)), card)])
    last_ms = wall_ms()
    while readers.waits and wall_ms() - last_ms < 1000 * _ANSWER_S:
        await pause(0.05)
    return len(order)


def _told(folder: Path, readers: _Readers, sent: int, broker: str) -> dict[str, Any]:
    """Percentiles in ms, and whether every card is in the journal with its decision."""
    lines = (folder / "controller.jsonl").read_text("utf-8").splitlines()
    logged = sum(json.loads(line).get("k") == "access" for line in lines)
    tenths = Counter(round(one / 100) for one in readers.times_us)
    return {
        "p50": percentile(tenths, 0.5) / 10,
        "p99": percentile(tenths, 0.99) / 10,
        "max": round(max(readers.times_us, default=0) / 1000, 1),
        "cards": sent,
        "answered": len(readers.times_us),
        "granted": readers.verdicts["yes"],
        "logged": logged,
        "log_complete": logged == sent == len(readers.times_us),
        "broker": broker,
    }


def _write_site(folder: Path, ports: list[int], mqtt: int) -> None:
    """200 doors, each a lock on one of 20 boards and a reader; 50 classes of 40; two areas."""
    lines = ["points: 1", f"site: {_SITE}", f"mqtt: {{host: 127.0.0.1, port: {mqtt}}}"]
    lines.append("gateways:")
    lines += [
        f"  - {{id: doors-{n}, profile: door-board, host: 127.0.0.1, port: {port}, at: a, "
        "poll_ms: 1000, timeout_ms: 1000, retries: 1}"
        for n, port in enumerate(ports[1:])
    ]
    lines.append(_PANEL.format(ports[0]))
    for n in range(DOORS):
        base = 16 * (n // BOARDS)
        lines.append(
            f"  - {{id: lock-{n}, kind: door-lock, at: a, portal: p{n}, "
            f"gateway: doors-{n % BOARDS}, points: {{release: {{coil: {base + 1}, write: true}}, "
            f"bolt: {{discrete: {base + 1}}}, forced: {{discrete: {base + 4}}}}}}}"
        )
        lines.append(
            f"  - {{id: rd-{n}, kind: card-reader, at: a, portal: p{n}, bus: mqtt, "
            f"points: {{{_POINTS}}}}}"
        )
    (folder / "points.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    groups = ", ".join(
        f"{{id: c{n}, kind: class, grade: {n % 6 + 1}, profile: p, count: {CLASS}, "
        "pre_movement: t, at: a}"
        for n in range(CLASSES)
    )
    (folder / "people.yaml").write_text(
        "people: 1\nprofiles: {p: {speed: {mean: 1.0, sd: 0.1, min: 0.6, max: 1.5}}}\n"
        f"pre_movement: {{t: {{median_s: 20, sigma: 0.4}}}}\ngroups: [{groups}]\n", "utf-8",
    )  # fmt: skip
    (folder / "matrix.yaml").write_text(_MATRIX, "utf-8")
    (folder / "plan.yaml").write_text(_PLAN, "utf-8")


_PANEL = """  - {{id: fire-1, profile: fire-panel, host: 127.0.0.1, port: {0}, at: a, poll_ms: 500}}
devices:
  - {{id: sd-1, kind: smoke-detector, at: a, zone: a, gateway: fire-1,
     points: {{state: {{holding: 0, as: loop}}}}}}
  - {{id: sd-2, kind: smoke-detector, at: a, zone: a, gateway: fire-1,
     points: {{state: {{holding: 1, as: loop}}}}}}"""
_MATRIX = """matrix: 1
reset: {point: lock-0.forced, equals: true}
operator: {point: lock-0.forced, equals: true}
causes:
  - {id: fire, say: "Fire", when: confirmed, zones: [a]}
effects:
  - {id: all, say: "All doors", outputs: ["lock-*.release"], value: true}
rows:
  fire: {all: U}
"""
_PLAN = """plan: 1
utc_offset_h: 0
access:
  areas: [{id: school, portals: ["p*"], anti_passback: hard}]
  rights:
    - {id: lower, who: {grades: [1, 2, 3]}, portals: ["p[1-6]*"]}
    - {id: upper, who: {grades: [4, 5, 6]}, portals: ["p*"]}
"""
