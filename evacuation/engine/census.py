"""The counts that must agree: people in spaces, loads in cells, walkers on their list."""

from evacuation.engine.arrays import FIRST, LAST, OUT, WALK, WALKERS
from evacuation.engine.compiled import inlined, kernel
from evacuation.engine.hub import Hub, crowd_of, net_of


@inlined
def is_conserved_in(h: Hub, s: int) -> bool:
    """Tell whether the cells of a space hold what its people weigh."""
    net, crowd = net_of(h), crowd_of(h)
    if net.room[s].safe:
        return True
    total = 0
    for q in range(net.room[s].cell, net.room[s].cell + net.room[s].cells):
        total += crowd.cell[q].load
    return bool(total == crowd.room[s].load and crowd.room[s].count >= 0)


@kernel
def is_conserved(h: Hub) -> bool:
    """Recount everybody: each is out or in exactly one space, and the spaces' counts agree."""
    net, crowd = net_of(h), crowd_of(h)
    for k in range(net.rooms.size):
        crowd.room[net.rooms[k]].tally = 0
    walking = 0
    for i in range(crowd.meta[FIRST], crowd.meta[LAST]):
        if crowd.state[i] != OUT:
            crowd.room[crowd.space[i]].tally += 1
        walking += crowd.state[i] == WALK
    wrong = abs(walking - crowd.meta[WALKERS])
    for k in range(net.rooms.size):
        wrong += abs(crowd.room[net.rooms[k]].tally - crowd.room[net.rooms[k]].count)
    return bool(wrong == 0)
