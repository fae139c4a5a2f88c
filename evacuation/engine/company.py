"""What others do to a choice: whom one goes with, and where others are seen to go."""

from evacuation.engine.arrays import QUEUE, WALK
from evacuation.engine.compiled import entry, inlined
from evacuation.engine.hub import Hub, crowd_of, folk_of, net_of, seen_of


@entry
def count_heads(h: Hub) -> None:
    """Count who walks or queues to each crossing, and to any of the same space."""
    net, crowd, seen = net_of(h), crowd_of(h), seen_of(h)
    for s in range(net.room.size):
        total = 0.0
        for k in range(net.room[s].low, net.room[s].high):
            c = net.leaving[k]
            heads = float(crowd.line[c].queued)
            for b in range(crowd.rings.shape[1]):
                heads += crowd.rings[c, b]
            seen.heads[c, 0] = heads
            total += heads
        for k in range(net.room[s].low, net.room[s].high):
            seen.heads[net.leaving[k], 1] = total


@inlined
def guided(h: Hub, i: int) -> int:
    """Return where the one heads for with whom a person goes, if he is here; else -1."""
    folk, crowd = folk_of(h), crowd_of(h)
    g = folk.who[i].guide
    if g < 0 or g == i or crowd.space[g] != crowd.space[i]:
        return -1
    if crowd.state[g] != WALK and crowd.state[g] != QUEUE:
        return -1
    crowd.who[i].options = 2
    return int(crowd.who[g].target)


@inlined
def attraction(h: Hub, i: int, c: int) -> float:
    """Return how much more a crossing counts in a draw between equal ways because others in sight
    take it: 1 plus the law's ``social`` times their part of all others on their way in this space.
    """
    net, crowd, seen = net_of(h), crowd_of(h), seen_of(h)
    heads, total = seen.heads[c, 0], seen.heads[c, 1]
    if crowd.who[i].target >= 0:
        total -= 1.0
        heads -= 1.0 if crowd.who[i].target == c else 0.0
    if total <= 0.0 or heads <= 0.0:
        return 1.0
    return float(1.0 + net.law[0].social * min(heads / total, 1.0))
