"""Faults of frames: what a gateway puts on its wire in place of an honest reply.

Each takes the request and the reply as whole frames (bytes) and gives what is sent instead. What is
kept back comes later or never. All draws hang on the generator that the fault was given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from numpy.random import Generator

_UNIT = 6
"""Place of the unit id in a Modbus/TCP frame."""


class Sent(NamedTuple):
    """What goes out: `pieces`, each a segment of its own; then the connection is reset if `cut`."""

    pieces: tuple[bytes, ...]
    cut: bool = False


class Framing(Protocol):
    """One fault of frames."""

    def __call__(self, reply: bytes) -> Sent:
        """What is sent in place of `reply`."""
        ...


def short(rng: Generator, value: int) -> Framing:
    """The last `value` bytes of every reply are missing."""
    return lambda reply: Sent((reply[: max(1, len(reply) - value)],))


def extra(rng: Generator, value: int) -> Framing:
    """`value` stray bytes follow every reply in the same segment."""
    return lambda reply: Sent((reply + rng.bytes(value),))


def split(rng: Generator, value: int) -> Framing:
    """Every reply comes in segments of `value` bytes."""
    return lambda r: Sent(tuple(r[i : i + value] for i in range(0, len(r), value)))


def garbage(rng: Generator, value: int) -> Framing:
    """Random bytes, as many as the reply has."""
    return lambda reply: Sent((rng.bytes(len(reply)),))


def wrong_unit(rng: Generator, value: int) -> Framing:
    """The reply names the unit `value` further on."""

    def carry(reply: bytes) -> Sent:
        unit = (reply[_UNIT] + value) % 256
        return Sent((reply[:_UNIT] + bytes([unit]) + reply[_UNIT + 1 :],))

    return carry


def wrong_transaction(rng: Generator, value: int) -> Framing:
    """The reply carries a transaction id `value` above that of the request."""

    def carry(reply: bytes) -> Sent:
        number = (int.from_bytes(reply[:2]) + value) % 0x10000
        return Sent((number.to_bytes(2) + reply[2:],))

    return carry


def merged(rng: Generator, value: int) -> Framing:
    """Two replies in one segment: the first waits for the second."""
    kept: list[bytes] = []

    def carry(reply: bytes) -> Sent:
        kept.append(reply)
        if len(kept) < 2:
            return Sent(())
        both = b"".join(kept)
        kept.clear()
        return Sent((both,))

    return carry


def late_to_next(rng: Generator, value: int) -> Framing:
    """Every request is answered with the reply to the one before it."""
    kept: list[bytes] = []

    def carry(reply: bytes) -> Sent:
        kept.append(reply)
        return Sent((kept.pop(0),) if len(kept) > 1 else ())

    return carry


def silent(rng: Generator, value: int) -> Framing:
    """Requests are carried out and never answered."""
    return lambda reply: Sent(())


def intermittent(rng: Generator, value: float) -> Framing:
    """A share `value` of the replies is lost."""
    return lambda reply: Sent(() if rng.random() < value else (reply,))


def reset(rng: Generator, value: int) -> Framing:
    """The connection is reset in the middle of the reply."""
    return lambda reply: Sent((reply[: len(reply) // 2],), cut=True)


FRAMINGS: dict[str, Callable[[Generator, int], Framing]] = {
    "short": short,
    "extra": extra,
    "split": split,
    "garbage": garbage,
    "wrong-unit": wrong_unit,
    "wrong-transaction": wrong_transaction,
    "merged": merged,
    "late-to-next": late_to_next,
    "silent": silent,
    "intermittent": intermittent,
    "reset": reset,
}


def through(framings: list[Framing], reply: bytes) -> Sent:
    """A reply through several faults at once, in the order in which they began."""
    pieces: tuple[bytes, ...] = (reply,)
    cut = False
    for framing in framings:
        sent = [framing(piece) for piece in pieces]
        pieces = tuple(part for one in sent for part in one.pieces)
        cut = cut or any(one.cut for one in sent)
    return Sent(pieces, cut)
