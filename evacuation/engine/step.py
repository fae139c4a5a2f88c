"""One time step of the crowd, and the count of people that every step must pass."""

from evacuation.engine.arrays import (
    EVENTS,
    FAULT,
    FAULT_LOST,
    OUT,
    PREMOVE,
    QUEUE,
    STEP,
    UNAWARE,
    WALK,
    WANT,
    Crowded,
    Flags,
    Folk,
    Log,
    Net,
    Seen,
)
from evacuation.engine.choice import think_again
from evacuation.engine.compiled import entry, inlined, kernel
from evacuation.engine.density import is_full, set_pace
from evacuation.engine.queues import recount
from evacuation.engine.service import serve
from evacuation.engine.walking import perceive, start, walk
from evacuation.engine.word import look_round, may_hear, pass_on

THINK_STEPS = 10
"""A person looks round again every tenth step, each at his own step."""
ROWS_PER_PERSON = 6
"""Room in the log that a step may need at most, per person."""


@kernel
def reconsider(net: Net, folk: Folk, log: Log, crowd: Crowded, seen: Seen, t: float) -> None:
    """Let people perceive and think again at the beginning of a step."""
    turn = crowd.meta[STEP] % THINK_STEPS
    for i in range(crowd.state.size):
        state = crowd.state[i]
        if state >= OUT:
            continue
        if state == UNAWARE:
            perceive(folk, log, crowd, seen, i, t)
        elif state >= WALK and (crowd.who[i].rethink or i % THINK_STEPS == turn):
            think_again(net, folk, log, crowd, seen, i, t)


@kernel
def is_conserved(net: Net, crowd: Crowded) -> bool:
    """Recount everybody: each is out or in exactly one space, and the spaces' counts agree."""
    for s in range(net.room.size):
        crowd.room[s].tally = 0
    for i in range(crowd.state.size):
        if crowd.state[i] != OUT:
            crowd.room[crowd.space[i]].tally += 1
    wrong = 0
    for s in range(net.room.size):
        wrong += abs(crowd.room[s].tally - crowd.room[s].count)
    return bool(wrong == 0)


@kernel
def step(net: Net, folk: Folk, log: Log, crowd: Crowded, seen: Seen, t0: float, t1: float) -> None:
    """Advance everybody from t0 to t1."""
    if crowd.meta[STEP] % THINK_STEPS == 0:
        recount(crowd)
        pass_on(net, crowd, seen, t0)
    set_pace(net, crowd, seen)
    reconsider(net, folk, log, crowd, seen, t0)
    for i in range(crowd.state.size):
        if crowd.state[i] == WALK:
            walk(net, folk, log, crowd, i, t0, t1)
    for i in range(crowd.state.size):
        if crowd.state[i] == PREMOVE and crowd.who[i].start_at < t1:
            start(net, folk, log, crowd, seen, i, t0, t1)
    serve(net, folk, log, crowd, seen, t0, t1)
    crowd.meta[STEP] += 1
    if not is_conserved(net, crowd):
        crowd.meta[FAULT] = FAULT_LOST


@entry
def run(
    net: Net,
    folk: Folk,
    log: Log,
    crowd: Crowded,
    seen: Seen,
    t0: float,
    dt: float,
    steps: int,
) -> int:
    """Take up to ``steps`` steps of dt ms and return how many; earlier when the log is full,
    or a mind has to be worked out first. A fault ends the run.
    """
    room = ROWS_PER_PERSON * crowd.state.size + 64
    for k in range(steps):
        if log.rows.size - crowd.meta[EVENTS] < room:
            return k
        turn = crowd.meta[STEP] % THINK_STEPS
        if not look_round(net, folk, crowd, seen, turn, THINK_STEPS, t0 + k * dt):
            crowd.meta[WANT] = 1
            return k
        step(net, folk, log, crowd, seen, t0 + k * dt, t0 + (k + 1) * dt)
        if crowd.meta[FAULT] != 0:
            return steps
    return steps


@inlined
def gets_on(net: Net, crowd: Crowded, seen: Seen, i: int) -> bool:
    """Tell whether a person walks, or queues for a portal that is open and a space not full."""
    c = crowd.who[i].target
    if crowd.state[i] != QUEUE or c < 0:
        return bool(crowd.state[i] == WALK)
    return not (seen.closed[c >> 1] or is_full(net, crowd, net.line[c].recv))


@entry
def can_move(net: Net, crowd: Crowded, seen: Seen, open_way: Flags, hopeless: float) -> bool:
    """Tell whether anybody inside may still get on or be told to.

    Who goes to wait at a closed exit (at ``hopeless`` cost) counts only if his space has an
    ``open_way`` out that he might yet find.
    """
    for i in range(crowd.state.size):
        if crowd.state[i] < WALK:
            return True
        if crowd.state[i] >= OUT:
            continue
        c = crowd.who[i].target
        if not gets_on(net, crowd, seen, i):
            waits = c < 0 or seen.beyond[crowd.who[i].mind, c] >= hopeless
            if not waits and may_hear(net, crowd, seen, i):
                return True
            continue
        if open_way[crowd.space[i]] or c < 0 or seen.beyond[crowd.who[i].mind, c] < hopeless:
            return True
    return False
