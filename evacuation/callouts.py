"""People who are sent somewhere while a run goes on: a guard who is called, a teacher to a landing.

They set off at once, walk like everybody else (queues, closed doors, crowds), stand where they were
sent, and stay until they are sent again. Who finds no way waits and looks again now and then. A
space that is safe can be gone to; who has reached it is out, and this crowd moves him no more.
"""

from dataclasses import dataclass

import numpy as np

from evacuation.engine import orders
from evacuation.engine.arrays import OUT, PREMOVE, QUEUE, WAIT
from evacuation.mind import NO_GOAL
from evacuation.routing import SMOKE_M
from evacuation.scene import TICK_STEPS, Scene

ARRIVED, NO_WAY = "arrived", "found no way"
"""What is noted of it."""
RETRY_MS = 10_000.0
"""So often somebody who found no way looks again (a design value)."""
HELD_PER_M_S = 0.6
"""A portal that passes less per metre is one at which people are held back: half of the 1.2 that
doors pass by the usual laws (a design value)."""
SQUEEZE_MS = 5_000.0
"""How long somebody who was called takes to get past those who wait (judgement)."""
NEVER = float("inf")


@dataclass(slots=True)
class Callout:
    """Where somebody is to go, and when he looks again after finding no way."""

    goal: int
    again: float = NEVER
    told: bool = False
    is_over: bool = False


class Callouts:
    """Brings everybody who was sent to his place, once a second."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._sent: dict[int, Callout] = {}

    @property
    def is_busy(self) -> bool:
        """Whether somebody who waits will look again, or has come and was not noted."""
        return any(self._is_pending(i, one) for i, one in self._sent.items() if not one.is_over)

    def send(self, i: int, goal: int, t: float) -> None:
        """Send somebody to a space (`NO_GOAL`: out of the building); he goes at once."""
        scene = self._scene
        state = scene.crowd.state[i]
        if state == OUT:
            return
        if goal == NO_GOAL:
            self._sent.pop(i, None)
        else:
            self._sent[i] = Callout(goal)
        scene.think(i, scene.mind(i).bound_for(goal))
        if state <= PREMOVE:
            scene.crowd.who["rethink"][i] = False
            orders.call(scene.hub(i), i, t)
        elif state == WAIT:
            scene.set_off(i, t)

    def act(self, t: float) -> int:
        """Look where everybody is; return after how many steps to look again."""
        for i, one in sorted(self._sent.items()):
            if not one.is_over:
                self._look(i, one, t)
        return TICK_STEPS

    def _queue(self, i: int, t: float) -> None:
        """At a door where others are asked to wait he is let through, if there is room behind."""
        scene, net = self._scene, self._scene.net
        c = int(scene.crowd.who["target"][i])
        if c < 0:
            return
        held = net.door["capacity"][c >> 1] < HELD_PER_M_S * net.door["width"][c >> 1]
        into = int(net.line["into"][c])
        room = net.cell["places"][into] - scene.crowd.cell["load"][into]
        waited = t - scene.crowd.trail["since"][i]
        if held and waited >= SQUEEZE_MS and room >= scene.folk.who["size"][i]:
            scene.usher(i, t)

    def _is_pending(self, i: int, one: Callout) -> bool:
        come = self._scene.is_moving(i) and self._scene.space(i) == one.goal
        return come or one.again < NEVER

    def _look(self, i: int, one: Callout, t: float) -> None:
        scene = self._scene
        if scene.crowd.state[i] == WAIT and t >= one.again:
            one.again = NEVER
            scene.set_off(i, t)  # what he sees now he has taken in by the next look
            return
        if not scene.is_moving(i):
            return
        if scene.space(i) == one.goal:
            one.is_over = True
            scene.station(i, WAIT, t)
            scene.note(i, ARRIVED, t)
        elif scene.rest_m(np.array([i]))[0] >= SMOKE_M:
            scene.station(i, WAIT, t)
            one.again = t + RETRY_MS
            if not one.told:
                scene.note(i, NO_WAY, t)
            one.told = True
        elif scene.crowd.state[i] == QUEUE:
            self._queue(i, t)
