"""One script of connects, wills, retained and published messages: exchange and real brokers agree.

Repeats are removed by topic and payload and topics nobody asked for are ignored, as every client of
ours does (amqtt sends both); what is left must be the same messages to the same clients.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from devices.exchange import Exchange, Publication
from devices.serve.access import Access
from devices.serve.connection import Connection
from tests.contract.conftest import RealBroker
from tests.contract.listener import Listener

pytestmark = pytest.mark.wire
Delivered = dict[str, list[tuple[str, bytes]]]


def message(topic: str, body: str, retain: bool = False) -> Publication:
    return Publication(topic, body.encode(), retain)


SCRIPT: list[tuple[object, ...]] = [
    ("connect", "ctl", None, ("s/+/state/#", "s/+/status", "s/+/hb")),
    ("connect", "d1", message("s/d1/status", "lost", retain=True), ("s/d1/cmd/#",)),
    ("publish", "d1", message("s/d1/status", "ready", retain=True)),
    ("publish", "d1", message("s/d1/state/x", "1", retain=True)),
    ("publish", "d1", message("s/d1/state/y", "7", retain=True)),
    ("publish", "d1", message("s/d1/hb", "beat 1")),
    ("publish", "d1", message("s/d1/ack", "nobody listens")),
    ("publish", "ctl", message("s/d1/cmd/x", "go")),
    ("publish", "ctl", message("s/d2/cmd/x", "too early, d2 is not there")),
    ("connect", "d2", message("s/d2/status", "d2 lost", retain=True), ("s/d2/cmd/#",)),
    ("publish", "ctl", message("s/d2/cmd/x", "go d2")),
    ("publish", "d1", message("s/d1/state/x", "2", retain=True)),
    ("connect", "late", None, ("s/d1/state/x", "s/+/status")),
    ("publish", "d1", message("s/d1/state/y", "", retain=True)),
    ("lose", "d1"),
    ("connect", "later", None, ("s/#",)),
    ("connect", "d1", message("s/d1/status", "lost again", retain=True), ("s/d1/cmd/#",)),
    ("publish", "d1", message("s/d1/status", "ready again", retain=True)),
    ("disconnect", "d2"),
    ("publish", "ctl", message("s/d2/cmd/x", "d2 has gone")),
    ("connect", "d2", None, ("s/d2/cmd/#", "s/+/status")),
    ("disconnect", "late"),
    ("publish", "d1", message("s/d1/hb", "beat 2")),
]


class Memory:
    """The script on the exchange; keeps what each client was handed over all its sessions."""

    def __init__(self) -> None:
        self.exchange = Exchange()
        self.got: Delivered = {}

    def play(self, verb: str, client: str, *rest: object) -> None:
        self.got.setdefault(client, []).extend(self.exchange.take(client))
        match verb, rest:
            case "connect", (will, filters):
                assert self.exchange.connect(client, will, filters)  # type: ignore[arg-type]
            case "publish", (publication,):
                self.exchange.publish(client, publication)  # type: ignore[arg-type]
            case "lose", ():
                self.exchange.lose(client)
            case _:
                self.exchange.disconnect(client)
        for name in self.got:
            self.got[name].extend(self.exchange.take(name))


class Real:
    """The script on a broker; after each step it waits for what the exchange says must come."""

    def __init__(self, port: int, memory: Memory) -> None:
        self.port, self.memory = port, memory
        self.changed = asyncio.Event()
        self.clients: dict[str, Listener] = {}
        self.open: dict[str, Connection] = {}

    async def play(self, verb: str, client: str, *rest: object) -> None:
        if verb == "connect":
            will, filters = rest
            listener = self.clients.setdefault(client, Listener(client))
            listener.subscriptions = filters  # type: ignore[assignment]
            connection = Connection(listener, will, self.changed)  # type: ignore[arg-type]
            self.open[client] = connection
            await connection.connect(Access("127.0.0.1", self.port))
            await self.until(lambda: connection.ready)
        elif verb == "publish":
            self.open[client].publish(rest)  # type: ignore[arg-type]
        else:
            connection = self.open.pop(client)
            (connection.cut if verb == "lose" else connection.goodbye)()
            await self.until(lambda: connection.closed)
        await self.until(self.all_there)

    def all_there(self) -> bool:
        want = self.memory.got
        return all(len(self.clients[name].got) >= len(want[name]) for name in self.open)

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not reached():
                self.changed.clear()
                await self.changed.wait()

    async def fence(self) -> None:
        """Nothing more is on its way: one more message to every client, answered by all."""
        names = sorted(self.open)
        for name in names:
            topic = self.clients[name].subscriptions[0].replace("+", "d9").replace("#", "fence")
            self.open["ctl"].publish((message(topic, f"fence {name}"),))
            await self.until(lambda n=name: self.clients[n].fenced())  # type: ignore[misc]

    async def close(self) -> None:
        for connection in self.open.values():
            connection.goodbye()
        await self.until(lambda: all(c.closed for c in self.open.values()))


@pytest.mark.parametrize("kind", ["mosquitto", "embedded"])
def test_the_same_script_delivers_the_same_messages(
    broker: Callable[[str], RealBroker], kind: str
) -> None:
    server = broker(kind)

    async def scene() -> tuple[Delivered, Delivered]:
        await server.start()
        try:
            memory = Memory()
            real = Real(server.port, memory)
            for verb, client, *rest in SCRIPT:
                memory.play(str(verb), str(client), *rest)
                await real.play(str(verb), str(client), *rest)
            await real.fence()
            await real.close()
            return memory.got, {name: c.got for name, c in real.clients.items()}
        finally:
            await server.stop()

    expected, got = asyncio.run(scene())
    plain = {
        name: sorted(m for m in messages if not m[1].startswith(b"fence"))
        for name, messages in got.items()
    }
    assert plain == {name: sorted(set(messages)) for name, messages in expected.items()}
    assert [body for topic, body in got["ctl"] if topic == "s/d1/status"][:4] == [
        b"ready", b"lost", b"ready again",
    ]  # fmt: skip
    assert sum(map(len, expected.values())) >= 15
