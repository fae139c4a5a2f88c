"""Walking along a leg, and the first steps: cue, pre-movement, and the leader who goes last."""

from evacuation.engine.arrays import (
    HALT,
    HALTED,
    NOTICE,
    NOTICE_SMOKE,
    NOTICE_TOLD,
    PREMOVE,
    QUEUE,
    UNAWARE,
    WALK,
    Crowded,
    Folk,
    Log,
    Net,
    Seen,
)
from evacuation.engine.choice import choose, head_for, stand
from evacuation.engine.compiled import entry, kernel
from evacuation.engine.density import speed
from evacuation.engine.log import change, millis, write
from evacuation.engine.queues import forget_ring, join, leave


@kernel
def walk(net: Net, folk: Folk, log: Log, crowd: Crowded, i: int, t0: float, t1: float) -> None:
    """Walk from t0 to t1; who reaches his portal joins its queue at that very moment."""
    pace = speed(net, folk, crowd, i) / 1000.0
    reach = pace * (t1 - t0)
    if crowd.who[i].left <= reach:
        join(log, crowd, i, t0 + crowd.who[i].left / pace)
    else:
        crowd.who[i].left -= reach


@kernel
def notice(folk: Folk, log: Log, crowd: Crowded, i: int, code: int, t: float) -> None:
    """Let somebody perceive his first cue; pre-movement begins."""
    write(log, crowd, NOTICE, i, code, 0, millis(t), 0)
    crowd.who[i].start_at = t + folk.who[i].pre_ms
    change(log, crowd, i, crowd.space[i], PREMOVE, t)


@kernel
def perceive(folk: Folk, log: Log, crowd: Crowded, seen: Seen, i: int, t: float) -> None:
    """Alert a person if a cue reaches his space or he stands in smoke that he can see."""
    s = crowd.space[i]
    if seen.room[s].cue >= 0:
        notice(folk, log, crowd, i, seen.room[s].cue, t)
    elif seen.room[s].smoky:
        notice(folk, log, crowd, i, NOTICE_SMOKE, t)


@kernel
def give_order(folk: Folk, log: Log, crowd: Crowded, leader: int, t: float) -> None:
    """A leader, ready to go or passing, tells all in his space who have noticed nothing yet."""
    crowd.who[leader].ordered = True
    for j in range(crowd.state.size):
        if crowd.state[j] == UNAWARE and crowd.space[j] == crowd.space[leader]:
            notice(folk, log, crowd, j, NOTICE_TOLD - leader, t)


@kernel
def must_wait(folk: Folk, crowd: Crowded, seen: Seen, leader: int) -> bool:
    """Tell whether somebody of the leader's group is still in the start space and can leave it."""
    g = folk.who[leader].group
    for k in range(folk.first[g], folk.first[g + 1]):
        j = folk.members[k]
        if folk.who[j].leads or crowd.space[j] != folk.who[leader].start:
            continue
        c = crowd.who[j].target
        leaving = crowd.state[j] == QUEUE and c >= 0 and not seen.closed[c >> 1]
        if crowd.state[j] < QUEUE or leaving:
            return True
    return False


@kernel
def start(
    net: Net,
    folk: Folk,
    log: Log,
    crowd: Crowded,
    seen: Seen,
    i: int,
    t0: float,
    t1: float,
) -> None:
    """Begin to walk once pre-movement is over, and go on until the end of the step."""
    t = max(t0, crowd.who[i].start_at)
    if folk.who[i].leads:
        if not crowd.who[i].ordered:
            give_order(folk, log, crowd, i, t)
        if must_wait(folk, crowd, seen, i):
            return
    crowd.who[i].rethink = False
    head_for(net, log, crowd, i, choose(net, folk, crowd, seen, i), t)
    if crowd.state[i] == WALK:
        walk(net, folk, log, crowd, i, t, t1)


@entry
def halt(net: Net, log: Log, crowd: Crowded, i: int, t: float) -> None:
    """Stop a person for good where he is; he stays in the count of his space."""
    stand(net, crowd, i)
    if crowd.state[i] == WALK:
        forget_ring(crowd, i)
    elif crowd.state[i] == QUEUE and crowd.who[i].target >= 0:
        leave(crowd, i)
    crowd.who[i].target = -1
    write(log, crowd, HALT, i, crowd.space[i], 0, millis(t), 0)
    change(log, crowd, i, crowd.space[i], HALTED, t)
