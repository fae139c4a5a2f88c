"""A GST panel's telegrams, cut out of the bytes of its serial line and read strictly.

Form and columns: "Gulf GST9000 cabinet panel, data acquisition protocol" (vgte.net 230).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from controller.interface.bounded import Unreadable

HEAD, END = b"\x1b6", b"\n\n"
MOST_BYTES = 200
"""More than four lines of paper hold; who does not end a telegram by then does not end it."""

FIRST, NEXT, RESET = "首次火警", "火警后续", "系统复位"
_FORM = re.compile(
    rb"\x1b6(?P<when>\d\d/\d\d/\d\d  \d\d:\d\d)\n  (?:(?P<loop>\d{3})-(?P<number>\d{3}))?\n"
    rb"\x1b9(?P<said>[^\n]+)(?:\n(?P<place>[^\n]+)\n(?P<kind>[^\n]+))?\n\n"
)


@dataclass(frozen=True, slots=True)
class Telegram:
    """`device` is (loop, number), None for a reset; `when` is local time, carried as if in UTC."""

    when: datetime
    said: str
    device: tuple[int, int] | None
    place: str
    kind: str


def cut(stream: bytes) -> tuple[list[bytes], bytes]:
    """Whole telegrams in what was printed, and what is left; stray bytes are a telegram too."""
    found: list[bytes] = []
    while True:
        end = stream.find(END)
        if end < 0:
            return found, stream
        found.append(stream[: end + len(END)])
        stream = stream[end + len(END) :]


def read(telegram: bytes) -> Telegram:
    """What a telegram says; Unreadable with what is wrong with it."""
    try:
        telegram.decode("gbk")
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"byte {error.start + 1} is not GBK: {telegram[error.start :][:8]!r}"
        ) from None
    found = _FORM.fullmatch(telegram)
    if found is None:
        raise Unreadable(f"not a telegram: {telegram[:60]!r}")
    said = found["said"].decode("gbk")
    if said not in (FIRST, NEXT, RESET):
        raise Unreadable(f"it says {said}, not {FIRST}, {NEXT} or {RESET}")
    if (said == RESET) == bool(found["loop"]):
        raise Unreadable("a fire names its device, a reset names none")
    device = (int(found["loop"]), int(found["number"])) if found["loop"] else None
    if device is not None and (not all(device) or not found["place"]):
        raise Unreadable("a fire names loop and device from 1, its place and its type")
    try:
        when = datetime.strptime(f"{found['when'].decode()} +0000", "%y/%m/%d  %H:%M %z")
    except ValueError:
        raise Unreadable(f"{found['when'].decode()} is no date") from None
    words = ((found[name] or b"").decode("gbk") for name in ("place", "kind"))
    return Telegram(when, said, device, *words)


def column(telegram: bytes, word: str) -> int:
    """At which byte, counted from 1, a word begins; 0 if it is not there."""
    return telegram.find(word.encode("gbk")) + 1
