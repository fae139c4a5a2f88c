"""What one evacuation of a floor gave: times, counts, queues, densities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evacuation.crush.measures import Peak
from evacuation.crush.risk import Outcome as Fallen

FLOW_WINDOW_S = 10
"""A peak flow is an average over so long: one person a second is no flow of 1/s."""

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Stuck = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Crowding:
    """What people met in each space: persons per m2 of the whole space, at every whole second.

    `level_person_s` [S, 6] of those who walk by Fruin's walkway or stair levels,
    `queue_level_person_s` [S, 6] of those who wait by his queue levels; `queue_peak_per_m2` [S] the
    greatest density while half or more of those present wait; `person_s_above` [S, thresholds].
    """

    level_person_s: Floats
    queue_level_person_s: Floats
    queue_peak_per_m2: Floats
    density_time_s_m2: Floats
    person_s_above: Floats


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run. P portals, S spaces in floor order; sample k is the state after k seconds.

    `exit_s` and `exit_by` [N], time and number of the portal in the order of the persons' ids, inf
    and -1 for whoever is not out; who waits in a refuge at the end (`sheltered`: person, space)
    counts with the time he came there; `stranded` holds (person, space, reason); `cumulative`
    [P, K], `persons` and `queue` [S, K], `queue_at` [P, K]; `dose` [N] the greater of gases and
    heat; `crush` what falls there were, `peaks` [S] the worst of each space.
    """

    seed: int
    exit_s: Floats
    exit_by: Longs
    already_safe: int
    stranded: tuple[Stuck, ...]
    sheltered: tuple[tuple[str, str], ...]
    first_s: Floats
    last_s: Floats
    cumulative: Longs
    queue_at: Longs
    persons: Longs
    queue: Longs
    dose: Floats
    crowding: Crowding
    crush: Fallen
    peaks: tuple[Peak, ...]

    @property
    def total_s(self) -> float:
        """The total evacuation time, inf if somebody is not out."""
        return float(self.exit_s.max())

    @property
    def delay_person_s(self) -> Floats:
        """Person-seconds queued at each portal until the last one is out.

        What those who never get out wait after that is their stranding, not the portal's delay.
        """
        out = self.exit_s[np.isfinite(self.exit_s)]
        end = int(out.max()) + 1 if len(out) else self.queue_at.shape[1]
        return np.asarray(self.queue_at[:, : end + 1].sum(axis=1), np.float64)

    @property
    def peak_flow_per_s(self) -> Floats:
        """The greatest flow through each portal, averaged over `FLOW_WINDOW_S` seconds."""
        padded = np.pad(self.cumulative, ((0, 0), (FLOW_WINDOW_S, 0)))
        gains = padded[:, FLOW_WINDOW_S:] - padded[:, :-FLOW_WINDOW_S]
        return np.asarray(gains.max(axis=1) / FLOW_WINDOW_S, np.float64)
