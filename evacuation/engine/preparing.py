"""Those who prepare to go, in a heap by the time at which each will be ready, then by lot."""

from evacuation.engine.arrays import PREPARING
from evacuation.engine.compiled import inlined, kernel
from evacuation.engine.hub import Hub, crowd_of, folk_of


@inlined
def _sooner(h: Hub, a: int, b: int) -> bool:
    folk, crowd = folk_of(h), crowd_of(h)
    if crowd.trail[a].due != crowd.trail[b].due:
        return bool(crowd.trail[a].due < crowd.trail[b].due)
    return bool(folk.who[a].lot < folk.who[b].lot)


@kernel
def prepare(h: Hub, i: int) -> None:
    """Add a person; ``due`` is when he is ready."""
    crowd = crowd_of(h)
    k = crowd.meta[PREPARING]
    crowd.meta[PREPARING] = k + 1
    while k > 0 and _sooner(h, i, crowd.preparing[(k - 1) // 2]):
        crowd.preparing[k] = crowd.preparing[(k - 1) // 2]
        k = (k - 1) // 2
    crowd.preparing[k] = i


@kernel
def take_first(h: Hub) -> int:
    """Remove the person who is ready first, and return him."""
    crowd = crowd_of(h)
    first, n = crowd.preparing[0], crowd.meta[PREPARING] - 1
    crowd.meta[PREPARING] = n
    i, k = crowd.preparing[n], 0
    while 2 * k + 1 < n:
        down = 2 * k + 1
        if down + 1 < n and _sooner(h, crowd.preparing[down + 1], crowd.preparing[down]):
            down += 1
        if not _sooner(h, crowd.preparing[down], i):
            break
        crowd.preparing[k] = crowd.preparing[down]
        k = down
    crowd.preparing[k] = i
    return int(first)
