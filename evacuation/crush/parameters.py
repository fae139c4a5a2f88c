"""Every parameter of falls on the graph that the zone does not have, with unit and source.

What both models need stands in ``evacuation.zone.parameters`` and is taken from there.
"""

from dataclasses import dataclass, field, fields, replace

import numpy as np

from evacuation.engine.arrays import Records
from evacuation.engine.danger import RISK
from evacuation.zone.parameters import Parameters, known

FITTED = ("reach", "walks", "creep", "push_flight", "shift", "layers")
"""Chosen so that a single trip (C14) comes out near its band, on top of the zone's own fits."""
PACKS_AT = (0.05, 0.2, 0.4)
"""Shares who push at which packing is stated: not at all, ``packed_phi``, ``most_phi``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Falls:
    """The graph's own parameters; ``zone`` holds those that it shares with the zone."""

    zone: Parameters = field(default_factory=Parameters)
    push_calm: float = known(0.05, "1", "guessed", "share who push in a calm crowd")
    push_urgent: float = known(0.4, "1", "guessed", "share who push at twice the usual speed")
    push_n: float = known(100.0, "N", "recalled", "push of 70 kg, by mass; Fruin 1993 30-75 %")
    push_flight: float = known(0.25, "1", "fitted", "of weight, added by who leans down a flight")
    wall: float = known(0.16, "1", "fitted", "mu K of Janssen's law, to loads of pens and gates")
    packed_phi: float = known(0.80, "1", "recalled", "occupancy of a crowd that pushes at 0.2")
    most_phi: float = known(1.05, "1", "recalled", "greatest occupancy, bodies pressed (Itaewon)")
    close_s: float = known(10.0, "s", "guessed", "time in which a pushing crowd closes up")
    settle_s: float = known(5.0, "s", "guessed", "over which it judges whether it stands still")
    load_phi: float = known(0.55, "1", "guessed", "occupancy from which bodies pass on load")
    reach: float = known(1.20, "m", "fitted", "who is so near to a body is just behind it")
    walks: float = known(0.05, "m/s", "fitted", "who goes so fast bears a body's whole hazard")
    creep: float = known(0.18, "m/s", "fitted", "shoved on at, by who pushes, in a thin jam")
    lane: float = known(0.35, "m", "guessed", "width that somebody who lies takes")
    body_m: float = known(1.2, "m", "guessed", "length of somebody who lies")
    shift: float = known(0.19, "m", "fitted", "how far up a pile the next row lies")
    closes: float = known(0.40, "m", "guessed", "nobody gets past by less than this")
    layers: float = known(6.0, "1", "fitted", "most layers in a pile, 3-6 seen")
    drop: float = known(0.10, "1", "guessed", "capacity lost behind a standing crowd")
    drop_urgent: float = known(0.15, "1", "guessed", "the same, by urgency above 1")
    drop_most: float = known(0.55, "1", "guessed", "most of a capacity that is lost so")
    drop_width: float = known(1.5, "m", "guessed", "only ways narrower than this lose any")
    drop_on: float = known(0.45, "1", "guessed", "occupancy at which capacity drops")
    drop_off: float = known(0.30, "1", "guessed", "and at which it comes back")
    rail_m: float = known(2.4, "m", "guessed", "a rail is in reach on stairs up to this width")
    slope: float = known(0.637, "1", "published", "riser by tread of the usual stair (SFPE 7/11)")
    staff_share: float = known(0.9, "1", "guessed", "of those told who stop, with a marshal")
    staff_m_s: float = known(1.0, "m/s", "guessed", "word of a fall where a marshal stands")
    sweeps: float = known(3.5, "adults/m2", "guessed", "sweeps along a marshal on a flight")
    staff_help_s: float = known(20.0, "s", "guessed", "until a marshal helps at a pile")

    def risk(self) -> Records:
        """Return the numbers of the hazards for the kernels; in a thin crowd all see who lies."""
        z = self.zone
        thin = z.h_low * z.h_told
        row = (
            z.packed_at, z.packed_width, z.recover, z.packed, z.counter, thin, z.h_mid, z.h_high,
            z.h_dark, z.h_told, 100.0, self.walks, self.reach, self.reach / 2.0,
            self.load_phi / z.body_ref, self.most_phi / z.body_ref,
        )  # fmt: skip
        return np.array([row], RISK)

    def pushing(self, urgency: float) -> float:
        """Return the share who push: calm at the usual speed, ``push_share`` at 1.5 times it."""
        shares = (self.push_calm, self.zone.push_share, self.push_urgent)
        return float(np.interp(urgency, (1.0, 1.5, 2.0), shares))

    def packing(self, push: float) -> float:
        """Return the occupancy to which a crowd closes up with such a share who push; 0 if calm."""
        return float(np.interp(push, PACKS_AT, (0.0, self.packed_phi, self.most_phi)))

    def shoving(self, push: float, phi: float) -> float:
        """Return how fast those who stand are shoved on, m/s: by who pushes, less if full."""
        share = (push - PACKS_AT[0]) / (PACKS_AT[1] - PACKS_AT[0])
        return self.creep * min(max(share, 0.0), 2.0) * max(1.0 - phi / self.most_phi, 0.0)

    def darkness(self, lux: float) -> float:
        """Return how dark it is: 0 from 10 lx on, ``dim`` at 1 lx, 1 at 0.1 lx and less."""
        return float(np.interp(lux, (0.1, 1.0, 10.0), (1.0, self.zone.dim, 0.0)))

    def capacity_left(self, urgency: float) -> float:
        """Return the share of a narrow way's capacity that is left behind a standing crowd."""
        lost = self.drop + self.drop_urgent * max(0.0, urgency - 1.0)
        return 1.0 - min(lost, self.drop_most)

    def but(self, **changes: float) -> "Falls":
        """Return these with other values, by the names here or in the zone's table."""
        own = {one.name for one in fields(self)}
        here = {name: value for name, value in changes.items() if name in own}
        there = {name: value for name, value in changes.items() if name not in own}
        return replace(self, zone=replace(self.zone, **there), **here)


def rows() -> list[tuple[str, str, str, str, str]]:
    """Return name, value, unit, how sure, source of every parameter of the graph alone."""
    return [
        (one.name, f"{one.default:.4g}", *(one.metadata[key] for key in ("unit", "sure", "source")))
        for one in fields(Falls)
        if one.name != "zone"
    ]


KNOWN = frozenset(one.name for one in (*fields(Falls), *fields(Parameters))) - {"zone"}
"""The names that ``Falls.but`` takes."""
