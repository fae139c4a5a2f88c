"""Faults of obeying: what a device does with a command that it was given."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from devices.agenda import Agenda

AGAIN_MS = 500
"""How long after the first time a command is carried out a second time."""

Do = Callable[[int], str]
"""Carries the command out at a time (ms); an ack result."""


class Obeying(Protocol):
    """One fault of obeying."""

    def __call__(self, do: Do, now: int) -> str:
        """Carry out, or not; the ack result."""
        ...


def ignores(agenda: Agenda, value: int) -> Obeying:
    """It says ok and does nothing."""
    return lambda do, now: "ok"


def rejects(agenda: Agenda, value: int) -> Obeying:
    """It refuses; over Modbus, which has no such word, it just does nothing."""
    return lambda do, now: "rejected"


def slow(agenda: Agenda, value: int) -> Obeying:
    """It says ok and acts `value` ms later."""

    def obey(do: Do, now: int) -> str:
        agenda.at(now + value, partial(_done, do))
        return "ok"

    return obey


def twice(agenda: Agenda, value: int) -> Obeying:
    """It acts, and half a second later once more."""

    def obey(do: Do, now: int) -> str:
        agenda.at(now + AGAIN_MS, partial(_done, do))
        return do(now)

    return obey


def _done(do: Do, at: int) -> None:
    do(at)


OBEYINGS: dict[str, Callable[[Agenda, int], Obeying]] = {
    "ignores-command": ignores,
    "rejects": rejects,
    "slow": slow,
    "executes-twice": twice,
}
