"""Single file: where two bodies do not fit side by side, nobody overtakes.

Those who walk to the same crossing of a narrow space form a file, in the order of the way that
they have left. Nobody comes nearer to the portal than the one before him is.
"""

from evacuation.engine.chains import link, unlink
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
    line = crowd.line[c]
    line.first, line.last = link(h, line.first, line.last, other, i)


@kernel
def leave_file(h: Hub, i: int) -> None:
    """Take a walker out of his file."""
    crowd = crowd_of(h)
    line = crowd.line[crowd.who[i].target]
    line.first, line.last = unlink(h, line.first, line.last, i)
