"""Writes events, and closes a person's stretch of space and state when either changes."""

from evacuation.engine.arrays import EVENTS, FAULT, FAULT_EVENTS, SEGMENT, Crowded, Log
from evacuation.engine.compiled import inlined, kernel


@kernel
def write(log: Log, crowd: Crowded, kind: int, i: int, a: int, b: int, t0: int, t1: int) -> None:
    """Append one event; a full log is a fault that stops the run, never a silent loss."""
    n = crowd.meta[EVENTS]
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
    crowd.meta[EVENTS] = n + 1


@inlined
def millis(t: float) -> int:
    """Round a time to whole milliseconds."""
    return int(t + 0.5)


@kernel
def change(log: Log, crowd: Crowded, i: int, space: int, state: int, t: float) -> None:
    """Move a person to a space and state; stretches shorter than a millisecond leave no trace."""
    if space == crowd.space[i] and state == crowd.state[i]:
        return
    now = millis(t)
    me = crowd.who[i]
    if now > me.since:
        write(log, crowd, SEGMENT, i, crowd.space[i], int(crowd.state[i]), me.since, now)
        me.since = now
    crowd.space[i] = space
    crowd.state[i] = state
