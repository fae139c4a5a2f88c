"""Crowds with a planted defect, each a mistake that was made in public models."""

from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evacuation import Crowd, Laws
from evacuation.conditions import Conditions
from evacuation.moves import Moves

STEP_MS = 100


class StepByStep(Crowd):
    """A crowd whose portals a defect may tamper with before and after every step."""

    def advance(self, dt_ms: int, conditions: Conditions) -> Moves:
        moves = Moves()
        for _ in range(dt_ms // STEP_MS):
            self.before()
            new = super().advance(STEP_MS, conditions)
            self.after()
            for field in fields(Moves):
                getattr(moves, field.name).extend(getattr(new, field.name))
        return moves

    def before(self) -> None: ...

    def after(self) -> None: ...


class QueueCredit(StepByStep):
    """A portal that nobody used for a while lets as many through at once as it missed."""

    def before(self) -> None:
        self.was = np.maximum(self._crowd.door["ready"], 0.0)

    def after(self) -> None:
        door = self._crowd.door
        used = door["ready"] > self.was
        headway = 1000.0 / self._net.door["capacity"]
        door["ready"] = np.where(used, self.was + headway, door["ready"])
        line = self._crowd.line
        line["ready"] = np.minimum(line["ready"], np.repeat(door["ready"], 2))


class TwiceTheDoor(StepByStep):
    """A portal gives each of two directions a capacity of its own."""

    def before(self) -> None:
        self.one_way = self._net.door["capacity"].copy()
        waiting = self._crowd.line["queued"].reshape(-1, 2)
        self._net.door["capacity"] *= np.where(waiting.min(axis=1) > 0, 2.0, 1.0)

    def after(self) -> None:
        self._net.door["capacity"][:] = self.one_way


class Unslowed(Laws):
    """Laws of density that hold speed and inflow up however dense it gets."""

    def speed_table(self) -> NDArray[np.float64]:
        return np.ones_like(super().speed_table())

    def supply_table(self) -> NDArray[np.float64]:
        return np.ones_like(super().supply_table())


class NoFallingBranch(Crowd):
    """Speed does not fall with density."""

    def __init__(self, floor: Any, people: Any, seed: int, laws: Laws) -> None:
        own = {f.name: getattr(laws, f.name) for f in fields(Laws)}
        super().__init__(floor, people, seed, Unslowed(**own))
