"""Helpers take people off a pile: from the top, from the downstream side, one after another."""

import numpy as np

from evacuation.zone.kernels.arrays import FALLEN
from evacuation.zone.parameters import Parameters
from evacuation.zone.store import Store


class Rescue:
    """Two helpers who come when somebody has fallen, and who they carry out next."""

    def __init__(self, parameters: Parameters) -> None:
        """They come after ``come_s`` and need ``rescue_s`` for each."""
        self.come_s = parameters.helpers_s
        self._each = round(10 * parameters.rescue_s)
        self._next: int | None = None

    def next(self, store: Store, tick: int) -> int | None:
        """Return the slot of who is carried out at this tick, None for nobody."""
        lies = np.flatnonzero(store.discs.kind[: store.slots] == FALLEN)
        if not len(lies):
            self._next = None
            return None
        if self._next is None:
            self._next = tick + round(10 * self.come_s)
        if tick < self._next:
            return None
        self._next = tick + self._each
        f = store.people
        order = np.lexsort((lies, f.way[lies], -f.layer[lies]))
        return int(lies[order[0]])
