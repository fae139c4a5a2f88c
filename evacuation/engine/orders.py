"""What single persons are made to do from outside the step: stop, set off, be let through.

Called for the few who wait for others, stand at a post, or ride in a lift.
"""

from evacuation.engine.arrays import (
    MINDED,
    NOTICE_TOLD,
    PREMOVE,
    PREPARING,
    UNAWARE,
)
from evacuation.engine.choice import choose, head_for
from evacuation.engine.compiled import entry, kernel
from evacuation.engine.density import put, touch
from evacuation.engine.hub import Hub, crowd_of, folk_of, net_of
from evacuation.engine.log import change
from evacuation.engine.preparing import prepare
from evacuation.engine.queues import leave, step_aside
from evacuation.engine.service import is_out, move_over
from evacuation.engine.walking import notice
from evacuation.engine.word import come_in, note_down

AT_ONCE_MS = 5_000.0
"""Who is told in person to go stops preparing within five seconds (a design value)."""


@entry
def rethink(h: Hub, i: int) -> None:
    """Let a person whose mind was changed look round and choose again at the next step."""
    crowd = crowd_of(h)
    crowd.who[i].rethink = True
    note_down(h, crowd.minded, MINDED, i)
    come_in(h, i)


@entry
def station(h: Hub, i: int, state: int, t: float) -> None:
    """Stop a walking or waiting person where he is, in a state in which nobody moves."""
    crowd = crowd_of(h)
    step_aside(h, i)
    crowd.who[i].target = -1
    change(h, i, crowd.space[i], state, t)


@entry
def bring(h: Hub, i: int, other: int) -> None:
    """Put a person who has been stopped where another one of the same space stands."""
    folk, crowd = folk_of(h), crowd_of(h)
    me, him, size = crowd.trail[i], crowd.trail[other], folk.who[i].size
    me.x, me.y, me.up, me.leg = him.x, him.y, him.up, 0.0
    put(h, crowd.who[i].cell, -size)
    crowd.who[i].cell = crowd.who[other].cell
    put(h, crowd.who[i].cell, size)


@entry
def seat(h: Hub, i: int, q: int, x: float, y: float) -> None:
    """Put a person who has been stopped at a place of his space, in its cell."""
    folk, crowd = folk_of(h), crowd_of(h)
    me, size = crowd.trail[i], folk.who[i].size
    me.x, me.y, me.leg = x, y, 0.0
    put(h, crowd.who[i].cell, -size)
    crowd.who[i].cell = q
    put(h, q, size)


@entry
def set_off(h: Hub, i: int, t: float) -> None:
    """Let a person who was stopped go on as he thinks best."""
    crowd = crowd_of(h)
    crowd.who[i].rethink = False
    come_in(h, i)
    head_for(h, i, choose(h, i), t)


@entry
def usher(h: Hub, i: int, t: float) -> None:
    """Let somebody who queues at a portal through it by order, whatever its own service."""
    folk, crowd = folk_of(h), crowd_of(h)
    c = crowd.who[i].target
    leave(h, i)
    move_over(h, i, c, folk.who[i].size, t)
    if not is_out(h, i, c, t):
        head_for(h, i, choose(h, i), t)


@entry
def send_out(h: Hub, who: int, t: float) -> int:
    """Let a person tell all in his space to go, who are unaware or still prepare; how many."""
    folk, crowd = folk_of(h), crowd_of(h)
    s, told = crowd.space[who], 0
    for j in range(folk.rows[s], folk.ends[s]):
        if crowd.state[j] > PREMOVE:
            continue
        told += 1
        if crowd.state[j] == UNAWARE:
            notice(h, j, NOTICE_TOLD - who, t)
        crowd.trail[j].due = min(crowd.trail[j].due, t + AT_ONCE_MS)
    _put_in_order(h)
    return told


@entry
def call(h: Hub, i: int, t: float) -> None:
    """Let a person set off at once who is unaware or still prepares: he was sent for himself."""
    crowd = crowd_of(h)
    if crowd.state[i] == UNAWARE:
        notice(h, i, NOTICE_TOLD - i, t)
    crowd.trail[i].due = t
    _put_in_order(h)


@kernel
def _put_in_order(h: Hub) -> None:
    """Make a heap again of those who prepare, after times have changed."""
    crowd = crowd_of(h)
    count = crowd.meta[PREPARING]
    crowd.meta[PREPARING] = 0
    for k in range(count):
        prepare(h, crowd.preparing[k])


@entry
def deliver(h: Hub, i: int, c: int, t: float) -> None:
    """Let somebody who was lent out come back through a crossing of his space, and go on."""
    net, folk, crowd = net_of(h), folk_of(h), crowd_of(h)
    size = folk.who[i].size
    put(h, crowd.who[i].cell, -size)
    touch(h, net.line[c].send)
    move_over(h, i, c, size, t)
    crowd.line[c].passed += 1
    if not is_out(h, i, c, t):
        head_for(h, i, choose(h, i), t)
