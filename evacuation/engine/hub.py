"""One array of addresses that stands for all arrays of a run, one row for each part of the floor.

Kernels call each other with a row alone: passing fifty arrays by value, as tuples of them, costs
more than most kernels do. Python keeps the arrays alive, and packs again whenever one is replaced.
In the row of a part, lists and counters are the stretches of the arrays that belong to it.
"""

from collections.abc import Mapping
from typing import Any

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic
from numba.np import arrayobj

from evacuation.engine import arrays as a
from evacuation.engine.arrays import Crowded, Folk, Log, Longs, Net, Seen
from evacuation.engine.compiled import inlined

Hub = Longs
Hubs = Longs
SLOTS = 3
"""Address, rows and columns of each array."""
GROUPS = (Net, Folk, Log, Crowded, Seen)
STARTS = tuple(SLOTS * sum(len(group._fields) for group in GROUPS[:k]) for k in range(len(GROUPS)))
NET, FOLK, LOG, CROWD, SEEN = STARTS
STRETCHES = {
    "rooms": "rooms", "turns": "people", "walkers": "people", "preparing": "people",
    "held": "leaders", "active": "portals", "changed": "cells", "touched": "rooms",
}  # fmt: skip
"""Arrays of which each part has a stretch, and of what it has one row per."""
BY_PART = ("turn", "fresh", "minded", "meta")
"""Arrays with a row per part."""


def pack(
    net: Net, folk: Folk, log: Log, crowd: Crowded, seen: Seen, offsets: Mapping[str, Longs]
) -> Hubs:
    """Return the hubs of these arrays [parts, slots]; ``offsets`` tells by what a stretch counts
    where the parts begin and the last ends. ValueError for an array that is not contiguous.
    """
    columns: list[Longs | int] = []
    parts = np.arange(len(crowd.meta), dtype=np.int64)
    for group in (net, folk, log, crowd, seen):
        for name, array in group._asdict().items():
            if not array.flags.c_contiguous:
                raise ValueError("kernels need contiguous arrays")
            address, shape = array.ctypes.data, (*array.shape, 1)
            if name in BY_PART:
                columns += [address + parts * array.strides[0], shape[1], 1]
            elif name in STRETCHES:
                begin = offsets[STRETCHES[name]]
                columns += [address + begin[:-1] * array.itemsize, np.diff(begin), 1]
            else:
                columns += [address, shape[0], shape[1]]
    return np.stack([np.broadcast_to(column, parts.shape) for column in columns], axis=1).copy()


def _array(dtype: Any, ndim: int) -> Any:
    """Return a function for kernels: the array of a type at an address, with its lengths.

    ``numba.carray`` would do, but not without reference counts (see ``compiled``).
    """
    fill: Any = arrayobj.populate_array
    item = numba.from_dtype(np.dtype(dtype))
    kind = types.Array(item, ndim, "C")

    @intrinsic
    def array_at(context: Any, address: Any, rows: Any, columns: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            made = context.make_array(kind)(context, builder)
            data = builder.inttoptr(args[0], made.data.type)
            size = context.get_constant(types.intp, context.get_abi_sizeof(data.type.pointee))
            shape = args[1 : 1 + ndim]
            strides = [size] if ndim == 1 else [builder.mul(args[2], size), size]
            fill(made, data, shape, strides, size, None)
            return made._getvalue()

        return kind(types.int64, types.int64, types.int64), build

    return array_at


_INT8, _INT32, _INT64 = _array(np.int8, 1), _array(np.int32, 1), _array(np.int64, 1)
_FLOAT, _FLAG = _array(np.float64, 1), _array(np.bool_, 1)
_INT32_2, _INT64_2 = _array(np.int32, 2), _array(np.int64, 2)
_FLOAT_2, _FLAG_2 = _array(np.float64, 2), _array(np.bool_, 2)
_CELL = _array(a.CELL, 1)
_DOOR = _array(a.DOOR, 1)
_EVENT = _array(a.EVENT, 1)
_FILLING = _array(a.FILLING, 1)
_FLOW = _array(a.FLOW, 1)
_KEY = _array(a.KEY, 1)
_LAW = _array(a.LAW, 1)
_LINE = _array(a.LINE, 1)
_LOAD = _array(a.LOAD, 1)
_PERSON = _array(a.PERSON, 1)
_ROOM = _array(a.ROOM, 1)
_SERVICE = _array(a.SERVICE, 1)
_TRAIL = _array(a.TRAIL, 1)
_VIEW = _array(a.VIEW, 1)
_WAY = _array(a.WAY, 1)
_WORD_2 = _array(a.WORD, 2)


@inlined
def net_of(h: Hub) -> Net:
    """Return the floor."""
    return Net(
        _LINE(h[NET], h[NET + 1], 1),
        _DOOR(h[NET + 3], h[NET + 4], 1),
        _ROOM(h[NET + 6], h[NET + 7], 1),
        _CELL(h[NET + 9], h[NET + 10], 1),
        _INT64(h[NET + 12], h[NET + 13], 1),
        _FLOAT_2(h[NET + 15], h[NET + 16], h[NET + 17]),
        _FLOAT_2(h[NET + 18], h[NET + 19], h[NET + 20]),
        _FLOAT_2(h[NET + 21], h[NET + 22], h[NET + 23]),
        _LAW(h[NET + 24], h[NET + 25], 1),
        _INT64(h[NET + 27], h[NET + 28], 1),
    )


@inlined
def folk_of(h: Hub) -> Folk:
    """Return the people."""
    return Folk(
        _PERSON(h[FOLK], h[FOLK + 1], 1),
        _INT64(h[FOLK + 3], h[FOLK + 4], 1),
        _INT32(h[FOLK + 6], h[FOLK + 7], 1),
        _INT64(h[FOLK + 9], h[FOLK + 10], 1),
        _INT64(h[FOLK + 12], h[FOLK + 13], 1),
        _INT64(h[FOLK + 15], h[FOLK + 16], 1),
        _INT32(h[FOLK + 18], h[FOLK + 19], 1),
    )


@inlined
def log_of(h: Hub) -> Log:
    """Return the log."""
    return Log(
        _EVENT(h[LOG], h[LOG + 1], 1),
        _INT64(h[LOG + 3], h[LOG + 4], 1),
    )


@inlined
def crowd_of(h: Hub) -> Crowded:
    """Return the crowd."""
    return Crowded(
        _INT8(h[CROWD], h[CROWD + 1], 1),
        _INT32(h[CROWD + 3], h[CROWD + 4], 1),
        _WAY(h[CROWD + 6], h[CROWD + 7], 1),
        _TRAIL(h[CROWD + 9], h[CROWD + 10], 1),
        _FLOW(h[CROWD + 12], h[CROWD + 13], 1),
        _FLOAT(h[CROWD + 15], h[CROWD + 16], 1),
        _SERVICE(h[CROWD + 18], h[CROWD + 19], 1),
        _FILLING(h[CROWD + 21], h[CROWD + 22], 1),
        _LOAD(h[CROWD + 24], h[CROWD + 25], 1),
        _INT32_2(h[CROWD + 27], h[CROWD + 28], h[CROWD + 29]),
        _KEY(h[CROWD + 30], h[CROWD + 31], 1),
        _FLOAT(h[CROWD + 33], h[CROWD + 34], 1),
        _INT32(h[CROWD + 36], h[CROWD + 37], 1),
        _INT32(h[CROWD + 39], h[CROWD + 40], 1),
        _INT32(h[CROWD + 42], h[CROWD + 43], 1),
        _INT32(h[CROWD + 45], h[CROWD + 46], 1),
        _INT32(h[CROWD + 48], h[CROWD + 49], 1),
        _INT32(h[CROWD + 51], h[CROWD + 52], 1),
        _INT32(h[CROWD + 54], h[CROWD + 55], 1),
        _INT32(h[CROWD + 57], h[CROWD + 58], 1),
        _INT64(h[CROWD + 60], h[CROWD + 61], 1),
    )


@inlined
def seen_of(h: Hub) -> Seen:
    """Return the building as it is seen."""
    return Seen(
        _FLAG(h[SEEN], h[SEEN + 1], 1),
        _VIEW(h[SEEN + 3], h[SEEN + 4], 1),
        _INT64_2(h[SEEN + 6], h[SEEN + 7], h[SEEN + 8]),
        _FLAG_2(h[SEEN + 9], h[SEEN + 10], h[SEEN + 11]),
        _INT64_2(h[SEEN + 12], h[SEEN + 13], h[SEEN + 14]),
        _FLAG_2(h[SEEN + 15], h[SEEN + 16], h[SEEN + 17]),
        _WORD_2(h[SEEN + 18], h[SEEN + 19], h[SEEN + 20]),
        _FLOAT_2(h[SEEN + 21], h[SEEN + 22], h[SEEN + 23]),
        _FLOAT_2(h[SEEN + 24], h[SEEN + 25], h[SEEN + 26]),
        _FLOAT_2(h[SEEN + 27], h[SEEN + 28], h[SEEN + 29]),
    )
