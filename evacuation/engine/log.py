"""Writes events, and closes a person's stretch of space and state when either changes."""

from evacuation.engine.arrays import FAULT, FAULT_EVENTS, SEGMENT, TALLY
from evacuation.engine.compiled import inlined, kernel
from evacuation.engine.hub import Hub, crowd_of, log_of

SPARE_ROWS = 64
"""Rows that must be free before anybody acts; orders to a space take two more per person in it."""


@inlined
def is_short(h: Hub, rows: int) -> bool:
    """Tell whether the log has to be read before something that may write so many rows."""
    log = log_of(h)
    return bool(log.length[0] + rows + SPARE_ROWS > log.rows.size)


@kernel
def write(h: Hub, kind: int, i: int, a: int, b: int, t0: int, t1: int) -> None:
    """Append one event; a full log is a fault that stops the run, never a silent loss."""
    log, crowd = log_of(h), crowd_of(h)
    n = log.length[0]
    if n >= log.rows.size:
        crowd.meta[FAULT] = FAULT_EVENTS
        return
    row = log.rows[n]
    row.kind = kind
    row.person = i
    row.a = a
    row.b = b
    row.t0 = t0
    row.t1 = t1
    log.length[0] = n + 1


@inlined
def millis(t: float) -> int:
    """Round a time to whole milliseconds."""
    return int(t + 0.5)


@kernel
def change(h: Hub, i: int, space: int, state: int, t: float) -> None:
    """Move a person to a space and state; stretches shorter than a millisecond leave no trace."""
    crowd = crowd_of(h)
    old = crowd.state[i]
    if space == crowd.space[i] and state == old:
        return
    now = millis(t)
    since = crowd.trail[i].since
    if now > since:
        write(h, SEGMENT, i, crowd.space[i], int(old), since, now)
        crowd.trail[i].since = now
    crowd.space[i] = space
    crowd.state[i] = state
    crowd.meta[TALLY + old] -= 1
    crowd.meta[TALLY + state] += 1
