"""Ending a device's session from outside: a broker throws out the first of two of one client id."""

from __future__ import annotations

from typing import Protocol

from controller.interface.clock import pause, wall_ms
from controller.interface.envelope import Status, decode_status
from scenarios.conform.listener import Heard, Listener
from scenarios.conform.mqtt_bench import MqttBench
from scenarios.conform.target import MqttTarget
from scenarios.conform.verdict import InapplicableError, Limits, demand

BACK_MS = 40_000
"""A device that lost its session is back within its longest back-off (30 s)."""

_UNTOUCHED = 4
"""So many heartbeats after the attempt say that it failed."""


class Session(Protocol):
    """A bench that listens to one client of a broker."""

    @property
    def target(self) -> MqttTarget:
        """Who it is."""
        ...

    @property
    def limits(self) -> Limits:
        """Its client id, if that is not its id."""
        ...

    @property
    def listener(self) -> Listener:
        """What is heard of it."""
        ...


async def throw_out(bench: Session) -> int:
    """Take the device's session by its client id; returns the number of the next message."""
    since = len(bench.listener.heard)
    other = await Listener.open(bench.target, bench.limits.client_id or bench.target.id, "")
    await other.close()
    return since


async def back(bench: MqttBench, since: int) -> Heard | None:
    """Wait until the device says that it is ready again; None if its session was never ended.

    A device whose heart beats on, without a will and without a new `ready`, was not thrown out.
    """
    heard = bench.listener.heard

    def over() -> bool:
        new = heard[since:]
        beats = sum(h.leaf == "hb" for h in new) >= _UNTOUCHED and not any(map(is_lost, new))
        return beats or any(map(is_ready, new))

    await bench.listener.until(over, BACK_MS)
    return next((h for h in heard[since:] if is_ready(h)), None)


async def soak(bench: Session) -> int:
    """Listen for as long as asked; returns the number of the first message of that time.

    InapplicableError where nothing was asked, BrokenError if the broker ends our connection.
    """
    seconds = bench.limits.soak_s
    if not seconds:
        raise InapplicableError("give --soak SECONDS")
    since, began = len(bench.listener.heard), wall_ms()
    while wall_ms() - began < seconds * 1000:
        await pause(min(1.0, seconds))
        demand(not bench.listener.lost, "the broker closed our connection")
    return since


def is_ready(heard: Heard) -> bool:
    """Whether a live message says that the device is ready."""
    body = decode_status(heard.payload) if heard.leaf == "status" else None
    return isinstance(body, Status) and body.state == "ready" and not heard.retained


def is_lost(heard: Heard) -> bool:
    """Whether a message is the will: status `lost`."""
    body = decode_status(heard.payload) if heard.leaf == "status" else None
    return isinstance(body, Status) and body.state == "lost"
