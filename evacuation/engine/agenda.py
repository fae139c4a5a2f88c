"""Portals at which somebody is to pass in this step, in a heap by time, then turn in merging,
width, and number. An entry counts only while it is the portal's own (``due`` and ``tag``).
"""

from evacuation.engine.arrays import KEYS
from evacuation.engine.compiled import inlined, kernel
from evacuation.engine.hub import Hub, crowd_of, net_of


@inlined
def _sooner(h: Hub, a: int, due: float, tag: float, p: int) -> bool:
    """Tell whether an entry of the heap comes before a key."""
    net, crowd = net_of(h), crowd_of(h)
    key = crowd.keys[a]
    if key.due != due:
        return bool(key.due < due)
    if key.tag != tag:
        return bool(key.tag < tag)
    if net.door[key.portal].width != net.door[p].width:
        return bool(net.door[key.portal].width > net.door[p].width)
    return bool(key.portal < p)


@inlined
def _set(h: Hub, k: int, due: float, tag: float, p: int) -> None:
    crowd = crowd_of(h)
    key = crowd.keys[k]
    key.due, key.tag, key.portal = due, tag, p


@kernel
def enter(h: Hub, p: int, due: float, tag: float) -> None:
    """Put a portal on the agenda; what was there of it no longer counts."""
    crowd = crowd_of(h)
    if crowd.meta[KEYS] == crowd.keys.size:
        _drop_invalid(h)
    crowd.door[p].due, crowd.door[p].tag = due, tag
    _push(h, p, due, tag)


@inlined
def _push(h: Hub, p: int, due: float, tag: float) -> None:
    crowd = crowd_of(h)
    k = crowd.meta[KEYS]
    crowd.meta[KEYS] = k + 1
    while k > 0 and not _sooner(h, (k - 1) // 2, due, tag, p):
        up = crowd.keys[(k - 1) // 2]
        _set(h, k, up.due, up.tag, up.portal)
        k = (k - 1) // 2
    _set(h, k, due, tag, p)


@inlined
def is_valid(h: Hub, k: int) -> bool:
    """Tell whether an entry is its portal's own."""
    crowd = crowd_of(h)
    key = crowd.keys[k]
    return bool(crowd.door[key.portal].due == key.due and crowd.door[key.portal].tag == key.tag)


@kernel
def _drop_invalid(h: Hub) -> None:
    crowd = crowd_of(h)
    count = crowd.meta[KEYS]
    crowd.meta[KEYS] = 0
    for k in range(count):
        key = crowd.keys[k]
        due, tag, p = key.due, key.tag, key.portal
        if is_valid(h, k):
            crowd.door[p].due = -1.0
            _push(h, p, due, tag)
    for k in range(crowd.meta[KEYS]):
        crowd.door[crowd.keys[k].portal].due = crowd.keys[k].due


@kernel
def drop_first(h: Hub) -> None:
    """Remove the first entry."""
    crowd = crowd_of(h)
    n = crowd.meta[KEYS] - 1
    crowd.meta[KEYS] = n
    key = crowd.keys[n]
    due, tag, p = key.due, key.tag, key.portal
    k = 0
    while 2 * k + 1 < n:
        down = 2 * k + 1
        if down + 1 < n:
            low = crowd.keys[down]
            down += _sooner(h, down + 1, low.due, low.tag, low.portal)
        if not _sooner(h, down, due, tag, p):
            break
        low = crowd.keys[down]
        _set(h, k, low.due, low.tag, low.portal)
        k = down
    _set(h, k, due, tag, p)
