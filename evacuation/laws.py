"""Density-speed and flow laws, as declared sets of numbers with their sources."""

from dataclasses import dataclass, replace
from difflib import get_close_matches
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from evacuation import curves
from evacuation.curves import (
    BODY_M,
    FREE_DENSITY_PER_M2,
    LANE_M,
    PM_FREE_M_S,
    PM_TOP,
    WEIDMANN_FREE_M_S,
    Shape,
)

DENSITY_STEP_PER_M2 = 0.01
DENSITY_TOP_PER_M2 = 12.0
LEVEL_K_M_S = 1.40
"""Nelson and Mowrer's k of corridors and doors; a stair's k over this is its speed factor."""
CREEP_SPEED = 0.083
"""Slowest speed in a crowd over the free speed: 0.10 of 1.2 m/s (IMO MSC.1/Circ.1533)."""
CREEP_FLOW = 0.246
"""Flow left at jam density over the maximum: 0.32 of 1.3 P/(m s) (IMO MSC.1/Circ.1533)."""
PACKED = 1.15
"""Density at which a cell of a corridor or stair takes nobody, over jam density (design value);
between the two the creep goes on: IMO has 0.32 P/(m s) from 3.5 per m2 on, without an end."""
ADULT_M2 = 0.113
"""Predtechenskii and Milinskii's adult in mid-season dress (m)."""
UP_OVER_DOWN = 0.8
"""IMO MSC.1/Circ.1533: stairs up over down, 0.88 / 1.1 P/(m s) and 0.8 / 1.0 m/s."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Laws:
    """One declared set of movement laws.

    Flows are standard adults per second and metre of effective width; boundary layers are metres
    on each side. ``opening_flow`` is that of openings without a leaf; 0 takes that of doors.
    ``moving_queues`` makes a queue in a corridor or on a stair stand at the density at which the
    law carries the flow that its portal passes, and lets nobody into a corridor above the law's
    greatest flow; without it queues stand at jam density. ``lane_m`` is what a lane takes across:
    a way narrower than two of them is one lane; 0 counts area. ``stair_flow`` 0 takes that of the
    stair's own speed law. ``stair_share`` is the speed down a stair, along its slope, over that on
    the level; 0 takes riser and tread (Nelson and Mowrer's k). ``up_speed`` and ``up_flow`` are
    those up over those down. ``by_body`` makes people take room by their body area over
    ``ADULT_M2``; else everybody counts as one, so that children take the places, flows and jam
    density of adults. ``smoke`` and ``dose`` name the laws of speed in smoke
    (``evacuation.smoke.visibility``) and of dose (``.dose``).
    ``word_m_s`` is how fast word of a closed portal goes from person to person, and ``hearing_m``
    the widest gap it jumps: both are design values, not measurements (information waves in crushes
    are put at 0.2 to 1.0 m/s; the end of Hall's social distance is 3.7 m). ``social`` is how much
    more a way counts, between ways that are equal to a person, if all others in sight take it; 0
    switches it off. That others attract is found in experiments (Kinateder et al. 2014; Lovreglio
    et al. 2016 (m)); no number is accepted: 1 is a design value.
    """

    name: str
    shape: Shape
    jam_per_m2: float
    door_flow: float
    stair_flow: float
    door_boundary_m: float
    stair_boundary_m: float
    corridor_boundary_m: float
    opening_flow: float = 0.0
    moving_queues: bool = False
    lane_m: float = 0.0
    stair_share: float = 0.0
    up_speed: float = UP_OVER_DOWN
    up_flow: float = UP_OVER_DOWN
    by_body: bool = False
    word_m_s: float = 0.5
    hearing_m: float = 4.0
    smoke: str = "frantzich-nilsson"
    dose: str = "purser"
    social: float = 1.0

    def stair_k_m_s(self, riser_m: float, tread_m: float) -> float:
        """Return Nelson and Mowrer's k of a stair, 51.8 sqrt(tread/riser) m/min, in m/s."""
        return 51.8 * sqrt(tread_m / riser_m) / 60.0

    def stair_factor(self, riser_m: float, tread_m: float, up: bool) -> float:
        """Return the speed along a stair's slope over that on the level."""
        down = self.stair_share or self.stair_k_m_s(riser_m, tread_m) / LEVEL_K_M_S
        return down * (self.up_speed if up else 1.0)

    def stair_flow_per_m_s(self, riser_m: float, tread_m: float, up: bool = False) -> float:
        """Return the most a stair carries per metre of effective width: k / (4 a) by Nelson and
        Mowrer, else the greatest of density times speed.
        """
        share = self.up_flow if up else 1.0
        if self.stair_flow:
            return self.stair_flow * share
        if self.shape == "nelson-mowrer" and not self.stair_share:
            return self.stair_k_m_s(riser_m, tread_m) * self.jam_per_m2 / 4.0 * share
        free = self.free_speed_m_s * self.stair_factor(riser_m, tread_m, up=False)
        return self._greatest(True) * free * share

    @property
    def free_speed_m_s(self) -> float:
        """The law's own speed of an undisturbed walker on the level: Nelson and Mowrer's k (1 -
        0.54 a), Weidmann's 1.34 m/s (headways too), or Predtechenskii and Milinskii's 57 m/min.
        """
        if self.shape in ("weidmann", "headway"):
            return WEIDMANN_FREE_M_S
        if self.shape == "predtechenskii-milinskii":
            return PM_FREE_M_S
        return LEVEL_K_M_S * (1.0 - FREE_DENSITY_PER_M2 / self.jam_per_m2)

    def flow_per_m_s(self, density_per_m2: float) -> float:
        """Return density times speed on the level for walkers at the law's free speed, not below
        the creep that is left at jam density.
        """
        share = self.speed_table()[0][round(density_per_m2 / DENSITY_STEP_PER_M2)]
        return float(density_per_m2 * share * self.free_speed_m_s)

    @property
    def level_flow_per_m_s(self) -> float:
        """The greatest flow of the law's own diagram on the level."""
        return self._greatest(False) * self.free_speed_m_s

    def is_lane(self, width_m: float) -> bool:
        """Tell whether a long way is too narrow for two lanes."""
        return width_m < 2.0 * self.lane_m

    def effective_m(self, width_m: float, boundary_m: float) -> float:
        """Return clear width less a boundary layer on both sides, at least a quarter of it."""
        return max(width_m - 2.0 * boundary_m, 0.25 * width_m)

    def speed_table(self) -> Floats:
        """Return speed over free speed by density, every 0.01 per m2; never rising. [2, n]: on
        the level, on stairs.
        """
        rows = [np.clip(self._relative(stair), CREEP_SPEED, 1.0) for stair in (False, True)]
        return np.asarray(rows, np.float64)

    def supply_table(self) -> Floats:
        """Return the share of the greatest flow that a space of some density still lets in, [2, n].

        1 up to the density of greatest flow, then the falling branch of flow = density x speed,
        then a creep until the space is full (the engine counts places for that).
        """
        rows = []
        for stair in (False, True):
            flow = _densities() * self._relative(stair)
            peak = int(np.argmax(flow))
            share = flow / flow[peak]
            share[: peak + 1] = 1.0
            rows.append(np.clip(share, CREEP_FLOW, 1.0))
        return np.asarray(rows, np.float64)

    def storage_table(self) -> Floats:
        """Return jam density over the density at which a crowd before a portal carries a share of
        the greatest flow, every 0.01 of it, [2, 101]: the falling branch, read the other way
        (Lighthill and Whitham 1955); 1 below the creep.
        """
        rows = []
        for falling in self.supply_table():
            at = np.searchsorted(-falling, -np.linspace(0.0, 1.0, 101), side="right") - 1
            density = np.minimum(_densities()[at], self.jam_per_m2)
            rows.append(self.jam_per_m2 / np.maximum(density, 1e-9))
        return np.asarray(rows, np.float64)

    def size(self, body_area_m2: float) -> float:
        """Return how many standard adults a person counts for."""
        return body_area_m2 / ADULT_M2 if self.by_body else 1.0

    def _relative(self, stair: bool) -> Floats:
        body = ADULT_M2 if self.by_body else PM_TOP / self.jam_per_m2
        return curves.relative(self.shape, _densities(), self.jam_per_m2, body, stair)

    def _greatest(self, stair: bool) -> float:
        """Return the greatest of density times speed over free speed, per m2."""
        return float(np.max(_densities() * self._relative(stair)))


def _densities() -> Floats:
    count = round(DENSITY_TOP_PER_M2 / DENSITY_STEP_PER_M2) + 1
    return np.linspace(0.0, DENSITY_TOP_PER_M2, count)


def _pm_door_flow() -> float:
    """Return the greatest flow of doors by Predtechenskii and Milinskii, adults per (m s)."""
    covered = np.linspace(0.0, PM_TOP, 1000)
    flow = covered * curves.bodies(covered, False) * curves.door_share(covered)
    return float(np.max(flow)) / ADULT_M2


BOUNDING = Laws(
    name="bounding",
    shape="nelson-mowrer",
    jam_per_m2=1.0 / 0.266,
    door_flow=1.3,
    stair_flow=0.0,
    door_boundary_m=0.15,
    stair_boundary_m=0.15,
    corridor_boundary_m=0.20,
)
"""SFPE Handbook (Nelson and Mowrer) design values: about half the flow seen in laboratories. Their
k has one value for a stair; it is taken as that of going down, and IMO's ratio for going up."""

LABORATORY = Laws(
    name="laboratory",
    shape="headway",
    jam_per_m2=1.0 / (BODY_M * LANE_M),
    door_flow=1.9,
    opening_flow=2.2,
    stair_flow=1.05,
    door_boundary_m=0.0,
    stair_boundary_m=0.0,
    corridor_boundary_m=0.0,
    moving_queues=True,
    lane_m=LANE_M,
)
"""What experiments show. On the level the headways of Seyfried et al. 2005 in lanes of 0.45 m: at
1.34 m/s 1.67 P/(m s) at 1.25 per m2, jam at 6.2. Doors 1.9 P/(m s) of clear width (Rupprecht 2011).
Short openings without a leaf 2.2, the lower end of Mueller 1981 (2.2-2.7 (m)) and inside Liao 2014
(2.0-2.6 (m)): a short bottleneck passes more than a long one (Liddle 2011). Stairs 1.05 down
(Burghardt, Seyfried and Klingsch 2013) and IMO's ratio for going up."""

WEIDMANN = Laws(
    name="weidmann",
    shape="weidmann",
    jam_per_m2=5.4,
    door_flow=1.225,
    stair_flow=0.0,
    door_boundary_m=0.0,
    stair_boundary_m=0.0,
    corridor_boundary_m=0.0,
    stair_share=0.61,
    up_speed=0.610 / 0.694,
    up_flow=0.610 / 0.694,
)
"""Weidmann 1993 throughout: 1.225 P/(m s) of clear width is the greatest flow of his diagram.
Stairs 0.694 m/s down and 0.610 up, horizontally (m): 0.61 of 1.34 m/s along a slope of 32 degrees,
with the same diagram."""

PREDTECHENSKII = Laws(
    name="predtechenskii-milinskii",
    shape="predtechenskii-milinskii",
    jam_per_m2=PM_TOP / ADULT_M2,
    door_flow=_pm_door_flow(),
    stair_flow=0.0,
    door_boundary_m=0.0,
    stair_boundary_m=0.0,
    corridor_boundary_m=0.0,
    stair_share=float(curves.bodies(np.zeros(1), True)[0]) / PM_FREE_M_S,
    by_body=True,
)
"""Predtechenskii and Milinskii, normal movement (m): density is the share of floor that bodies
cover, so children take less room. Doors and stairs by their own formulae, up by IMO's ratio."""

PUPILS = replace(PREDTECHENSKII, name="pupils", stair_share=0.85 / 1.02)
"""Children of 6 to 10: bodies as above; flights at 0.85, landings at 1.02 m/s (Ono and others 2024,
free descent, as summarised publicly). Sure of the ratio in free descent only: how children's flow
falls with density on stairs is taken from adults."""

KINDERGARTEN = replace(PREDTECHENSKII, name="kindergarten", stair_share=0.57)
"""Children of 3 to 6: bodies as above; straight stairs at 0.57 m/s where they walk 0.69 to 1.33 on
the level (Najmanova and Ronchi 2017, middle of the range taken as 1.0). Hardly sure: a few dozen
children, one building; children under 3 are carried and are not in it."""

LAWS = {
    one.name: one for one in (BOUNDING, LABORATORY, WEIDMANN, PREDTECHENSKII, PUPILS, KINDERGARTEN)
}
"""All sets by name; bodies are those of the persons (``Person.body_area_m2``)."""


def laws_named(name: str) -> Laws:
    """Return a set of laws by its name; ValueError with the nearest name if there is none."""
    if name in LAWS:
        return LAWS[name]
    near = get_close_matches(name, LAWS, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(LAWS)}"
    raise ValueError(f"no laws {name!r}: {hint}")
