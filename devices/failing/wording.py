"""Faults of registers: replies that are well framed and say something else than the truth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from controller.interface.modbus import (
    ILLEGAL_ADDRESS,
    READ_COILS,
    READ_DISCRETE,
    READ_HOLDING,
    READ_INPUT,
    Reply,
    Request,
)
from devices.registers import RegisterImage

_BITS = (READ_COILS, READ_DISCRETE)
_WORDS = (READ_HOLDING, READ_INPUT)
_AREA = {READ_HOLDING: "holding", READ_INPUT: "input"}
_PAUSE_MS = 30_000
"""A gateway that polls its loop only while it is asked stops after such a silence (m)."""

Honest = Callable[[Request], Reply]
"""Answers a request truthfully."""


class Wording(Protocol):
    """One fault of what replies say; `image` are the registers of the unit asked."""

    def __call__(self, request: Request, image: RegisterImage, now: int, honest: Honest) -> Reply:
        """What is answered."""
        ...


def exception(value: int) -> Wording:
    """Every request is answered with exception code `value`, and not carried out."""
    return lambda request, image, now, honest: Reply(request.function, exception=value)


def absent_ffff(value: int) -> Wording:
    """Registers of points that are not there read 0xFFFF instead of an exception or a blank."""

    def answer(request: Request, image: RegisterImage, now: int, honest: Honest) -> Reply:
        reply = honest(request)
        if request.function not in _WORDS or reply.exception not in (0, ILLEGAL_ADDRESS):
            return reply
        area, first = _AREA[request.function], request.address
        known = reply.values or tuple(
            image.read(request.function, a, 1)[0] if image.bound(area, a) else 0xFFFF  # type: ignore[index]
            for a in range(first, first + request.count)
        )
        words = (w if image.bound(area, a) else 0xFFFF for a, w in enumerate(known, first))
        return Reply(request.function, tuple(words))

    return answer


def word_swap(value: int) -> Wording:
    """The two words of every 32-bit value change places."""

    def answer(request: Request, image: RegisterImage, now: int, honest: Honest) -> Reply:
        reply = honest(request)
        if request.function not in _WORDS or not reply.values:
            return reply
        words, first = list(reply.values), request.address
        for address in range(first, first + len(words) - 1):
            if (_AREA[request.function], address) in image.pairs:
                at = address - first
                words[at], words[at + 1] = words[at + 1], words[at]
        return Reply(request.function, tuple(words))

    return answer


def map_shift(value: int) -> Wording:
    """Reads give what lies `value` addresses further on, as after a firmware that moved the map."""

    def answer(request: Request, image: RegisterImage, now: int, honest: Honest) -> Reply:
        if request.function not in (*_BITS, *_WORDS):
            return honest(request)
        address = request.address + value
        if not 0 <= address <= 0xFFFF:
            return Reply(request.function, exception=ILLEGAL_ADDRESS)
        return honest(Request(request.function, address, request.count))

    return answer


def first_read_zero(value: int) -> Wording:
    """The first read of a range, and the first after 30 s without one, gives zeros."""
    asked: dict[tuple[int, int, int], int] = {}

    def answer(request: Request, image: RegisterImage, now: int, honest: Honest) -> Reply:
        reply = honest(request)
        if not reply.values or request.values:
            return reply
        key = (request.function, request.address, request.count)
        fresh = now - asked.get(key, -_PAUSE_MS) >= _PAUSE_MS
        asked[key] = now
        return Reply(request.function, (0,) * len(reply.values)) if fresh else reply

    return answer


WORDINGS: dict[str, Callable[[int], Wording]] = {
    "exception": exception,
    "absent-ffff": absent_ffff,
    "word-swap": word_swap,
    "map-shift": map_shift,
    "first-read-zero": first_read_zero,
}
