"""Everybody who directs others in a crowd, and when each of them wants to look again."""

from typing import TYPE_CHECKING, Literal, Protocol

from evacuation.callouts import Callouts
from evacuation.care import Care
from evacuation.cars import Car
from evacuation.company import Company, tie
from evacuation.errands import Errands
from evacuation.influence import Influence
from evacuation.moves import CrushNote
from evacuation.scene import Scene
from evacuation.staff import Staff

if TYPE_CHECKING:
    from evacuation.crush.crush import Crush
    from evacuation.join.zones import Zones


ZoneMode = Literal["off", "auto"]


class Director(Protocol):
    """Somebody who acts between steps."""

    def act(self, t: float) -> int:
        """Act at time t, ms; return after how many steps to act again."""
        ...


class Direction:
    """Runs those directors that a crowd needs; most need none but the influence of others."""

    def __init__(
        self, scene: Scene, social: float, seed: int, zones: ZoneMode,
        crush: "Crush | None" = None,
    ) -> None:  # fmt: skip
        self.zones = _zones(scene, seed, crush) if zones == "auto" and crush is not None else None
        self._directors: list[Director] = [self.zones] if self.zones is not None else []
        people = scene.population.rows
        self._company = Company(scene, tie(scene.folk, people))
        helped = any(p.wheels_m or p.help for p in people)
        if helped or any(p.together for p in people):
            self._directors.append(self._company)
        self._care = Care(scene, self._company) if helped else None
        self._staff = Staff(scene) if any(p.task for p in people) else None
        lifts = [(k, s.lift) for k, s in enumerate(scene.floor.spaces.values()) if s.lift]
        self.errands = Errands(scene)
        self._directors.append(self.errands)
        self._cars = [Car(scene, k, lift) for k, lift in lifts]
        if social > 0.0 and people:
            self._directors.append(Influence(scene))
        self._directors += [one for one in (self._care, self._staff) if one is not None]
        self._directors += self._cars
        self._directors += [crush] if crush is not None else []
        self._callouts: Callouts | None = None
        self._scene = scene
        self._due = [0] * len(self._directors)

    @property
    def is_busy(self) -> bool:
        """Whether something is under way though nobody walks: a lift, a marshal, a transfer."""
        known = (
            self._company, self._care, self._staff, self.errands, self._callouts, self.zones,
            *self._cars,
        )  # fmt: skip
        return any(one.is_busy for one in known if one is not None)

    def crush(self) -> list[CrushNote]:
        """Take what happened in crush zones, once both sides agree on who is whose."""
        if self.zones is None:
            return []
        self.zones.check()
        return self.zones.take_notes()

    def send(self, i: int, goal: int, t: float) -> None:
        """Send somebody to a space, or out; who is never used costs a crowd nothing."""
        if self._callouts is None:
            self._callouts = Callouts(self._scene)
            self._directors.append(self._callouts)
            self._due.append(0)
        self._callouts.send(i, goal, t)

    def act(self, t: float, step: int) -> int:
        """Let all act who are due before a step; return how many steps until the next is."""
        for k, director in enumerate(self._directors):
            if self._due[k] <= step:
                self._due[k] = step + director.act(t)
        return min(self._due, default=step + 1_000_000) - step


def _zones(scene: Scene, seed: int, crush: "Crush") -> "Zones":
    from evacuation.join.zones import Zones  # only where they are on: it loads all their kernels

    return Zones(scene, seed, crush)
