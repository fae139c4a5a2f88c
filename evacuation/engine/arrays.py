"""The arrays that kernels share. A crossing is a portal in one direction: 2 p and 2 p + 1.

Times are float milliseconds since run start, lengths metres, rates per second. -1 means none.
Loads are thousandths of a standard adult, whole numbers, so that sums are exact.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]
Records = NDArray[np.void]

UNAWARE, PREMOVE, WALK, QUEUE, OUT, HALTED, WAIT, REFUGE, FALLEN, LENT, LENT_QUEUE = range(11)
STATES = (
    "unaware", "premove", "walk", "queue", "out", "incapacitated", "wait", "refuge", "fallen",
    "lent",
)  # fmt: skip
DOINGS = (*STATES[:LENT], "walk", "queue")
"""What people do by state: whom a crush zone moves (LENT) walks in it, or stands in its queue."""
SEGMENT, NOTICE, PASSED_OUT, TURNED, HALT, SWITCHED = range(6)
META = 32
(
    ACTIVE, STEP, FAULT, WANT, PHASE, PART, CURSOR, MEMBER, ALERT, LOOK, FRESH, MINDED, WALKERS,
    PREPARING, HELD, KEYS, CHANGED, TOUCHED, FIRST, LAST, TALLY,
) = range(21)  # fmt: skip
"""Cells of ``Crowded.meta``: portals with a queue, step number, fault, question; where a step that
was broken off goes on (phase, its part and two cursors); whether the conditions are new, and
whether all have to look round; the lengths of the lists of those who look round, who have learnt
something, who walk, who prepare, of leaders held back, of the service heap, of changed cells and of
spaces to be checked; the rows of its people; from TALLY on, how many are in each state."""
NOTED = 256
"""Length of the lists of those who look round or have learnt something; if there are more, all are
looked at."""
FAULT_LOST, FAULT_EVENTS = 1, 2
BINS = 16
BIN_M = 2.0
"""Those who walk to a portal are counted in rings of 2 m around it."""
ONE = 1000
"""The load of a standard adult."""
HOPELESS_M = 1e7
"""Cost from which on a way leads through portals known to be closed: one can only wait there."""
NOTICE_SMOKE = -1
NOTICE_TOLD = -2
"""Notice codes below zero: smoke seen, and ``NOTICE_TOLD - leader`` when told by a leader."""


def record(**fields: str) -> np.dtype[np.void]:
    """Return the type of a row with these fields, aligned as kernels expect."""
    return np.dtype(list(fields.items()), align=True)


LINE = record(
    slope="f8", factor="f8", entry="f8", per_load="f8", over="f8", carried="f8",
    send="i4", recv="i4", goal="i4", into="i4", beyond="i4", in_room="?",
)  # fmt: skip
"""A crossing: how far up the slope of the space it leaves it lies, speed factor and greatest flow
onto a stair that it has, what a load takes of the way before it at jam density (m, or m2 in a
room), its greatest flow over that of the corridor behind it (at least 1), the loads per second that
the space before it carries where queues move (else 0), the spaces it joins, its cells in both, and
the cell that is seen through it from within (-1)."""
LAW = record(per_density="f8", word_speed="f8", hearing="f8", social="f8", body="f8", gap_s="f8")
"""Steps of the tables per load and m2; how fast word goes, and the widest gap that it jumps; how
much more an equal way counts that all others take; in one lane the length of a body and the
seconds that people keep from the one before."""
DOOR = record(x="f8", y="f8", capacity="f8", width="f8")
"""A portal: place, greatest flow of both directions together, effective width."""
ROOM = record(
    ux="f8", uy="f8", base="f8", length="f8", area="f8", usual="f8",
    low="i4", high="i4", cell="i4", cells="i4", stair="?", safe="?", narrow="?", lane="?",
)  # fmt: skip
"""A space: its axis (x ux + y uy - base; on stairs the slope), length along it, area, the law's
free speed, its rows in ``leaving``, its first cell and their number, whether nobody overtakes,
and whether it is one lane, in which people keep their distance."""
CELL = record(area="f8", places="i8", packed="i8", room="i4")
"""A piece of a space: area, the loads that fit at jam density and packed, its space."""
PERSON = record(
    lot="u8", speed="f4", stair_speed="f4", stair_up="f4", pre_ms="i4", group="i4", start="i4",
    size="i4", guide="i4", leads="?", kind="u1",
)  # fmt: skip
"""What hardly changes about a person; ``size`` is his load, ``guide`` whom he goes with while both
are in the same space (-1: nobody), ``kind`` his row in a table of bodies."""
WAY = record(
    left="f8", mark="f8", own="f4", top="f4", per_span="f4", memory="f4", cell="i4", ahead="i4",
    target="i4", slot="i4", mind="i4", came="i4", turn="i1", options="i1", ring="i1", narrow="?",
    rethink="?", ordered="?",
)  # fmt: skip
"""A person's way, all that a step of walking needs: metres left of this leg, at which of them the
next cell begins, speed alone here and the greater of it and the law's, cells per metre of the leg,
the queue kept in memory; cell, next cell, crossing he heads for, place among the walkers, mind, the
portal he came by; his turn to think, how many ways he has, his ring."""
TRAIL = record(
    x="f8", y="f8", due="f8", joined="f8", up="f4", leg="f4", before="i4", after="i4", place="i4",
    since="i4", lost="i4", bears="f4",
)  # fmt: skip
"""The rest: where the leg began and its length; when he starts or can be at his portal, when he
joined its queue, his neighbours and place there, since when he is in his state, the closed or
smoky portal that he has just learnt to be on his way, the hazard that he bears before he falls."""
FLOW = record(
    tag="f8", ready="f8", wait="f8", head="i4", tail="i4", queued="i4", load="i4", spread="i4",
    first="i4", last="i4", choosers="i4", passed="i4", slack="f4", stands="?",
)  # fmt: skip
"""The queue of a crossing: its turn in merging, when the crowd behind takes the next, the seconds
it was last seen to take, ends, persons, load and how much of that has been given places in cells;
the file of those who walk to it in single file (narrow spaces only); how many in the queue know
another way, how many passed so far, the room that it takes over that at jam density, less 1, and
whether it stands, so that people stop at its end."""
SERVICE = record(ready="f8", due="f8", tag="f8", last="i4", is_active="?")
"""A portal: when it is ready for the next, its valid key in the heap, who went last, whether it is
on the list of those at work."""
FILLING = record(count="i8", entered="f8", virtual="f8", tally="i8", load="i8", is_touched="?")
"""A space: people in it, when a stair takes the next, merging clock, the recount, the load of its
people, whether people or queues changed in this step."""
LOAD = record(
    freed="f8", low_at="f8", high_at="f8", pace="f4", air="f4", loss="f4", least="f4", load="i4",
    stood="i4", tally="i4", slack="i1", is_changed="?",
)  # fmt: skip
"""A cell: when it last was full, when somebody last stood at its lower and its upper edge for want
of room in the next; the share of the free speed that density leaves, what smoke does to speed, load
in all and of those who stand in a queue, its recount, and by how many per cent of jam density a
queue stands looser in it."""
KEY = record(due="f8", tag="f8", portal="i4")
"""An entry of the service heap."""
VIEW = record(smoke="f8", loss="f8", least="f8", smoky="?", cue="i8", sight="i8")
"""What a space does to people: speed share, loss of speed and least speed in smoke (m/s), visible
smoke, cue and sight numbers."""
WORD = record(since="f8", x="f8", y="f8", up="f8", far="f8", knowers="i8")
"""Word of one closed portal in one space: since when (infinite: no word), where it began, how far
from there the furthest stands who passes it on, and how many do."""
EVENT = record(t0="i4", t1="i4", person="i4", a="i4", b="i4", kind="i4")
"""One event: kind, person, two numbers, two times in ms."""


class Net(NamedTuple):
    """The floor: crossings, portals, spaces, cells, the crossings leaving each space, the laws.

    ``speeds`` and ``supplies`` are tables by density, ``storage`` by share of flow; ``law`` has one
    row; ``rooms`` are the spaces of a part.
    """

    line: Records
    door: Records
    room: Records
    cell: Records
    leaving: Longs
    speeds: Floats
    supplies: Floats
    storage: Floats
    law: Records
    rooms: Longs


class Folk(NamedTuple):
    """People as they are, and who belongs to which group; ``rows[s]`` to ``ends[s]`` start in
    space s, and ``turns`` lists those of a part by their turn to listen, from ``turn[k]`` to
    ``turn[k + 1]``.
    """

    who: Records
    first: Longs
    members: Ints
    rows: Longs
    ends: Longs
    turn: Longs
    turns: Ints


class Crowded(NamedTuple):
    """What changes. ``active`` (portals), ``walkers``, ``preparing`` (a heap), ``held`` (leaders),
    ``fresh``, ``minded``, ``changed`` (cells) and ``touched`` (spaces) are lists of a part, whose
    lengths stand in its ``meta``; ``reach`` is how far from its portal a crossing's queue ends.
    """

    state: NDArray[np.int8]
    space: Ints
    who: Records
    trail: Records
    line: Records
    reach: Floats
    door: Records
    room: Records
    cell: Records
    rings: Ints
    keys: Records
    cost: Floats
    active: Ints
    walkers: Ints
    preparing: Ints
    held: Ints
    fresh: Ints
    minded: Ints
    changed: Ints
    touched: Ints
    meta: Longs


class Seen(NamedTuple):
    """The building as it is now, and what each mind makes of it.

    ``learn`` [minds, sights + topics + 1] is the mind that follows from seeing a sight, hearing
    of a topic, or (the last) doubt, and ``news`` the portal that this takes from a mind.
    ``word`` [spaces, topics]. ``heads`` [crossings, 2] is how many were last seen to head for a
    crossing, and for any of the same space.
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
    heads: Floats


class Log(NamedTuple):
    """Events since they were last taken, and how many they are."""

    rows: Records
    length: Longs
