"""Single file: where two bodies do not fit side by side, nobody overtakes.

Those who walk to the same crossing of a narrow space form a file, in the order of the way that
they have left. Nobody comes nearer to the portal than the one before him is.
"""

from evacuation.engine.compiled import kernel
from evacuation.engine.hub import Hub, crowd_of


@kernel
def join_file(h: Hub, i: int) -> None:
    """Put a walker into the file of his crossing, behind all who have no more way left than he."""
    crowd = crowd_of(h)
    c = crowd.who[i].target
    other = crowd.line[c].last
    while other >= 0 and crowd.who[other].left > crowd.who[i].left:
        other = crowd.trail[other].before
    follower = crowd.trail[other].after if other >= 0 else crowd.line[c].first
    crowd.trail[i].before = other
    crowd.trail[i].after = follower
    if other >= 0:
        crowd.trail[other].after = i
    else:
        crowd.line[c].first = i
    if follower >= 0:
        crowd.trail[follower].before = i
    else:
        crowd.line[c].last = i


@kernel
def leave_file(h: Hub, i: int) -> None:
    """Take a walker out of his file."""
    crowd = crowd_of(h)
    c = crowd.who[i].target
    b, a = crowd.trail[i].before, crowd.trail[i].after
    if b >= 0:
        crowd.trail[b].after = a
    else:
        crowd.line[c].first = a
    if a >= 0:
        crowd.trail[a].before = b
    else:
        crowd.line[c].last = b
    crowd.trail[i].before = -1
    crowd.trail[i].after = -1
