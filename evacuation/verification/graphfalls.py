"""The acceptance tests of falls on the floor graph: a stairwell, one fall, what makes it worse."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np

from evacuation.crush.parameters import FITTED
from evacuation.crush.risk import Outcome, Risk
from evacuation.crush.scenes import Trial, descent, pupils, stairwell, trial
from evacuation.verification.case import Case, Finding, judged
from evacuation.zone.body import BUILDS

GROUP = "stampede"
Seeds = Sequence[int]
EFFECTIVE_M = 0.3
LATE = Trial(until_s=600.0)


def stair_capacity(seeds: Seeds) -> Finding:
    """Send 200 youths down one flight of 1.5 m, calm."""
    flows, packed, falls, dead = [], [], 0, 0
    for seed in seeds:
        youths = pupils(200, seed, BUILDS["youth"], storeys=2)
        seen = descent(stairwell(1.5, 2), youths, seed)
        middle = seen.out_s[50:150]
        flows.append((len(middle) - 1) / (middle[-1] - middle[0]) / (1.5 - EFFECTIVE_M))
        steady = seen.density[int(middle[0]) : int(middle[-1])]
        packed.append(float(np.mean(steady)) * 1.5 / (1.5 - EFFECTIVE_M))
        falls, dead = falls + seen.outcome.falls, dead + seen.outcome.lethal
    flow, per_m2, fell = float(np.mean(flows)), float(np.mean(packed)), falls / len(seeds)
    holds = 0.95 <= flow <= 1.35 and 1.5 <= per_m2 <= 2.6 and dead == 0 and fell <= 0.05
    text = f"{flow:.2f} /(m s) at {per_m2:.2f} /m2; {fell:.2f} falls a run, {dead} dead"
    return judged(holds, text, flow=flow, density=per_m2, falls=fell)


def _large(one: Outcome) -> bool:
    return one.is_large


def single_trip(seeds: Seeds) -> Finding:
    """Trip one with nobody about, with staff, and in a thin crowd."""
    alone = [trial(seed, LATE)[0] for seed in seeds]
    staff = [trial(seed, Trial(staff=True, stop_s=10.0))[0] for seed in seeds]
    thin = [trial(seed, Trial(density=1.0, urgency=1.0, until_s=60.0))[0] for seed in seeds]
    risk = Risk.of(alone, _large)
    grew = [one for one in alone if one.is_large]
    dead = float(np.mean([one.lethal for one in grew])) if grew else 0.0
    all_dead = [sum(one.lethal for one in runs) / len(runs) for runs in (alone, staff)]
    none = sum(one.lethal == 0 for one in staff) / len(seeds)
    small = sum(one.people >= 3 for one in thin) / len(seeds)
    wrong = ["chance"] * (not 0.2 <= risk.chance <= 0.9) + ["fallen"] * (
        not 15 <= risk.people <= 100
    )
    wrong += ["dead"] * (not 1 <= dead <= 20) + ["thin"] * (small > 0.05)
    wrong += ["injured"] * (not 8 <= risk.people - dead <= 60)
    wrong += ["staff"] * (all_dead[1] > 0.15 * all_dead[0]) + ["none with staff"] * (none < 0.7)
    stopped = Risk.of(staff, _large)
    text = (
        f"alone: P(>= 10 fall) {risk.chance:.2f} ({risk.low:.2f}-{risk.high:.2f}), then "
        f"{risk.people:.0f} fall, {dead:.1f} reach dose 1; with staff P {stopped.chance:.2f}, "
        f"{stopped.falls:.1f} falls against {risk.falls:.1f}, none dead in {none:.2f}; thin: "
        f"P(>= 3 fall) {small:.2f}" + f"; off: {', '.join(wrong)}" * bool(wrong)
    )
    return judged(not wrong, text, chance=risk.chance, fallen=risk.people, dead=dead, thin=small)


def staggered(seeds: Seeds) -> Finding:
    """Release four floors at once, and one after the other, with the same people."""
    ratios: list[tuple[float, float, float]] = []
    for seed in seeds:
        once = descent(stairwell(1.5), pupils(360, seed), seed, 1.5)
        gap = descent(stairwell(1.5), pupils(360, seed, gap_s=75.0), seed, 1.5)
        ratios.append(
            (
                gap.outcome.density_per_m2 / once.outcome.density_per_m2,
                gap.out_s[-1] / once.out_s[-1],
                gap.expected_falls / once.expected_falls,
            )
        )
    density, time, falls = np.mean(ratios, axis=0).tolist()
    wrong = ["density"] * (density > 0.7) + ["time"] * (time > 1.25) + ["falls"] * (falls > 0.5)
    text = f"staggered by at once: density {density:.2f}, time {time:.2f}, E(falls) {falls:.2f}"
    text += f"; off: {', '.join(wrong)}" * bool(wrong)
    return judged(not wrong, text, density=density, time=time, falls=falls)


WORSE: dict[str, list[Trial]] = {
    "150, 250, 400 people": [Trial(count=count) for count in (150, 250, 400)],
    "2.0, 1.6, 1.2 m": [Trial(width_m=width, density=4.8 / width) for width in (2.0, 1.6, 1.2)],
    "stopped after 5, 30 s, never": [Trial(stop_s=stop) for stop in (5.0, 30.0, None)],
    "100, 1, 0.1 lx": [Trial(lux=lux) for lux in (100.0, 1.0, 0.1)],
}


def monotone(seeds: Seeds) -> Finding:
    """Make four things worse, in steps, with common random numbers; harm: people down, doses."""
    texts: list[str] = []
    wrong: list[str] = []
    for name, steps in WORSE.items():
        runs = [[trial(seed, step)[0] for seed in seeds] for step in steps]
        harm = [[one.people + 10.0 * one.harm for one in some] for some in runs]
        for a, b in pairwise(harm):
            less = np.subtract(a, b)
            spread = float(less.std(ddof=1)) / len(seeds) ** 0.5 if len(seeds) > 1 else 0.0
            wrong += [name] * bool(less.mean() > 1.645 * spread)
        texts.append(f"{name}: {', '.join(f'{np.mean(one):.1f}' for one in harm)}")
    text = "; ".join(texts) + f"; falls with: {', '.join(wrong)}" * bool(wrong)
    return judged(not wrong, text)


def bistable(seeds: Seeds) -> Finding:
    """Trip one in the same crowd with other seeds: most trips end small or large, not between."""
    people = [trial(seed, Trial())[0].people for seed in seeds]
    small = sum(count <= 4 for count in people)
    large = sum(count >= 10 for count in people)
    holds = small > 0 and large > 0 and small + large > 0.6 * len(people)
    text = f"{small} of {len(people)} stay at 4 or fewer, {large} reach 10 or more"
    return judged(holds, text, small=small, large=large)


def reproducible(seeds: Seeds) -> Finding:
    """Play a trial twice; and once more with other lots of hazard for nobody else's sake."""
    first, crowd = trial(seeds[0], Trial())
    again, other = trial(seeds[0], Trial())
    same = first == again and crowd.open_segments() == other.open_segments()
    darker = trial(seeds[0], replace(Trial(), lux=0.1))[0]
    text = f"same bytes: {'yes' if same else 'no'}; {first.falls} falls, in the dark {darker.falls}"
    return judged(same and darker.falls >= first.falls, text)


def cases(count: int = 20) -> tuple[Case, ...]:
    """Return the acceptance tests of the graph over some seeds."""
    seeds = range(1, count + 1)
    made = partial(Case, group=GROUP, unit="", by_construction=False)
    return (
        made(id="C13", title="Capacity of a stair, graph (P3)", refs=("SFPE",),
             measure=partial(stair_capacity, seeds[:5]),
             expected="1.5 m, 200 youths, calm: 0.95-1.35 /(m s) of effective width at 1.5-2.6 "
             "/m2, nobody dead, <= 0.05 falls a run",
             note="Density by effective width, as SFPE counts it. The flow is that of the law."),
        made(id="C14", title="A single trip, graph (P5)", refs=("acceptance test P5",),
             measure=partial(single_trip, seeds),
             expected="400 pupils, 1.2 m stair: P(>= 10 fall) 0.2-0.9, then 15-100 fall, 1-20 "
             "reach dose 1, 8-60 fall and live; staff after 10 s: <= 15 % of the dead, none in "
             ">= 70 %; at 1 adult/m2 P(>= 3) <= 0.05",
             note=f"Fitted to this test: {', '.join(FITTED)}. Outcomes are conditional on the fall "
             "and orders of magnitude; never a forecast for a school."),
        made(id="C15", title="Staggered against at once (P6)", refs=("acceptance test P6",),
             measure=partial(staggered, seeds[:5]),
             expected="floors 75 s apart: peak density <= 0.7, time <= 1.25, expected falls <= 0.5 "
             "of those at once", note="Expected falls by the hazards that everybody met."),
        made(id="C16", title="Worse is never better, graph", refs=("common gate: monotone",),
             measure=partial(monotone, seeds),
             expected="expected harm never falls (one-sided, 5 %) with more people, a narrower "
             "stair, a later stop, worse light",
             note="Common random numbers; harm: people down and ten times the sum of doses. As "
             "many are on the wider flight as fill the narrow one to 4 adults/m2."),
        made(id="C17", title="Most falls end small, some cascade", refs=("common gate: bistable",),
             measure=partial(bistable, seeds),
             expected="of equal trips some stay at 4 or fewer and some reach 10 or more, and most "
             "do one of the two", note="The same crowd, stair and trip with other seeds."),
        made(id="C18", title="Same seed, same falls", refs=("common gate: numbers",),
             measure=partial(reproducible, seeds),
             expected="a run repeated is the same; in the dark no fewer fall", note=""),
    )  # fmt: skip
