"""One time step of the crowd, and the count of people that every step must pass.

A step has phases: people look round, notice, think, walk, set off, and pass portals. When the log
is full it is broken off between two persons, and goes on there once the log has been read.
"""

from evacuation.engine.arrays import (
    ALERT,
    CURSOR,
    FAULT,
    FAULT_LOST,
    FIRST,
    HELD,
    LAST,
    LOOK,
    MEMBER,
    OUT,
    PHASE,
    PREMOVE,
    PREPARING,
    QUEUE,
    STEP,
    TALLY,
    TOUCHED,
    UNAWARE,
    WALK,
    WALKERS,
    WANT,
    Flags,
)
from evacuation.engine.census import is_conserved, is_conserved_in
from evacuation.engine.compiled import entry, inlined, kernel
from evacuation.engine.density import is_full, renew_paces, set_air
from evacuation.engine.hub import Hub, Hubs, crowd_of, folk_of, net_of, seen_of
from evacuation.engine.log import is_short
from evacuation.engine.preparing import take_first
from evacuation.engine.queues import spread_queues
from evacuation.engine.service import serve
from evacuation.engine.thinking import reconsider, think_strolling
from evacuation.engine.walking import perceive, set_off, stroll, walk
from evacuation.engine.word import look_round, may_hear, pass_on

THINK_STEPS = 10
"""A person looks round again every tenth step, each at his own step."""
RECOUNT_STEPS = 100
"""Everybody is counted again so often; in between only the spaces where somebody moved."""
DONE, ASKED, AGAIN = range(3)
NOTICING, THINKING, WALKING, SETTING_OFF, SERVING = range(1, 6)


@kernel
def alert(h: Hub, t: float) -> bool:
    """Let people perceive new conditions; False if the log has to be read first."""
    net, folk, crowd, seen = net_of(h), folk_of(h), crowd_of(h), seen_of(h)
    for k in range(crowd.meta[CURSOR], net.rooms.size):
        s = net.rooms[k]
        if seen.room[s].cue < 0 and not seen.room[s].smoky:
            continue
        if is_short(h, 2 * (folk.ends[s] - folk.rows[s])):
            crowd.meta[CURSOR] = k
            return False
        for i in range(folk.rows[s], folk.ends[s]):
            if crowd.state[i] == UNAWARE:
                perceive(h, i, t)
    crowd.meta[ALERT] = 0
    return True


@kernel
def advance_walkers(h: Hub, turn: int, t0: float, t1: float) -> bool:
    """Let all walkers walk, the last of the list first, and those think whose turn it is; False if
    the log has to be read first.
    """
    crowd = crowd_of(h)
    k = crowd.meta[CURSOR] - 1
    while k >= 0:
        i = crowd.walkers[k]
        if is_short(h, 0):
            crowd.meta[CURSOR] = k + 1
            return False
        if crowd.who[i].turn == turn:
            think_strolling(h, i, t0)
        if crowd.state[i] == WALK and not stroll(h, i, t1 - t0):
            walk(h, i, t0, t1)
        k -= 1
    return True


@kernel
def send_off(h: Hub, t0: float, t1: float) -> bool:
    """Let those walk who are ready, first the leaders who were held back; False if the log has to
    be read first.
    """
    folk, crowd = folk_of(h), crowd_of(h)
    k = crowd.meta[CURSOR]
    while k < crowd.meta[HELD]:
        i = crowd.held[k]
        if is_short(h, 0):
            crowd.meta[CURSOR] = k
            return False
        if crowd.state[i] != PREMOVE or set_off(h, i, t0, t1):
            for j in range(k + 1, crowd.meta[HELD]):
                crowd.held[j - 1] = crowd.held[j]
            crowd.meta[HELD] -= 1
        else:
            k += 1
    crowd.meta[CURSOR] = k
    while crowd.meta[PREPARING] > 0 and crowd.trail[crowd.preparing[0]].due < t1:
        i = crowd.preparing[0]
        s = crowd.space[i]
        if is_short(h, 2 * (folk.ends[s] - folk.rows[s])):
            return False
        take_first(h)
        if crowd.state[i] == PREMOVE and not set_off(h, i, t0, t1):
            crowd.held[crowd.meta[HELD]] = i
            crowd.meta[HELD] += 1
            crowd.meta[CURSOR] += 1
    return True


@kernel
def finish(h: Hub, t1: float) -> None:
    """Let queues stand where there is room, and count: spaces where anybody moved at every step,
    everybody now and then.
    """
    net, crowd = net_of(h), crowd_of(h)
    sound = crowd.meta[TALLY + WALK] == crowd.meta[WALKERS]
    for k in range(crowd.meta[TOUCHED]):
        s = crowd.touched[k]
        crowd.room[s].is_touched = False
        if net.room[s].cells > 1:
            spread_queues(h, s, t1)
        sound = sound and is_conserved_in(h, s)
    crowd.meta[TOUCHED] = 0
    crowd.meta[STEP] += 1
    if crowd.meta[STEP] % RECOUNT_STEPS == 0:
        sound = sound and is_conserved(h)
    if not sound:
        crowd.meta[FAULT] = FAULT_LOST


@kernel
def open_step(h: Hub, t: float) -> bool:
    """Let word spread and people look round; False if a mind has to be worked out first."""
    crowd = crowd_of(h)
    turn = crowd.meta[STEP] % THINK_STEPS
    if not look_round(h, turn, t):
        crowd.meta[WANT] = 1
        return False
    if turn == 0:
        pass_on(h, t)
    if crowd.meta[ALERT] != 0:
        set_air(h)
    else:
        renew_paces(h)
    return True


@kernel
def step(h: Hub, t0: float, t1: float) -> bool:
    """Advance everybody from t0 to t1; False if that was broken off."""
    crowd = crowd_of(h)
    turn = crowd.meta[STEP] % THINK_STEPS
    while True:
        phase, done = crowd.meta[PHASE], True
        if phase == 0:
            done = open_step(h, t0)
        elif phase == NOTICING:
            done = crowd.meta[ALERT] == 0 or alert(h, t0)
        elif phase == THINKING:
            done = reconsider(h, turn, t0)
        elif phase == WALKING:
            done = advance_walkers(h, turn, t0, t1)
        elif phase == SETTING_OFF:
            done = send_off(h, t0, t1)
        else:
            done = serve(h, t0, t1)
        if not done:
            return False
        if phase == SERVING:
            break
        crowd.meta[PHASE] = phase + 1
        crowd.meta[MEMBER] = 0
        crowd.meta[CURSOR] = crowd.meta[WALKERS] if phase + 1 == WALKING else 0
    crowd.meta[PHASE] = 0
    finish(h, t1)
    return True


@inlined
def is_idle(h: Hub) -> bool:
    """Tell whether nothing can happen in a part: nobody prepares, walks or queues, and those who
    have noticed nothing are told nothing new.
    """
    crowd = crowd_of(h)
    busy = crowd.meta[TALLY + PREMOVE] + crowd.meta[TALLY + WALK] + crowd.meta[TALLY + QUEUE]
    told = crowd.meta[ALERT] + crowd.meta[LOOK] > 0 and crowd.meta[TALLY + UNAWARE] > 0
    return bool(busy == 0 and not told)


@kernel
def run_part(h: Hub, t0: float, dt: float, first: int, last: int) -> int:
    """Take the steps of one part from number ``first``, at t0, to ``last``; AGAIN if the log has to
    be read, ASKED if a mind has to be worked out first, else DONE.
    """
    crowd = crowd_of(h)
    while crowd.meta[STEP] < last:
        if crowd.meta[PHASE] == 0 and is_idle(h):
            crowd.meta[STEP] = last
            break
        t = t0 + (crowd.meta[STEP] - first) * dt
        if not step(h, t, t0 + (crowd.meta[STEP] - first + 1) * dt):
            return ASKED if crowd.meta[WANT] != 0 else AGAIN
        if crowd.meta[FAULT] != 0:
            break
    return DONE


@entry
def run(hubs: Hubs, t0: float, dt: float, first: int, last: int) -> int:
    """Take the steps of all parts, one part after the other, so that each stays in the cache."""
    found = DONE
    for g in range(hubs.shape[0]):
        result = run_part(hubs[g], t0, dt, first, last)
        if result == AGAIN:
            return AGAIN
        found = max(found, result)
    return found


@inlined
def gets_on(h: Hub, i: int) -> bool:
    """Tell whether a person in walk or queue gets on: neither the next cell is full, nor his portal
    closed or the space behind it full.
    """
    net, crowd, seen = net_of(h), crowd_of(h), seen_of(h)
    c = crowd.who[i].target
    if crowd.state[i] == WALK:
        me = crowd.who[i]
        return bool(me.left > me.mark or me.mark <= 0.0 or not is_full(h, me.ahead))
    if c < 0:
        return False
    return not (seen.closed[c >> 1] or is_full(h, net.line[c].into))


@entry
def can_move(hubs: Hubs, open_way: Flags, hopeless: float) -> bool:
    """Tell whether anybody inside may still get on or be told to.

    Who goes to wait at a closed exit (at ``hopeless`` cost) counts only if his space has an
    ``open_way`` out that he might yet find.
    """
    found = False
    for g in range(hubs.shape[0]):
        found = found or can_move_in(hubs[g], open_way, hopeless)
    return found


@kernel
def can_move_in(h: Hub, open_way: Flags, hopeless: float) -> bool:
    """Tell the same of one part."""
    crowd, seen = crowd_of(h), seen_of(h)
    if crowd.meta[TALLY + UNAWARE] + crowd.meta[TALLY + PREMOVE] > 0:
        return True
    for i in range(crowd.meta[FIRST], crowd.meta[LAST]):
        if crowd.state[i] >= OUT:
            continue
        c = crowd.who[i].target
        if not gets_on(h, i):
            waits = c < 0 or seen.beyond[crowd.who[i].mind, c] >= hopeless
            if not waits and may_hear(h, i):
                return True
            continue
        if open_way[crowd.space[i]] or c < 0 or seen.beyond[crowd.who[i].mind, c] < hopeless:
            return True
    return False
