"""What every MQTT test works with: a listener, the device's clock, commands and their answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from controller.interface.clock import utc_ms
from controller.interface.envelope import Ack, Envelope, decode_ack, decode_state, encode_command
from controller.interface.kind import Kind, PointRole
from controller.interface.points import Value
from scenarios.conform.answers import commanded, shown_by, states
from scenarios.conform.listener import Heard, Listener, own_id
from scenarios.conform.target import MqttTarget, UnreachableError
from scenarios.conform.verdict import BrokenError, InapplicableError, Latencies, Limits
from scenarios.security.acl import CONTROLLER_USER, OBSERVER_USER

ACK_MS = 2000
"""How long an answer to a command may take."""

MARGIN_MS = 1000
LONGEST_MS = 30_000
_PRESENT_MS = 5000
_EVENT = re.compile(r"\{(.*?)\}")
_NOBODY = "nobody-0"
"""What no card, tag or person is called."""

_GENTLE = ("test", "drill")
"""Words that frighten nobody, where a device has them."""

TTL_MS = 5000


@dataclass(slots=True)
class MqttBench:
    """The device under test; `desc` is what it says of itself."""

    target: MqttTarget
    kind: Kind
    limits: Limits
    listener: Listener
    latencies: Latencies = field(default_factory=Latencies)
    orders: int = 0

    @classmethod
    async def open(cls, target: MqttTarget, kind: Kind, limits: Limits) -> MqttBench:
        """Listen to the device; UnreachableError if nothing at all is heard of it."""
        own = CONTROLLER_USER if target.accounts else own_id()
        listener = await Listener.open(target, own)
        if not await listener.until(lambda: bool(listener.heard), _PRESENT_MS):
            await listener.close()
            raise UnreachableError(f"nothing is heard of {target} within {_PRESENT_MS // 1000} s")
        return cls(target, kind, limits, listener)

    async def close(self) -> None:
        """End the connection."""
        await self.listener.close()

    @property
    def reads(self) -> Mapping[str, PointRole]:
        """Points that the device reports as state."""
        return states(self.kind)

    def settable(self) -> tuple[PointRole, PointRole | None]:
        """Return a point that can be set and the one that shows it; InapplicableError if none."""
        role = commanded(self.kind)
        if role is None:
            raise InapplicableError(f"a {self.kind.name} takes no commands")
        return role, shown_by(self.kind, role)

    def two_values(self, role: PointRole, now: Value | None) -> tuple[Value, Value]:
        """Return two values to set, neither of them the present one."""
        known: list[Value] = [*(role.words or unasked(role) or _examples(role))]
        gentle = [v for v in known if v in _GENTLE]
        rest = [v for v in known if v not in _GENTLE and v != ""]
        free = [v for v in (*gentle, *rest, *known) if v != now]
        first = free[0]
        return first, next(v for v in (*free, now) if v != first and v is not None)

    def state(self, name: str) -> Value | None:
        """Return the last value that was reported of a point."""
        for heard in reversed(self.listener.heard):
            if heard.leaf == f"state/{name}":
                body = decode_state(heard.payload)
                return body.value if isinstance(body, Envelope) else None
        return None

    def knows(self, name: str) -> bool:
        """Whether anything was heard of a point's state."""
        return self.last(f"state/{name}") is not None

    @property
    def report_ms(self) -> int:
        """By when a command shows: the longest declared time that is a response time."""
        times = [
            t.high_ms for t in self.kind.timing.values() if t.text.startswith(("asked", "text"))
        ]
        every = [t.high_ms for t in self.kind.timing.values() if t.high_ms <= LONGEST_MS]
        return max(times or every, default=ACK_MS) + MARGIN_MS

    def clock_ms(self) -> int:
        """Return what the device's clock shows: UTC, or what its last message says."""
        desc = self.last("desc")
        if desc is not None and _body(desc.payload).get("clock") == "utc":
            return utc_ms()
        stamps = [_body(h.payload).get("t") for h in self.listener.heard if h.leaf == "hb"]
        return next((t for t in reversed(stamps) if isinstance(t, int)), utc_ms())

    def last(self, leaf: str) -> Heard | None:
        """Return the last message on a leaf."""
        return next((h for h in reversed(self.listener.heard) if h.leaf == leaf), None)

    def new_id(self) -> str:
        """Return a command id that was not used before."""
        self.orders += 1
        return f"{self.listener.client_id}-{utc_ms()}-{self.orders}"

    @property
    def newcomer(self) -> str:
        """The client id of a second connection."""
        return OBSERVER_USER if self.target.accounts else self.new_id()

    def command(
        self, point: str, value: Value, id: str, *, age_ms: int = 0, ttl_ms: int = TTL_MS,
        retain: bool = False,
    ) -> float:  # fmt: skip
        """Send a command that was made `age_ms` ago; returns when it was sent (ms)."""
        made = max(0, self.clock_ms() - age_ms)
        payload = encode_command(id, value, 4, ttl_ms, made)
        return self.listener.publish(f"cmd/{point}", payload, retain=retain)

    async def ack(self, id: str, since: int, patience_ms: float = ACK_MS) -> Ack | None:
        """Return the answer to a command; None if there is none in time."""
        heard = await self.listener.first(lambda h: _acks(h, id), since, patience_ms)
        if heard is None:
            return None
        body = decode_ack(heard.payload)
        return body if isinstance(body, Ack) else None

    async def shown(self, point: str, value: Value, since: int, patience_ms: float) -> Heard | None:
        """Return the message that reports a value; None if it does not come in time."""
        return await self.listener.first(lambda h: _reports(h, point, value), since, patience_ms)

    async def set(self, role: PointRole, shows: PointRole | None, value: Value) -> None:
        """Set a point and wait until it shows; BrokenError if it is not done."""
        id, since = self.new_id(), len(self.listener.heard)
        self.command(role.name, value, id)
        ack = await self.ack(id, since)
        if ack is None or ack.result != "ok":
            got = "no answer" if ack is None else f"`{ack.result}`"
            raise BrokenError(f"{role.name} = {value!r}: {got} within {ACK_MS} ms, expected `ok`")
        if shows is not None and self.state(shows.name) != value:
            seen = await self.shown(shows.name, value, since, self.report_ms)
            if seen is None:
                raise BrokenError(f"{shows.name} does not show {value!r} after {self.report_ms} ms")


def event_of(role: PointRole) -> str:
    """Return the event that a point with `forms` answers."""
    return str(_EVENT.findall(role.forms[0])[0])


def filled(form: str, value: str) -> str:
    """Return a form with the event's value in it."""
    return _EVENT.sub(lambda _: value, form)


def unasked(role: PointRole) -> list[str]:
    """Return well-formed answers to an event that never was; none where a point answers none."""
    return [filled(form, _NOBODY) for form in role.forms]


def _examples(role: PointRole) -> list[Value]:
    if role.as_type == "bool":
        return [True, False]
    if role.as_type == "text":
        return ["conformance test 1", "conformance test 2", ""]
    low, high = role.span or (0, 1)
    return [low, high]


def _body(payload: bytes) -> dict[str, Any]:
    try:
        body = json.loads(payload)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _acks(heard: Heard, id: str) -> bool:
    return heard.leaf == "ack" and _body(heard.payload).get("id") == id


def _reports(heard: Heard, point: str, value: Value) -> bool:
    if heard.leaf != f"state/{point}" or heard.retained:
        return False
    body = decode_state(heard.payload)
    return isinstance(body, Envelope) and body.value == value
