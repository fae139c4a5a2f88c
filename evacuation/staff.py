"""Staff with tasks: marshals who stand at a post and point, and those who sweep rooms.

They begin when they have prepared, and know of the building what they see on their way. A marshal
sees who passes in his own space only; a sweeper finds people only in the rooms of his list, and
does not go through dense smoke that he sees. Nobody is searched for, carried, or fetched back.
"""

from dataclasses import dataclass

import numpy as np

from evacuation.engine.arrays import QUEUE, WAIT, WALK
from evacuation.mind import NO_GOAL
from evacuation.routing import SMOKE_M
from evacuation.scene import TICK_STEPS, Scene
from evacuation.tasks import Marshal, Sweep

NEVER = float("inf")


@dataclass(slots=True)
class Post:
    """A marshal: his row, his space, when he came, and when somebody last passed."""

    who: int
    task: Marshal
    at: int
    came: float = NEVER
    passed: float = NEVER
    is_over: bool = False


@dataclass(slots=True)
class Round:
    """A sweeper: his row, the rooms still to visit, and until when he looks round."""

    who: int
    task: Sweep
    rooms: list[int]
    until: float = NEVER
    is_over: bool = False


class Staff:
    """Lets everybody with a task carry it out, once a second."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._posts: list[Post] = []
        self._rounds: list[Round] = []
        number = {name: k for k, name in enumerate(scene.spaces)}
        for i, person in enumerate(scene.population.rows):
            match person.task:
                case Marshal():
                    self._posts.append(Post(i, person.task, number[person.task.at]))
                    self._send(i, self._posts[-1].at)
                case Sweep():
                    rooms = [number[room] for room in person.task.rooms]
                    self._rounds.append(Round(i, person.task, rooms))
                    self._send(i, rooms[0] if rooms else NO_GOAL)
        for i in (*(p.who for p in self._posts), *(r.who for r in self._rounds)):
            scene.crowd.who["rethink"][i] = False

    @property
    def is_busy(self) -> bool:
        """Whether somebody goes on with his task at the next look, though nobody walks."""
        at_work: list[Post | Round] = [*self._posts, *self._rounds]
        return any(self._is_pending(one) for one in at_work if not one.is_over)

    def _is_pending(self, one: Post | Round) -> bool:
        """Tell whether somebody is at his post, looks round, has come, or has found no way."""
        scene, i = self._scene, one.who
        if scene.crowd.state[i] == WAIT:
            return True
        come = scene.space(i) == scene.mind(i).goal
        return scene.is_moving(i) and (come or self._is_barred(i))

    def act(self, t: float) -> int:
        """Let all go on with their tasks; return after how many steps to look again."""
        for post in self._posts:
            if not post.is_over and self._is_at_work(post.who):
                self._stand(post, t)
        for one in self._rounds:
            if not one.is_over and self._is_at_work(one.who):
                self._sweep(one, t)
        self._point()
        return TICK_STEPS

    def _is_at_work(self, i: int) -> bool:
        return bool(self._scene.crowd.state[i] in (WALK, QUEUE, WAIT))

    def _send(self, i: int, goal: int) -> None:
        self._scene.think(i, self._scene.mind(i).bound_for(goal))

    def _stand(self, post: Post, t: float) -> None:
        scene, i = self._scene, post.who
        if post.came == NEVER:
            if scene.space(i) == post.at:
                post.came = post.passed = t
                scene.station(i, WAIT, t)
                scene.note(i, "at the post", t)
            elif self._is_barred(i):
                self._finish(post, "did not reach the post", t)
            return
        if self._somebody_passes(post.at):
            post.passed = t
        quiet = t - post.passed >= post.task.quiet_ms
        relieved = scene.perception.relieved(scene.spaces[post.at])
        smoke = bool(scene.perception.dense[post.at])
        if quiet or relieved or smoke or t - post.came >= post.task.stay_ms:
            why = "smoke" if smoke else "relieved" if relieved else "all past" if quiet else "time"
            self._finish(post, f"left the post: {why}", t)

    def _somebody_passes(self, space: int) -> bool:
        crowd = self._scene.crowd
        here = crowd.space == space
        return bool(np.any(here & ((crowd.state == WALK) | (crowd.state == QUEUE))))

    def _is_barred(self, i: int) -> bool:
        """Tell whether somebody knows no way to his goal, or only one through dense smoke."""
        rest = self._scene.rest_m(np.array([i]))[0]
        return bool(self._scene.is_moving(i) and rest >= SMOKE_M)

    def _finish(self, one: Post | Round, what: str, t: float) -> None:
        scene, i = self._scene, one.who
        one.is_over = True
        scene.note(i, what, t)
        self._send(i, NO_GOAL)
        if scene.crowd.state[i] == WAIT:
            scene.set_off(i, t)

    def _sweep(self, one: Round, t: float) -> None:
        scene, i = self._scene, one.who
        if not one.rooms:
            self._finish(one, "swept all", t)
        elif one.until < NEVER:
            if t >= one.until:
                told = scene.send_out(i, t)
                scene.note(i, f"swept, {told} told to go", t)
                self._next(one, t)
        elif scene.space(i) == one.rooms[0]:
            one.until = t + one.task.look_ms
            scene.station(i, WAIT, t)
        elif self._is_barred(i):
            scene.note(i, "could not sweep", t, one.rooms[0])
            self._next(one, t)

    def _next(self, one: Round, t: float) -> None:
        one.rooms.pop(0)
        one.until = NEVER
        if not one.rooms:
            self._finish(one, "swept all", t)
            return
        self._send(one.who, one.rooms[0])
        if self._scene.crowd.state[one.who] == WAIT:
            self._scene.set_off(one.who, t)

    def _point(self) -> None:
        """Say aloud where each marshal at his post points."""
        said = {}
        for post in self._posts:
            if post.came < NEVER and not post.is_over:
                portal = post.task.tells or self._best(post)
                if portal:
                    said[self._scene.spaces[post.at]] = (portal,)
        self._scene.say(said)

    def _best(self, post: Post) -> str:
        """Return the portal of the shortest way out that he knows from where he stands."""
        scene = self._scene
        number = scene.known(scene.mind(post.who).bound_for(NO_GOAL))
        ways = scene.knowledge.routes.ways(post.at)
        behind = scene.knowledge.beyond[number, ways]
        if not np.isfinite(behind).any():
            return ""
        who, door = scene.crowd.trail, scene.net.door[ways >> 1]
        here = np.hypot(door["x"] - who["x"][post.who], door["y"] - who["y"][post.who])
        return list(scene.floor.portals)[int(ways[np.argmin(behind + here)] >> 1)]
