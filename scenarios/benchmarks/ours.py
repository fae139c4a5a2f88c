"""Our crowd on a floor: agent-steps, CPU seconds, and when everybody is out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from controller.interface.clock import cpu_ms
from evacuation import BOUNDING, Conditions, Crowd, Cue, Floor, Laws, Person
from evacuation.crowd import STEP_MS

SLICE_MS = 1_000


@dataclass(frozen=True, slots=True)
class Run:
    """A run: people inside summed over the steps of the laws, CPU s without set-up, last out s."""

    agent_steps: float
    cpu_s: float
    last_out_s: float
    not_out: int


def go(
    floor: Floor,
    people: Sequence[Person],
    until_s: float,
    laws: Laws = BOUNDING,
    most_cpu_s: float = 60.0,
) -> Run:
    """Let everybody hear one cue at 0 and walk, for ``until_s`` or until nobody is inside.

    Every output is collected, in slices of a second. Ends early after ``most_cpu_s``.
    """
    crowd = Crowd(floor, people, 1, laws)
    now = Conditions(cues=(Cue(tuple(floor.spaces), "bench", "told", ""),))
    out_ms: list[int] = []
    begin = cpu_ms()
    while crowd.inside and crowd.now_ms < until_s * 1_000:
        out_ms += [t_ms for _, _, t_ms in crowd.advance(SLICE_MS, now).outs]
        now = Conditions()
        if cpu_ms() - begin > most_cpu_s * 1_000:
            break
    spent = (cpu_ms() - begin) / 1_000
    steps = (sum(out_ms) + crowd.inside * crowd.now_ms) / STEP_MS
    return Run(steps, spent, max(out_ms, default=0) / 1_000, crowd.inside)
