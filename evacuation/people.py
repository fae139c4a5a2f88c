"""One person as the crowd knows him: where he starts, how he walks, which exits he knows."""

from dataclasses import dataclass

from evacuation.tasks import Help, Task


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the floor.

    ``speed_m_s`` is the free walking speed on the level; ``pre_movement_ms`` runs from the first
    cue to the first step. ``knows`` lists the exits he is familiar with, empty meaning all.
    ``leads`` makes him leave the start space after the others of his group. ``xy`` (metres) is
    where he stands; without it the crowd draws a place in the space from the seed.
    ``stair_speed_m_s`` replaces the stair law by a speed along the slope (RiMEA tests 2 and 3),
    ``stair_up_speed_m_s`` the same upwards where it differs.
    ``body_area_m2`` is carried for density laws that use it; the laws here count persons, so
    children take the places, flows and jam density of adults (on the safe side). ``dose_limit`` is
    the dose of gases or of heat at which he can go no further: 1 for half of a population, 0.3 in
    design, 0.1 for small children (ISO 13571).
    ``together`` makes his group walk at the speed of its slowest and wait for who falls behind.
    ``wheels_m`` above zero: he can not take stairs by himself, and needs portals of this clear
    width. ``help`` says who brings him out, ``task`` what he does before he leaves.
    """

    id: str
    space: str
    group: str
    role: str
    speed_m_s: float
    body_area_m2: float
    pre_movement_ms: int
    knows: tuple[str, ...] = ()
    leads: bool = False
    xy: tuple[float, float] | None = None
    stair_speed_m_s: float | None = None
    dose_limit: float = 1.0
    stair_up_speed_m_s: float | None = None
    together: bool = False
    wheels_m: float = 0.0
    help: Help | None = None
    task: Task | None = None
