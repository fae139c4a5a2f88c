"""Our crowd against JuPedSim, in turn, on the same geometry, people and end condition."""

from __future__ import annotations

from typing import Any

from evacuation import BOUNDING, LABORATORY
from evacuation.opinion.models import KNOWN, MISSING, NoOpinion, peer_version
from scenarios.benchmarks.measure import Measure, cpu_s, median, tell
from scenarios.benchmarks.ours import go
from scenarios.benchmarks.peer import Walk, walk
from scenarios.benchmarks.scenes import Scene

TURNS = 3
TARGET = 500.0
ALLOWED = 0.20
"""A ratio counts where our evacuation time is within this share of the span of the models."""
USUAL = "cfsm"
OTHERS = ("cfsm3", "avm", "warp", "sfm")
END_S = 3_600.0


def duel(scene: Scene) -> Measure:
    """CPU seconds for the whole evacuation, ours (bounding) over JuPedSim's default model."""
    name = f"crowd.vs_jupedsim.{scene.name}"
    bounding = go(scene.floor, scene.people, END_S, BOUNDING)
    laboratory = go(scene.floor, scene.people, END_S, LABORATORY)
    times = {"bounding": bounding.last_out_s, "laboratory": laboratory.last_out_s}
    more: dict[str, Any] = {"people": len(scene.people), "ours_all_out_s": times}
    try:
        version = peer_version()
    except NoOpinion:
        alone = cpu_s(lambda: go(scene.floor, scene.people, END_S))
        return Measure(name, alone, "s CPU", TARGET, more=more | {"note": MISSING}, by_ratio=True)
    own, theirs = [], []
    for turn in range(TURNS):
        tell(f"{name}: turn {turn + 1} of {TURNS}")
        own.append(_own_s(scene))
        theirs.append(walk(scene, USUAL))
    tell(f"{name}: the other models")
    walks = [theirs[0], *(walk(scene, other) for other in OTHERS)]
    spent = median([one.cpu_s for one in theirs])
    reason = _outside(bounding.last_out_s, walks)
    more |= {
        "ours_agent_steps_per_s": round(bounding.agent_steps / median(own)),
        "peer_agent_steps_per_s": round(theirs[0].agent_steps / spent),
        "jupedsim": {one.model: one.span for one in walks},
        "ours_cpu_s": [round(value, 5) for value in own],
        "peer_cpu_s": [one.cpu_s for one in theirs],
    }
    return Measure(
        name,
        median(own),
        "s CPU",
        TARGET,
        peer=f"JuPedSim {version} {USUAL}, dt {KNOWN[USUAL].dt_s:g} s",
        peer_value=spent,
        by_ratio=True,
        met=False if reason else None,
        more=more | ({"note": reason} if reason else {}),
    )


def _own_s(scene: Scene) -> float:
    """CPU seconds of one of our runs without its set-up, the mean of ten."""
    return sum(go(scene.floor, scene.people, END_S).cpu_s for _ in range(10)) / 10


def _outside(ours_s: float, walks: list[Walk]) -> str:
    """Why the ratio does not count; "" where our time lies within 20 % of the models' span."""
    if walks[0].not_out:
        return f"JuPedSim's default model leaves {walks[0].not_out} inside: there is no ratio"
    done = [one.last_out_s for one in walks if not one.not_out]
    low, high = min(done) * (1 - ALLOWED), max(done) * (1 + ALLOWED)
    if low <= ours_s <= high:
        return ""
    return f"our {ours_s:.1f} s lie outside {low:.1f} .. {high:.1f} s: the ratio does not count"
