"""Chains of people, each linked to the one before and the one after: queues, and files."""

from evacuation.engine.compiled import inlined
from evacuation.engine.hub import Hub, crowd_of


@inlined
def link(h: Hub, first: int, last: int, other: int, i: int) -> tuple[int, int]:
    """Put a person behind another one of a chain (-1: to its front); return its new ends."""
    trail = crowd_of(h).trail
    follower = trail[other].after if other >= 0 else first
    trail[i].before = other
    trail[i].after = follower
    if other >= 0:
        trail[other].after = i
    if follower >= 0:
        trail[follower].before = i
    return (first if other >= 0 else i), (last if follower >= 0 else i)


@inlined
def unlink(h: Hub, first: int, last: int, i: int) -> tuple[int, int]:
    """Take a person out of a chain; return its new ends."""
    trail = crowd_of(h).trail
    b, a = trail[i].before, trail[i].after
    if b >= 0:
        trail[b].after = a
    if a >= 0:
        trail[a].before = b
    trail[i].before = -1
    trail[i].after = -1
    return (first if b >= 0 else a), (last if a >= 0 else b)
