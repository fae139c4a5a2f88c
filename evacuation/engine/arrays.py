"""The arrays that kernels share. A crossing is a portal in one direction: 2 p and 2 p + 1.

Times are float milliseconds since run start, lengths metres, rates per second. -1 means none.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]
Records = NDArray[np.void]

UNAWARE, PREMOVE, WALK, QUEUE, OUT, HALTED = range(6)
STATES = ("unaware", "premove", "walk", "queue", "out", "incapacitated")
SEGMENT, NOTICE, PASSED_OUT, TURNED, HALT, SWITCHED = range(6)
ACTIVE, EVENTS, STEP, FAULT, WANT = range(5)
"""Cells of ``Crowded.meta``: portals with a queue, events held, step number, fault, question."""
FAULT_LOST, FAULT_EVENTS = 1, 2
BINS = 32
BIN_M = 2.0
"""Those who walk to a portal are counted in rings of 2 m around it."""
HOPELESS_M = 1e7
"""Cost from which on a way leads through portals known to be closed: one can only wait there."""
NOTICE_SMOKE = -1
NOTICE_TOLD = -2
"""Notice codes below zero: smoke seen, and ``NOTICE_TOLD - leader`` when told by a leader."""


def _record(**fields: str) -> np.dtype[np.void]:
    return np.dtype(list(fields.items()), align=True)


LINE = _record(send="i8", recv="i8", slope="f8")
"""A crossing: the spaces it joins, and how far up the slope of the one it leaves it lies."""
DOOR = _record(x="f8", y="f8", capacity="f8", width="f8")
"""A portal: place, greatest flow of both directions together, effective width."""
ROOM = _record(
    area="f8", places="f8", entry="f8", factor="f8", low="i8", high="i8", stair="?", safe="?"
)
"""A space: area, how many fit, flow onto a stair, speed factor, its rows in ``leaving``."""
PERSON = _record(
    speed="f8", stair_speed="f8", pre_ms="f8", lot="u8", group="i8", start="i8", leads="?"
)
"""What never changes about a person."""
PROGRESS = _record(
    target="i8", left="f8", leg="f8", x="f8", y="f8", up="f8", arrive="f8", start_at="f8",
    mind="i8", came="i8", memory="f8", ring="i8", ahead="i8", after="i8", before="i8", since="i8",
    lost="i8",
    rethink="?", ordered="?",
)  # fmt: skip
"""A person's way: crossing he heads for, metres left of this leg and its length, where the leg
began, when he joined a queue, when he starts, his mind, the portal he came by, the queue he keeps
in memory, his ring and place in the queue, his neighbours there, since when he is in his state, the
closed or smoky portal that he has just learnt to be on his way."""
FLOW = _record(head="i8", tail="i8", queued="i8", tag="f8")
"""The queue of a crossing, and its turn in merging."""
SERVICE = _record(ready="f8", last="i8", active="i8", is_active="?")
"""A portal: when it is ready for the next, who went last, its cell in the list of those at work
(``active`` belongs to the list, not to the portal of that row)."""
FILLING = _record(
    count="i8", entered="f8", freed="f8", virtual="f8", pace="f8", air="f8", loss="f8",
    least="f8", tally="i8",
)  # fmt: skip
"""A space: people in it, when a stair takes the next, when it last was full, merging clock,
shares of the free speed that density and smoke leave, loss of speed and least speed in smoke."""
VIEW = _record(smoke="f8", loss="f8", least="f8", smoky="?", cue="i8", sight="i8")
"""What a space does to people: speed share, loss of speed and least speed in smoke (m/s), visible
smoke, cue and sight numbers."""
WORD = _record(since="f8", x="f8", y="f8", up="f8", far="f8", knowers="i8")
"""Word of one closed portal in one space: since when (infinite: no word), where it began, how far
from there the furthest stands who passes it on, and how many do."""
EVENT = _record(t0="i8", t1="i8", person="i4", a="i4", b="i4", kind="i1")
"""One event: kind, person, two numbers, two times in ms."""


class Net(NamedTuple):
    """The floor: crossings, portals, spaces, the crossings leaving each space, and the laws."""

    line: Records
    door: Records
    room: Records
    leaving: Longs
    speeds: Floats
    supplies: Floats
    per_density: float
    jam: float
    usual: float
    word_speed: float
    hearing: float


class Folk(NamedTuple):
    """People as they are, and who belongs to which group."""

    who: Records
    first: Longs
    members: Longs


class Crowded(NamedTuple):
    """What changes. ``state`` and ``space`` stand apart because every step reads them all."""

    state: NDArray[np.int8]
    space: Longs
    who: Records
    line: Records
    door: Records
    room: Records
    rings: Longs
    cost: Floats
    meta: Longs


class Seen(NamedTuple):
    """The building as it is now, and what each mind makes of it.

    ``learn`` [minds, sights + topics + 1] is the mind that follows from seeing a sight, hearing
    of a topic, or (the last) doubt, and ``news`` the portal that this takes from a mind.
    ``word`` [spaces, topics].
    """

    closed: Flags
    room: Records
    learn: Longs
    want: Flags
    news: Longs
    knows: Flags
    word: Records
    beyond: Floats
    weight: Floats


class Log(NamedTuple):
    """Events since they were last taken."""

    rows: Records
