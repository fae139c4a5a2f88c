"""Our own crowd on the same cut of a storey, so that both engines answer one question."""

from collections.abc import Sequence
from importlib.metadata import version
from math import inf

from evacuation.conditions import Conditions, Cue
from evacuation.crowd import STEP_MS, Crowd
from evacuation.floor import Floor
from evacuation.laws import Laws
from evacuation.opinion.walk import LIMIT_S, Opinion
from evacuation.people import Person

SLICE_MS = 1_000


def walked(floor: Floor, people: Sequence[Person], laws: Laws, seed: int) -> Opinion:
    """Let everybody hear one cue at 0 and walk out under our ``laws``."""
    crowd = Crowd(floor, people, seed, laws)
    cue = Cue(tuple(floor.spaces), "second opinion", "told", "")
    exit_s = dict.fromkeys((person.id for person in people), inf)
    now = Conditions(cues=(cue,))
    while crowd.inside and not crowd.settled and crowd.now_ms < LIMIT_S * 1_000:
        for person, _, t_ms in crowd.advance(SLICE_MS, now).outs:
            exit_s[person] = t_ms / 1_000
        now = Conditions()
    reasons = sorted({one.reason for one in crowd.stranded()})
    return Opinion(laws.name, version("campus-twin"), STEP_MS / 1_000, exit_s, "; ".join(reasons))
