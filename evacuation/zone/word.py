"""Who knows of a fall: those behind it, as word goes up the crowd or as they are told."""

import numpy as np

from evacuation.zone.kernels.arrays import FALLEN, STANDING
from evacuation.zone.parameters import Parameters
from evacuation.zone.store import Store


class Word:
    """Word of the falls that lie there now; it begins with the first and ends with the last."""

    def __init__(self, parameters: Parameters) -> None:
        """Word goes with ``speed_m_s`` until somebody tells all."""
        self.speed_m_s = parameters.word_m_s
        self._since_tick: int | None = None
        self._told_tick: int | None = None
        self._place_m = 0.0

    def tell_all(self, tick: int | None) -> None:
        """Tell everybody behind a fall from a tick on (public address, staff on every landing);
        None: no longer.
        """
        self._told_tick = tick

    def spread(self, store: Store, tick: int) -> None:
        """Let word go on for a tenth of a second."""
        d, f = store.discs, store.people
        lies = d.kind[: store.slots] == FALLEN
        if not lies.any():
            self._since_tick = None
            f.informed[:] = 0
            return
        if self._since_tick is None:
            self._since_tick = tick
            self._place_m = float(f.way[lies].max())
        reach = self._place_m + self.speed_m_s * 0.1 * (tick - self._since_tick)
        if self._told_tick is not None and tick >= self._told_tick:
            reach = np.inf
        stands = d.kind[: store.slots] == STANDING
        behind = stands & (f.way > f.way[lies].min()) & (f.way <= reach)
        f.informed[behind] = 1
