"""Errands: people sent from where they are to a space and back, as in a break; exits preferred.

Who goes knows of the building what he sees on his way. Back at his place he is as before: unaware
of any alarm. An alarm or smoke that reaches him on the way ends his errand: he leaves.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from evacuation.engine.arrays import ALERT, HALTED, LOOK, OUT, UNAWARE, WAIT
from evacuation.mind import NO_GOAL
from evacuation.scene import TICK_STEPS, Scene

NEVER = float("inf")


@dataclass(slots=True)
class Errand:
    """Who goes where, how long he stays (ms), his place (space; cell and point), when he sets out,
    until when he stays.
    """

    who: int
    goal: int
    stay_ms: float
    home: int
    seat: tuple[int, float, float]
    sets_out: float
    until: float = NEVER
    returns: bool = False


class Errands:
    """Lets everybody who was sent go and come back; looks once a second."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._under_way: list[Errand] = []

    @property
    def is_busy(self) -> bool:
        """Whether somebody is still to set out or to come back."""
        return bool(self._under_way)

    def send(self, persons: Iterable[str], space: str, stay_ms: float, at_ms: float) -> None:
        """Send people to a space at a time; they stay so long and come back."""
        scene = self._scene
        goal = scene.perception.space(space)
        for i in scene.rows(tuple(persons)):
            cell, trail = int(scene.crowd.who["cell"][i]), scene.crowd.trail[i]
            seat = (cell, float(trail["x"]), float(trail["y"]))
            self._under_way.append(Errand(i, goal, stay_ms, scene.space(i), seat, at_ms))

    def prefer(self, persons: Iterable[str], exits: Iterable[str]) -> None:
        """Let people leave by some exits only, as long as these are not known to be closed."""
        scene = self._scene
        familiar = frozenset(scene.perception.portal(name) for name in exits)
        for i in scene.rows(tuple(persons)):
            mind = replace(scene.mind(i), familiar=familiar)
            if scene.is_moving(i):
                scene.think(i, mind)
            else:
                scene.crowd.who["mind"][i] = scene.known(mind)

    def act(self, t: float) -> int:
        """See to everybody who is under way; return after how many steps to look again."""
        self._under_way = [one for one in self._under_way if self._goes_on(one, t)]
        return TICK_STEPS

    def _goes_on(self, one: Errand, t: float) -> bool:
        """Let somebody go on with his errand; whether it is not over yet."""
        scene, i = self._scene, one.who
        state = int(scene.crowd.state[i])
        if state in (OUT, HALTED):
            return False
        if one.sets_out != NEVER:
            return self._waits(one, state, t)
        here = scene.space(i)
        view = scene.seen.room[here]
        alarmed = view["cue"] >= 0 or bool(view["smoky"])
        if alarmed and (state == WAIT or scene.is_moving(i)):
            return self._leave(i, t)
        if state == WAIT and t >= one.until:
            one.returns = True
            self._send(i, one.home, t)
        elif scene.is_moving(i):
            there = here == (one.home if one.returns else one.goal)
            if there and not one.returns:
                one.until = t + one.stay_ms
                scene.station(i, WAIT, t)
            elif there or not scene.has_way(i):
                return self._over(one, t)
        return True

    def _waits(self, one: Errand, state: int, t: float) -> bool:
        """Let somebody set out when his time has come; who is leaving already does not."""
        if state != UNAWARE:
            return False
        if t >= one.sets_out:
            one.sets_out = NEVER
            self._send(one.who, one.goal, t)
        return True

    def _send(self, i: int, goal: int, t: float) -> None:
        scene = self._scene
        scene.crowd.who["mind"][i] = scene.known(scene.mind(i).bound_for(goal))
        scene.set_off(i, t)

    def _leave(self, i: int, t: float) -> bool:
        """Let somebody leave the building from where he is."""
        scene = self._scene
        if scene.is_moving(i):
            scene.think(i, scene.mind(i).bound_for(NO_GOAL))
        else:
            self._send(i, NO_GOAL, t)
        return False

    def _over(self, one: Errand, t: float) -> bool:
        """Let somebody be as he was before he was sent, at his place if he is back (the way there
        across the room is not modelled), and listen again.
        """
        scene, i = self._scene, one.who
        scene.station(i, UNAWARE, t)
        if scene.space(i) == one.home:
            scene.seat(i, *one.seat)
        scene.crowd.who["mind"][i] = scene.known(scene.mind(i).bound_for(NO_GOAL))
        scene.crowd.meta[:, [ALERT, LOOK]] = 1
        return False
