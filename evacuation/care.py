"""Who can not take stairs alone: he goes to a refuge or a lift, waits, and is brought out.

Helpers go to the agreed place when they have prepared, and wait there for him. Once all are with
him and he is ready to be moved, the party goes together at its own speed. Helpers who wait in vain,
or find no way, leave. A helper brings out one person; nobody comes back in.
"""

from dataclasses import dataclass, field

import numpy as np

from evacuation.company import Company
from evacuation.engine.arrays import OUT, QUEUE, REFUGE, WAIT
from evacuation.mind import NO_GOAL, Mind
from evacuation.routing import SMOKE_M
from evacuation.scene import TICK_STEPS, Scene
from evacuation.tasks import Help

NEVER = float("inf")


@dataclass(slots=True)
class Case:
    """One person who is helped: his row, the helpers still coming or there, the meeting space."""

    who: int
    helpers: list[int]
    meet: int
    plan: Help
    ready_at: float = NEVER
    came: dict[int, float] = field(default_factory=dict)
    is_over: bool = False


class Care:
    """Looks after everybody on wheels or with helpers, once a second."""

    def __init__(self, scene: Scene, company: Company) -> None:
        self._scene, self._company = scene, company
        people = scene.population.rows
        self._wheels = [i for i, p in enumerate(people) if p.wheels_m or p.help]
        self._cases = [self._case(i) for i, p in enumerate(people) if p.help is not None]
        for one in self._cases:
            for i in (one.who, *one.helpers):
                scene.think(i, scene.mind(i).bound_for(one.meet))
                scene.crowd.who["rethink"][i] = False

    @property
    def is_busy(self) -> bool:
        """Whether a case goes on at the next look, though nobody walks."""
        return any(self._is_pending(one) for one in self._cases if not one.is_over) or any(
            self._has_come_to_stay(i) for i in self._wheels
        )

    def _is_pending(self, one: Case) -> bool:
        """Tell whether a party prepares, or somebody has come or found no way and is not noted."""
        scene = self._scene
        come = any(
            scene.is_moving(i) and scene.space(i) == one.meet for i in (one.who, *one.helpers)
        )
        lost = any(scene.is_moving(i) and self._is_lost(i) for i in one.helpers)
        return come or lost or one.ready_at < NEVER

    def _has_come_to_stay(self, i: int) -> bool:
        """Tell whether somebody in a refuge knows no way on."""
        scene = self._scene
        waits = scene.crowd.state[i] == QUEUE and not scene.has_way(i)
        return bool(waits and self._is_refuge(i))

    def act(self, t: float) -> int:
        """Look after all; return after how many steps to look again."""
        for one in self._cases:
            if not one.is_over:
                self._go_on(one, t)
        for i in self._wheels:
            self._shelter(i, t)
        return TICK_STEPS

    def _case(self, i: int) -> Case:
        scene = self._scene
        plan = scene.population.rows[i].help
        assert plan is not None
        meet = scene.spaces.index(plan.meet) if plan.meet else scene.space(i)
        return Case(i, scene.rows(plan.by), meet, plan)

    def _go_on(self, one: Case, t: float) -> None:
        scene, state = self._scene, self._scene.crowd.state
        if one.ready_at <= t:
            self._leave(one, t)
            return
        if state[one.who] == OUT or any(state[i] == OUT for i in one.helpers):
            self._give_up(one, t)
            return
        there = [i for i in (one.who, *one.helpers) if self._arrived(one, i, t)]
        if len(there) == 1 + len(one.helpers) and one.ready_at == NEVER:
            one.ready_at = t + self._way_ms(one) + one.plan.prepare_ms
            scene.note(one.who, "joined", t)
        late = [i for i in one.came if t - one.came[i] > one.plan.patience_ms]
        if one.ready_at == NEVER and any(i in late for i in one.helpers):
            self._give_up(one, t)

    def _arrived(self, one: Case, i: int, t: float) -> bool:
        """Tell whether somebody waits at the meeting place; stop who has just come."""
        scene, state = self._scene, self._scene.crowd.state[i]
        if scene.is_moving(i):
            if scene.space(i) == one.meet:
                is_refuge = i == one.who and self._is_refuge(i)
                scene.station(i, REFUGE if is_refuge else WAIT, t)
                one.came[i] = t
                scene.note(i, "waits for help" if i == one.who else "came to help", t)
                return True
            if i != one.who and self._is_lost(i):
                one.came[i] = -NEVER
        return bool(state in (WAIT, REFUGE) and scene.space(i) == one.meet)

    def _is_lost(self, i: int) -> bool:
        """Tell whether he knows no way there, or only one through dense smoke."""
        rest = self._scene.rest_m(np.array([i]))[0]
        return bool(rest >= SMOKE_M)

    def _is_refuge(self, i: int) -> bool:
        return self._scene.floor.spaces[self._scene.spaces[self._scene.space(i)]].refuge

    def _way_ms(self, one: Case) -> float:
        """Return how long the last helper takes from the door to him, straight and on the level."""
        who, folk = self._scene.crowd.trail, self._scene.folk.who
        x, y = who["x"][one.who], who["y"][one.who]
        ways = [np.hypot(who["x"][i] - x, who["y"][i] - y) / folk["speed"][i] for i in one.helpers]
        return 1000.0 * float(max(ways, default=0.0))

    def _leave(self, one: Case, t: float) -> None:
        """Let the party set off: one pace, one place, what any of them knows."""
        scene, folk = self._scene, self._scene.folk.who
        one.is_over = True
        party = [one.who, *one.helpers]
        facts = frozenset(fact for i in party for fact in scene.mind(i).facts)
        for i in party:
            folk["speed"][i] = one.plan.speed_m_s
            folk["stair_speed"][i] = folk["stair_up"][i] = one.plan.stair_speed_m_s
            if i != one.who:
                scene.bring(i, one.who)
        self._company.add(np.array(party))
        folk["guide"][party] = one.who
        familiar = scene.mind(party[-1]).familiar
        for i in party:
            scene.think(i, Mind(familiar, facts, one.plan.wheels_m, NO_GOAL))
            scene.set_off(i, t)
        scene.note(one.who, "is brought out", t)

    def _give_up(self, one: Case, t: float) -> None:
        """Send helpers out; he looks for himself, which may mean that he goes on waiting."""
        scene = self._scene
        one.is_over = True
        for i in (one.who, *one.helpers):
            if scene.crowd.state[i] == OUT:
                continue
            scene.think(i, scene.mind(i).bound_for(NO_GOAL))
            if scene.crowd.state[i] in (WAIT, REFUGE):
                scene.set_off(i, t)
            scene.note(i, "gave up waiting", t)

    def _shelter(self, i: int, t: float) -> None:
        """Let who has come to a refuge and knows no way on stay there."""
        scene = self._scene
        if self._has_come_to_stay(i):
            scene.station(i, REFUGE, t)
            scene.note(i, "reached a refuge", t)
