"""Every parameter of the zone, with unit, source and how sure it is: the only place for them.

``sure`` is one of: measured (in experiments or accidents), published (a model's value), recalled
(from the literature, unconfirmed), fitted (to an acceptance test), guessed (no source).
"""

from dataclasses import dataclass, field, fields
from math import log
from typing import Any, Literal

from evacuation.zone.kernels.arrays import Law

Sure = Literal["measured", "published", "recalled", "fitted", "guessed"]


def known(default: float, unit: str, sure: Sure, source: str) -> Any:
    """Return a field of a parameter class."""
    return field(default=default, metadata={"unit": unit, "sure": sure, "source": source})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The zone's parameters; ``rows`` tells of each what it is and where it comes from."""

    k: float = known(1.2e5, "N/m", "published", "normal spring, Helbing et al. 2000")
    k_wall: float = known(1.2e5, "N/m", "published", "the same against walls")
    spring: float = known(0.3, "1", "guessed", "static friction spring by normal spring")
    mu: float = known(0.4, "1", "guessed", "friction between clothed bodies")
    mu_wall: float = known(0.3, "1", "fitted", "friction of bodies on walls, 0.3-0.5")
    kappa: float = known(
        0.0, "kg/(m s)", "published", "viscous friction per overlap; 2.4e5 in Helbing et al. 2000"
    )
    zeta: float = known(0.3, "1", "guessed", "damping of contacts, share of the critical")
    social_n: float = known(0.0, "N", "published", "repulsion at touch; 2000 in Helbing et al.")
    social_per_kg: float = known(
        0.15, "N/kg", "guessed", "repulsion by mass: below 0.3 m v/tau, or it hides contact"
    )
    social_b: float = known(0.08, "m", "published", "range of the repulsion, Helbing et al. 2000")
    tau: float = known(0.5, "s", "published", "time to reach the wanted speed, Helbing et al.")
    dt_ms: float = known(5.0, "ms", "fitted", "contact step, 2-5; 1 in the room of Helbing et al.")
    skin: float = known(0.10, "m", "guessed", "slack of the neighbour lists: speed only")
    headway: float = known(1.06, "s", "measured", "speed = gap / T ahead, Seyfried et al. 2005")
    headway_crowd: float = known(
        0.20, "s", "fitted", "the same with others beside one, to bottleneck flows"
    )
    headway_stair: float = known(1.4, "s", "fitted", "the same on a flight, to 1.01 p/(m s)")
    stand: float = known(0.14, "m", "fitted", "gap at which who does not push stands, in a crowd")
    tread: float = known(0.30, "m", "fitted", "gap kept on a flight: a tread")
    stair: float = known(0.77, "1", "published", "flight by level speed: SFPE 1.08 / 1.40")
    upstairs: float = known(0.8, "1", "published", "up by down, IMO 0.88 / 1.1")
    creep: float = known(0.03, "m/s", "fitted", "what strives on who does not push in a jam")
    brace: float = known(0.05, "1", "fitted", "push that who stands resists, by his weight")
    lifted_at: float = known(
        7.0, "adults/m2", "recalled", "from here on feet lose their grip (Fruin 1993), none 2 above"
    )
    push_speed: float = known(
        1.1, "m/s", "fitted", "what a pusher strives for in a jam: 154 N for 70 kg"
    )
    push_share: float = known(0.2, "1", "fitted", "share who push; calm 0.05, urgent 0.4")
    patience_s: float = known(
        20.0, "s", "guessed", "stands still so long, then begins to push, at twice it wholly"
    )
    told_share: float = known(0.6, "1", "guessed", "share of the told who stop; 0.9 with a teacher")
    noise_n: float = known(10.0, "N", "guessed", "restlessness by 70 kg, 10-30")
    noise_s: float = known(0.5, "s", "guessed", "how long it acts one way")
    shoulder: float = known(0.25, "1", "fitted", "how much narrower who is stuck makes himself")
    shoulder_s: float = known(0.5, "s", "guessed", "in which he does so")
    dark_speed: float = known(0.5, "1", "recalled", "speed in the dark by speed in the light")
    steps_over: float = known(0.3, "1", "guessed", "speed of who steps over a body")
    step_density: float = known(4.0, "adults/m2", "guessed", "nobody steps over, or up, above")
    body_ref: float = known(0.113, "m2", "recalled", "adult, Predtechenskii and Milinskii")
    missteps: float = known(1 / 2222, "1/flight", "recalled", "Archea 1979; below 0: no falls")
    level: float = known(0.1, "1", "guessed", "missteps on the level by those of a flight (4 m)")
    recover: float = known(0.035, "1", "recalled", "falls per misstep, free: 2222 / 63000")
    packed: float = known(0.45, "1", "guessed", "falls per misstep, no room for a step, 0.3-0.6")
    packed_at: float = known(4.0, "adults/m2", "guessed", "middle between the two")
    packed_width: float = known(0.6, "adults/m2", "guessed", "width of the transition")
    dim: float = known(0.25, "1", "guessed", "how dark 1 lx is: misstep hazard twice")
    dark: float = known(5.0, "1", "guessed", "misstep hazard in the dark")
    running: float = known(4.0, "1", "guessed", "misstep hazard of who runs")
    counter: float = known(2.0, "1", "guessed", "misstep hazard in counterflow")
    handrail: float = known(0.6, "1", "guessed", "misstep hazard with a rail in reach")
    h_pressure: float = known(1e-3, "1/s", "guessed", "hazard per excess of Helbing pressure")
    h_pressure_cap: float = known(0.02, "1/s", "guessed", "greatest hazard of pressure waves")
    p_onset: float = known(0.02, "1/s2", "recalled", "turbulence, Helbing et al. 2007")
    h_low: float = known(0.02, "1/s", "fitted", "trip over a body, below 3 adults/m2")
    h_mid: float = known(0.08, "1/s", "fitted", "at 5")
    h_high: float = known(0.2, "1/s", "fitted", "at 7 and more")
    h_dark: float = known(2.0, "1", "guessed", "the same in the dark")
    h_told: float = known(0.3, "1", "guessed", "the same of who sees or knows, and is not pushed")
    t_balance: float = known(0.3, "s", "guessed", "time constant of the lean")
    lean_level: float = known(0.50, "rad", "fitted", "lean that cannot be recovered, level")
    lean_flight: float = known(0.28, "rad", "fitted", "the same on a flight")
    lean_dark: float = known(0.7, "1", "guessed", "the same in the dark, by in the light")
    stuck_g: float = known(0.35, "1", "guessed", "unbalanced force, by weight, without a step")
    stuck_s: float = known(0.3, "s", "guessed", "for how long")
    rise_s: float = known(6.0, "s", "guessed", "mean time to get up with room and no weight")
    weight_share: float = known(0.7, "1", "guessed", "of a body's weight, on who is under it")
    lethal: float = known(1112.0, "N", "recalled", "F1 of a 70 kg adult, Hopkins 1993")
    tolerable: float = known(623.0, "N", "measured", "70 kg, Evans and Hayden 1971")
    exponent: float = known(1.739, "1", "fitted", "joins 1112 N / 300 s and 6227 N / 15 s")
    lethal_s: float = known(300.0, "s", "recalled", "until dose 1 at F1")
    heal_s: float = known(120.0, "s", "guessed", "time constant of recovery")
    faint: float = known(0.25, "1", "guessed", "dose at which one is unconscious, serious injury")
    tough_sigma: float = known(0.3, "1", "guessed", "lognormal spread of F1 between people")
    window_s: float = known(1.5, "s", "measured", "window of velocities: position noise 0.03 m")
    word_m_s: float = known(0.25, "m/s", "fitted", "word of a fall, up the crowd; 1 with staff")
    helpers_s: float = known(60.0, "s", "guessed", "until two helpers are at a pile, 30-120")
    rescue_s: float = known(20.0, "s", "guessed", "per person that they take off, 15-30")
    entry_gap: float = known(0.05, "m", "guessed", "free ring around who comes in")

    def law(self) -> Law:
        """Return what the kernels need of it."""
        own = {one.name: getattr(self, one.name) for one in fields(self)}
        strongest = self.social_n + 70.0 * self.social_per_kg
        reach = self.social_b * log(max(strongest / 2.0, 1.0)) if self.social_b > 0 else 0.0
        own |= {"reach": reach, "dt": self.dt_ms / 1000.0, "window": self.window_s}
        return Law(**{name: float(own[name]) for name in Law._fields})


def rows() -> list[tuple[str, str, str, str, str]]:
    """Return name, value, unit, how sure, source of every parameter, in their order."""
    return [
        (one.name, f"{one.default:.4g}", *(one.metadata[key] for key in ("unit", "sure", "source")))
        for one in fields(Parameters)
    ]
