"""What people learn on their way: what a space shows, and word of closed portals.

Who knows a portal to be closed says so, and those next to him pass it on. Word goes through a
space from where it first came up, at a stated speed and no further than a hearing distance beyond
the last who knows. It enters the next space through an open portal that it has reached, if
somebody in this space knows; so it follows the queue, and never crosses a space without people.
Only those on their way speak and listen. Who comes into a space with the knowledge brings it.
"""

import numpy as np

from evacuation.engine.arrays import HOPELESS_M, OUT, QUEUE, WALK, Crowded, Folk, Net, Seen
from evacuation.engine.compiled import inlined, kernel

NEVER = np.inf
PATIENCE_MS, SPREAD = 60_000.0, 2.0
"""Who waits at a closed exit goes to look at the others again after one to three minutes, each
by his lot (a design value)."""
WORSE_M = 1.0
"""A way has become worse by what one learnt if it is longer by more than this."""


@inlined
def adopt(crowd: Crowded, seen: Seen, i: int, column: int) -> bool:
    """Let a person take in what he sees or hears; tells whether his new mind is still unknown."""
    old, c = crowd.who[i].mind, crowd.who[i].target
    mind = seen.learn[old, column]
    if mind < 0:
        seen.want[old, column] = True
        return True
    if mind != old:
        lost = seen.news[old, column]
        if lost >= 0 and c >= 0 and seen.beyond[mind, c] > seen.beyond[old, c] + WORSE_M:
            crowd.who[i].lost = c >> 1 if seen.closed[c >> 1] else lost
        crowd.who[i].mind = mind
        crowd.who[i].rethink = True
    return False


@inlined
def place(net: Net, crowd: Crowded, i: int) -> tuple[float, float, float]:
    """Return where a person is on his leg: x, y and how far up a stair."""
    me, c = crowd.who[i], crowd.who[i].target
    if c < 0 or me.leg <= 0.0:
        return me.x, me.y, me.up
    share, x, y = me.left / me.leg, net.door[c >> 1].x, net.door[c >> 1].y
    up = net.line[c].slope
    return x + (me.x - x) * share, y + (me.y - y) * share, up + (me.up - up) * share


@inlined
def between(net: Net, s: int, dx: float, dy: float, dup: float) -> float:
    """Return the distance in metres of two points of a space; on a stair along its slope."""
    return float(abs(dup) if net.room[s].stair else np.sqrt(dx * dx + dy * dy))


@inlined
def away(net: Net, crowd: Crowded, i: int, x: float, y: float, up: float) -> float:
    """Return how far in metres a person stands from a point of his space, at least.

    Those who queue stand behind each other at jam density on the width of their portal.
    """
    c, (own_x, own_y, own_up) = crowd.who[i].target, place(net, crowd, i)
    metres = between(net, crowd.space[i], own_x - x, own_y - y, own_up - up)
    if c >= 0 and crowd.state[i] == QUEUE:
        metres = max(metres, crowd.who[i].ahead / (net.jam * net.door[c >> 1].width))
    return float(metres)


@inlined
def is_moving(crowd: Crowded, i: int) -> bool:
    """Tell whether a person is on his way, walking or queueing."""
    return bool(crowd.state[i] == WALK or crowd.state[i] == QUEUE)


@inlined
def may_hear(net: Net, crowd: Crowded, seen: Seen, i: int) -> bool:
    """Tell whether word that would change a person's mind is in his space or the next."""
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
def listen(net: Net, crowd: Crowded, seen: Seen, i: int, t: float) -> bool:
    """Let a person hear what has reached him; tells whether a mind is to be worked out first."""
    s = crowd.space[i]
    topics = seen.word.shape[1]
    for k in range(topics):
        since = seen.word[s, k].since
        if since == NEVER or seen.knows[crowd.who[i].mind, k]:
            continue
        w = seen.word[s, k]
        reach = min(net.word_speed * (t - since) / 1000.0, w.far + net.hearing)
        heard = away(net, crowd, i, w.x, w.y, w.up) <= reach
        if heard and adopt(crowd, seen, i, seen.learn.shape[1] - 1 - topics + k):
            return True
    return False


@inlined
def doubts(folk: Folk, crowd: Crowded, seen: Seen, i: int, t: float) -> bool:
    """Tell whether a person has waited too long where he can only wait."""
    c = crowd.who[i].target
    if crowd.state[i] != QUEUE or c < 0 or seen.beyond[crowd.who[i].mind, c] < HOPELESS_M:
        return False
    share = float(folk.who[i].lot >> np.uint64(11)) / 9007199254740992.0
    return bool(t - crowd.who[i].since > PATIENCE_MS * (1.0 + SPREAD * share))


@kernel
def look_round(
    net: Net, folk: Folk, crowd: Crowded, seen: Seen, turn: int, turns: int, t: float
) -> bool:
    """Let people take in what their spaces show, and, each at his turn, what others say.

    False if somebody's new mind has to be worked out before the step can be taken.
    """
    open_questions = 0
    for i in range(crowd.state.size):
        if crowd.state[i] >= OUT:
            continue
        v = seen.room[crowd.space[i]].sight
        if v != 0 and adopt(crowd, seen, i, v):
            open_questions += 1
        elif seen.word.shape[1] > 0 and i % turns == turn and is_moving(crowd, i):
            if listen(net, crowd, seen, i, t):
                open_questions += 1
            elif doubts(folk, crowd, seen, i, t):
                open_questions += adopt(crowd, seen, i, seen.learn.shape[1] - 1)
    return bool(open_questions == 0)


@kernel
def begin(seen: Seen, s: int, k: int, x: float, y: float, up: float, t: float) -> None:
    """Let word come up at a point of a space."""
    word = seen.word[s, k]
    word.since, word.x, word.y, word.up, word.far = t, x, y, up, 0.0


@kernel
def tell(net: Net, crowd: Crowded, seen: Seen, t: float) -> None:
    """Find out who knows what where; the first in a space begins to tell it where he stands."""
    for s in range(seen.word.shape[0]):
        for k in range(seen.word.shape[1]):
            seen.word[s, k].knowers = 0
            seen.word[s, k].far = 0.0
    for i in range(crowd.state.size):
        if not is_moving(crowd, i):
            continue
        s = crowd.space[i]
        for k in range(seen.word.shape[1]):
            if not seen.knows[crowd.who[i].mind, k]:
                continue
            word = seen.word[s, k]
            if word.since == NEVER:
                x, y, up = place(net, crowd, i)
                begin(seen, s, k, x, y, up, t)
            word.knowers += 1
            far = away(net, crowd, i, word.x, word.y, word.up)
            word.far = max(word.far, min(far, net.word_speed * (t - word.since) / 1000.0))


@inlined
def has_reached(net: Net, seen: Seen, s: int, k: int, c: int, t: float) -> bool:
    """Tell whether word that is being told in a space can be heard through one of its portals."""
    word = seen.word[s, k]
    if word.knowers == 0 or seen.closed[c >> 1]:
        return False
    door, up = net.door[c >> 1], net.line[c].slope
    metres = between(net, s, door.x - word.x, door.y - word.y, up - word.up)
    reach = min(net.word_speed * (t - word.since) / 1000.0, word.far + net.hearing)
    return bool(metres <= reach)


@kernel
def pass_on(net: Net, crowd: Crowded, seen: Seen, t: float) -> None:
    """Bring word up to date: told where somebody knows, heard next door, gone where nobody is."""
    if seen.word.shape[1] == 0:
        return
    tell(net, crowd, seen, t)
    for s in range(seen.word.shape[0]):
        for k in range(seen.word.shape[1]):
            if seen.word[s, k].knowers > 0:
                continue
            source = -1
            if crowd.room[s].count > 0:
                for j in range(net.room[s].low, net.room[s].high):
                    c = net.leaving[j]
                    if has_reached(net, seen, net.line[c].recv, k, c ^ 1, t):
                        source = c
                        break
            if source < 0:
                seen.word[s, k].since = NEVER
            elif seen.word[s, k].since == NEVER:
                p = source >> 1
                begin(seen, s, k, net.door[p].x, net.door[p].y, net.line[source].slope, t)
