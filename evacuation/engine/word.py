"""What people learn on their way: what a space shows, and word of closed portals.

Who knows a portal to be closed says so, and those next to him pass it on. Word goes through a
space from where it first came up, at a stated speed and no further than a hearing distance beyond
the last who knows. It enters the next space through an open portal that it has reached, if
somebody in this space knows; so it follows the queue, and never crosses a space without people.
Only those on their way speak and listen. Who comes into a space with the knowledge brings it.
"""

import numpy as np

from evacuation.engine.arrays import (
    FIRST,
    FRESH,
    HOPELESS_M,
    LAST,
    LOOK,
    MINDED,
    OUT,
    QUEUE,
    WALK,
    Ints,
)
from evacuation.engine.compiled import inlined, kernel
from evacuation.engine.hub import Hub, crowd_of, folk_of, net_of, seen_of
from evacuation.engine.place import place

NEVER = np.inf
PATIENCE_MS, SPREAD = 60_000.0, 2.0
"""Who waits at a closed exit goes to look at the others again after one to three minutes, each
by his lot (a design value)."""
WORSE_M = 1.0
"""A way has become worse by what one learnt if it is longer by more than this."""


@inlined
def note_down(h: Hub, listed: Ints, cell: int, i: int) -> None:
    """Put a person on a short list; one that overflows only counts on."""
    crowd = crowd_of(h)
    n = crowd.meta[cell]
    if n < listed.size:
        listed[n] = i
    crowd.meta[cell] = n + 1


@inlined
def come_in(h: Hub, i: int) -> None:
    """Let somebody who enters a space that shows something look round before the next step."""
    crowd, seen = crowd_of(h), seen_of(h)
    if seen.room[crowd.space[i]].sight != 0:
        note_down(h, crowd.fresh, FRESH, i)


@inlined
def adopt(h: Hub, i: int, column: int) -> bool:
    """Let a person take in what he sees or hears; tells whether his new mind is still unknown."""
    crowd, seen = crowd_of(h), seen_of(h)
    old, c = crowd.who[i].mind, crowd.who[i].target
    mind = seen.learn[old, column]
    if mind < 0:
        seen.want[old, column] = True
        return True
    if mind != old:
        lost = seen.news[old, column]
        if lost >= 0 and c >= 0 and seen.beyond[mind, c] > seen.beyond[old, c] + WORSE_M:
            crowd.trail[i].lost = c >> 1 if seen.closed[c >> 1] else lost
        crowd.who[i].mind = mind
        crowd.who[i].rethink = True
        note_down(h, crowd.minded, MINDED, i)
    return False


@inlined
def between(h: Hub, s: int, dx: float, dy: float, dup: float) -> float:
    """Return the distance in metres of two points of a space; on a stair along its slope."""
    net = net_of(h)
    return float(abs(dup) if net.room[s].stair else np.sqrt(dx * dx + dy * dy))


@inlined
def away(h: Hub, i: int, x: float, y: float, up: float) -> float:
    """Return how far in metres a person stands from a point of his space."""
    crowd = crowd_of(h)
    own_x, own_y, own_up = place(h, i)
    return between(h, crowd.space[i], own_x - x, own_y - y, own_up - up)


@inlined
def is_moving(h: Hub, i: int) -> bool:
    """Tell whether a person is on his way, walking or queueing."""
    crowd = crowd_of(h)
    return bool(crowd.state[i] == WALK or crowd.state[i] == QUEUE)


@inlined
def may_hear(h: Hub, i: int) -> bool:
    """Tell whether word that would change a person's mind is in his space or the next."""
    net, crowd, seen = net_of(h), crowd_of(h), seen_of(h)
    s, mind = crowd.space[i], crowd.who[i].mind
    topics = seen.word.shape[1]
    for k in range(topics):
        known = seen.learn[mind, seen.learn.shape[1] - 1 - topics + k] == mind
        if known or seen.knows[mind, k]:
            continue
        if seen.word[s, k].knowers > 0:
            return True
        for j in range(net.room[s].low, net.room[s].high):
            if seen.word[net.line[net.leaving[j]].recv, k].knowers > 0:
                return True
    return False


@kernel
def listen(h: Hub, i: int, t: float) -> bool:
    """Let a person hear what has reached him; tells whether a mind is to be worked out first."""
    net, crowd, seen = net_of(h), crowd_of(h), seen_of(h)
    s = crowd.space[i]
    topics = seen.word.shape[1]
    for k in range(topics):
        since = seen.word[s, k].since
        if since == NEVER or seen.knows[crowd.who[i].mind, k]:
            continue
        w = seen.word[s, k]
        reach = min(net.law[0].word_speed * (t - since) / 1000.0, w.far + net.law[0].hearing)
        heard = away(h, i, w.x, w.y, w.up) <= reach
        if heard and adopt(h, i, seen.learn.shape[1] - 1 - topics + k):
            return True
    return False


@inlined
def doubts(h: Hub, i: int, t: float) -> bool:
    """Tell whether a person has waited too long where he can only wait."""
    folk, crowd, seen = folk_of(h), crowd_of(h), seen_of(h)
    c = crowd.who[i].target
    if crowd.state[i] != QUEUE or c < 0 or seen.beyond[crowd.who[i].mind, c] < HOPELESS_M:
        return False
    share = float(folk.who[i].lot >> np.uint64(11)) / 9007199254740992.0
    return bool(t - crowd.trail[i].since > PATIENCE_MS * (1.0 + SPREAD * share))


@inlined
def look_at(h: Hub, i: int) -> bool:
    """Let a person take in what his space shows; tells whether that is an open question."""
    crowd, seen = crowd_of(h), seen_of(h)
    v = seen.room[crowd.space[i]].sight
    return bool(v != 0 and crowd.state[i] < OUT and adopt(h, i, v))


@kernel
def look_round(h: Hub, turn: int, t: float) -> bool:
    """Let people take in what their spaces show, and, each at his turn, what others say.

    Those look who are new in a space, all when it shows something new. False if somebody's new
    mind has to be worked out before the step can be taken.
    """
    folk, crowd, seen = folk_of(h), crowd_of(h), seen_of(h)
    open_questions = 0
    if crowd.meta[LOOK] != 0 or crowd.meta[FRESH] > crowd.fresh.size:
        for i in range(crowd.meta[FIRST], crowd.meta[LAST]):
            open_questions += look_at(h, i)
    else:
        for k in range(crowd.meta[FRESH]):
            open_questions += look_at(h, crowd.fresh[k])
    if open_questions == 0:
        crowd.meta[LOOK] = 0
        crowd.meta[FRESH] = 0
    if seen.word.shape[1] > 0:
        for k in range(folk.turn[turn], folk.turn[turn + 1]):
            open_questions += attend(h, folk.turns[k], t)
    return bool(open_questions == 0)


@kernel
def attend(h: Hub, i: int, t: float) -> bool:
    """Let a person on his way hear what others say, or doubt what he knows; then he looks again."""
    crowd, seen = crowd_of(h), seen_of(h)
    if not is_moving(h, i):
        return False
    mind, is_open = crowd.who[i].mind, False
    if listen(h, i, t):
        is_open = True
    elif doubts(h, i, t):
        is_open = adopt(h, i, seen.learn.shape[1] - 1)
    if crowd.who[i].mind != mind:
        come_in(h, i)
    return is_open


@kernel
def begin(h: Hub, s: int, k: int, x: float, y: float, up: float, t: float) -> None:
    """Let word come up at a point of a space."""
    seen = seen_of(h)
    word = seen.word[s, k]
    word.since, word.x, word.y, word.up, word.far = t, x, y, up, 0.0


@kernel
def tell(h: Hub, t: float) -> None:
    """Find out who knows what where; the first in a space begins to tell it where he stands."""
    net, crowd, seen = net_of(h), crowd_of(h), seen_of(h)
    for n in range(net.rooms.size):
        s = net.rooms[n]
        for k in range(seen.word.shape[1]):
            seen.word[s, k].knowers = 0
            seen.word[s, k].far = 0.0
    for i in range(crowd.meta[FIRST], crowd.meta[LAST]):
        if not is_moving(h, i):
            continue
        s = crowd.space[i]
        for k in range(seen.word.shape[1]):
            if not seen.knows[crowd.who[i].mind, k]:
                continue
            word = seen.word[s, k]
            if word.since == NEVER:
                x, y, up = place(h, i)
                begin(h, s, k, x, y, up, t)
            word.knowers += 1
            far = away(h, i, word.x, word.y, word.up)
            word.far = max(word.far, min(far, net.law[0].word_speed * (t - word.since) / 1000.0))


@inlined
def has_reached(h: Hub, s: int, k: int, c: int, t: float) -> bool:
    """Tell whether word that is being told in a space can be heard through one of its portals."""
    net, seen = net_of(h), seen_of(h)
    word = seen.word[s, k]
    if word.knowers == 0 or seen.closed[c >> 1]:
        return False
    door, up = net.door[c >> 1], net.line[c].slope
    metres = between(h, s, door.x - word.x, door.y - word.y, up - word.up)
    reach = min(net.law[0].word_speed * (t - word.since) / 1000.0, word.far + net.law[0].hearing)
    return bool(metres <= reach)


@kernel
def pass_on(h: Hub, t: float) -> None:
    """Bring word up to date: told where somebody knows, heard next door, gone where nobody is."""
    net, crowd, seen = net_of(h), crowd_of(h), seen_of(h)
    if seen.word.shape[1] == 0:
        return
    tell(h, t)
    for n in range(net.rooms.size):
        s = net.rooms[n]
        for k in range(seen.word.shape[1]):
            if seen.word[s, k].knowers > 0:
                continue
            source = -1
            if crowd.room[s].count > 0:
                for j in range(net.room[s].low, net.room[s].high):
                    c = net.leaving[j]
                    if has_reached(h, net.line[c].recv, k, c ^ 1, t):
                        source = c
                        break
            if source < 0:
                seen.word[s, k].since = NEVER
            elif seen.word[s, k].since == NEVER:
                p = source >> 1
                begin(h, s, k, net.door[p].x, net.door[p].y, net.line[source].slope, t)
