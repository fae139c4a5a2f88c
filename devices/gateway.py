"""One Modbus gateway without its transport: bytes of a request in, bytes of a reply out.

Rig `memory` calls it directly, `devices.serve.modbus` puts a socket in front; both give the same
bytes. A slow gateway takes a request, and reads, writes and answers when its delay has passed. One
that garbles its frames holds every reply until the next `due`, so that whoever counts replies knows
before each slice how many whole frames will have come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from numpy.random import Generator

from controller.interface.modbus import (
    GATEWAY_TARGET,
    IDENTIFY,
    ILLEGAL_ADDRESS,
    ILLEGAL_FUNCTION,
    WRITE_COIL,
    WRITE_COILS,
    Refusal,
    Reply,
    Request,
    decode_request,
    encode_adu,
    encode_reply,
)
from devices.failing.framing import Framing, Sent, through
from devices.failing.wording import Wording
from devices.fence import Fence
from devices.limits import Limits, objection
from devices.master import Master, Outgoing
from devices.network.conditions import Conditions
from devices.profile import Profile
from devices.registers import RegisterImage
from devices.surroundings import Record
from devices.waits import Coming, Held, Waits

MAX_CLIENTS = 4
"""Masters served at the same time (Siemens NK8237: 4); one more is turned away."""

_REMEMBERED = 256
"""Questions whose answers are remembered; a controller asks a dozen, an onlooker any number."""

_FIRST_UNIT = (0, 255)
"""Unit ids that mean the TCP device itself: its first unit."""


@dataclass(frozen=True, slots=True)
class Write:
    """A register written by a master, waiting to reach its device.

    `request` numbers the controller's requests from 1; 0 for those of an onlooker.
    """

    unit: int
    area: str
    address: int
    raw: int
    request: int


class Gateway:
    """A register server for the units behind one address.

    `requests` counts what the controller sent in all, `replies` what its present connection was
    answered, late replies included. Masters that only look on are neither counted nor taped.
    `framings` and `wordings` are faults, in the order in which they began; `refusing`: no new
    master; `parted`: what is sent does not arrive and nobody is told; `silent`: the units whose
    panel does not answer the gateway. `fence` refuses writes of an old controller.
    """

    def __init__(
        self,
        id: str,
        profile: Profile,
        units: Mapping[int, RegisterImage],
        limits: Limits,
        record: Record,
    ) -> None:
        self.id = id
        self.units = units
        self.delay_ms = 0
        self.refuses = self.refusing = False
        self._off: set[str] = set()
        self.parted = False
        self.framings: list[Framing] = []
        self.wordings: list[Wording] = []
        self.silent: set[int] = set()
        self.fence: Fence | None = None
        self.requests = 0
        self.writes: list[Write] = []
        self.tape = sha256()
        self._profile = profile
        self._limits = limits
        self._record = record
        self._clients: dict[int, Master] = {}
        self._controller = Master(counted=True)
        self._speaking = self._controller
        self._waits = Waits()
        self._answers: dict[bytes, tuple[int, bytes]] = {}

    def connect(self, conn: int, counted: bool = True) -> bool:
        """Take a master; False if the gateway is off or has as many as it can serve.

        `counted` False is an onlooker, which nothing in the run depends on; one place is kept free
        of onlookers.
        """
        others = sum(not client.counted for client in self._clients.values())
        full = len(self._clients) >= MAX_CLIENTS
        if self.refuses or self.barred or full or (not counted and others >= MAX_CLIENTS - 1):
            return False
        self._clients[conn] = client = Master(counted)
        if counted:
            self._controller = client
        return True

    def disconnect(self, conn: int) -> None:
        """A master has gone; replies held for it are forgotten."""
        self._clients.pop(conn, None)
        self._waits.forget(conn)

    def receive(self, conn: int, adu: bytes, now: int) -> bytes | None:
        """Answer one whole frame, or hold the reply back (None)."""
        if conn not in self._clients and not self.connect(conn):
            return None
        client, number = self._clients[conn], 0
        if client.counted:
            self.requests += 1
            number = self.requests
            self.tape.update(b"<" + adu)
        if self.parted:
            return None
        if not self.holds:
            return self._answer(client, adu, number, now)
        late_ms = self._waits.hold(now, self.delay_ms, conn, adu, number)
        if client.counted and late_ms:
            self._record(now, 3, "reply", self.id, what="held", ms=late_ms)
        return None

    def carry(self, conditions: Conditions, rng: Generator, now: int) -> None:
        """The network to its masters changes; once it is calm, what is under way arrives."""
        self._waits.carry(conditions, rng, now)
        self.parted = conditions.parted or conditions.half_open

    def waiting(self, conn: int) -> int:
        """Requests of a master that wait for their time."""
        return self._waits.count(conn)

    def due(self, now: int) -> list[Outgoing]:
        """What is sent now to requests that were held, oldest first."""
        ready: list[Outgoing] = []
        for one in self._waits.due(now):
            client = self._clients[one.conn]
            if client.lost:
                continue
            if isinstance(one, Held):
                self._speaking = client
                reply = one.adu[:4] + self._tail(one.adu[6:], one.number, now)
                sent = through(self.framings, reply)
                self._waits.reply(one, sent, bool(self.framings), now)
                continue
            self._hand_over(client, one)
            ready.append(Outgoing(one.conn, *one.sent))
            if client.counted and one.late_ms:
                self._record(now, 2, "reply", self.id, what="late", ms=one.late_ms)
        return ready

    @property
    def replies(self) -> int:
        """Replies sent on the controller's present connection."""
        return self._controller.replies

    @property
    def holds(self) -> bool:
        """Whether the reply to a request made now would be held."""
        bad_way = self.parted or not self._waits.there.calm
        return bad_way or self.delay_ms > 0 or bool(self.framings) or self._controller.halfway

    @property
    def barred(self) -> bool:
        """Whether no new master reaches it."""
        return self.refusing or self._waits.there.conditions.parted

    @property
    def ended(self) -> bool:
        """Whether the controller's connection is over, or will be once it sees what was sent."""
        return self.refuses or self._controller.lost

    def next_wake(self) -> int:
        """When the next late reply is due."""
        return self._waits.next_due()

    def slow(self, delay_ms: int, now: int) -> None:
        """Answer `delay_ms` late from now on; 0: answer at once, and first what is held."""
        self.delay_ms = delay_ms
        if not delay_ms:
            self._waits.hurry(now)

    def hush(self, unit: int, silent: bool) -> None:
        """What is behind a unit stops answering the gateway, or answers again."""
        (self.silent.add if silent else self.silent.discard)(unit)
        self.units[unit].version += 1

    def switch(self, on: bool, why: str = "off") -> None:
        """Off: connections close, new ones are refused, registers stay; on if nothing forbids."""
        (self._off.discard if on else self._off.add)(why)
        self.refuses = bool(self._off)
        if not on:
            self._clients.clear()
            self._waits.clear()

    def _answer(self, client: Master, adu: bytes, number: int, now: int) -> bytes:
        self._speaking = client
        reply = adu[:4] + self._tail(adu[6:], number, now)
        if client.view is None:
            client.replies += 1
        else:
            client.hear(Sent((reply,)))
        if client.counted:
            self.tape.update(b">" + reply)
        return reply

    def _hand_over(self, client: Master, coming: Coming) -> None:
        """Keep book of what a master receives."""
        if client.view is None and not coming.garbled:
            client.replies += 1
        else:
            client.hear(coming.sent)
        if client.counted:
            self.tape.update(b">" + b"".join(coming.sent.pieces))

    def _tail(self, asked: bytes, number: int, now: int) -> bytes:
        """The reply to a unit and PDU, from its length field on.

        Reading the same from registers that nobody has touched since gives the same bytes.
        """
        version = sum(image.version for image in self.units.values())
        known = self._answers.get(asked)
        if known is not None and known[0] == version and not self.wordings:
            return known[1]
        request = decode_request(asked[1:])
        reply = self._reply(asked[0], request, number, now)
        tail = encode_adu(0, asked[0], encode_reply(reply))[4:]
        if self.wordings:
            self._answers.clear()
        elif isinstance(request, Request) and not request.values:
            if len(self._answers) >= _REMEMBERED:
                self._answers.clear()
            self._answers[asked] = (version, tail)
        return tail

    def _reply(self, asked_unit: int, request: Request | Refusal, number: int, now: int) -> Reply:
        if request.function not in self._profile.functions:
            return Reply(request.function, exception=ILLEGAL_FUNCTION)
        if isinstance(request, Refusal):
            return Reply(request.function, exception=request.exception)
        unit = min(self.units) if asked_unit in _FIRST_UNIT else asked_unit
        if unit not in self.units:
            return Reply(request.function, exception=self._profile.unknown_unit)
        if unit in self.silent:
            return Reply(request.function, exception=GATEWAY_TARGET)
        if request.function == IDENTIFY:
            objects = ((0, "campus-twin"), (1, self._profile.product), (2, "1.0"))
            return Reply(IDENTIFY, objects=objects)
        honest = partial(self._carry_out, unit, number)
        for wording in self.wordings:
            honest = partial(wording, image=self.units[unit], now=now, honest=honest)
        return honest(request)

    def _carry_out(self, unit: int, number: int, request: Request) -> Reply:
        return self._write(unit, request, number) if request.values else self._read(unit, request)

    def _read(self, unit: int, request: Request) -> Reply:
        values = self.units[unit].read(request.function, request.address, request.count)
        if values is None:
            return Reply(request.function, exception=ILLEGAL_ADDRESS)
        return Reply(request.function, values)

    def _write(self, unit: int, request: Request, number: int) -> Reply:
        area = "coil" if request.function in (WRITE_COIL, WRITE_COILS) else "holding"
        exception = self._objection(unit, area, request)
        if not exception and self.fence is not None:
            exception = self.fence.objection(self._speaking, unit, area, request)
        if exception:
            return Reply(request.function, exception=exception)
        for address, raw in enumerate(request.values, request.address):
            self.units[unit].write(area, address, raw)
            self.writes.append(Write(unit, area, address, raw, number))
        count = len(request.values)
        return Reply(request.function, request.values, address=request.address, count=count)

    def _objection(self, unit: int, area: str, request: Request) -> int:
        """The exception code that a write deserves; 0 if it is all right, or nothing is written."""
        spares = self._profile.spares
        return objection(self.units[unit], self._limits, spares, unit, area, request)
