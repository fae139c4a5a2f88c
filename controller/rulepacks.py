"""What three codes ask of the alarm logic, each number with its clause; "(m)": from memory.

A matrix names one (`rules: gb50116`). The packs are not mixed: what one code leaves open stays a
parameter of the matrix and is not filled in from another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Pack = Literal["gb50116", "nfpa72", "en54"]


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of a code, in ms, and where it stands."""

    ms: int
    clause: str


@dataclass(frozen=True, slots=True)
class RulePack:
    """One code. None: the code does not say.

    `call_point_at_once`: a call point alone is a fire; else it counts as one of two.
    `acknowledge`, `investigate`: the sequence that a single detector starts by itself;
    `longest_look`: no investigation may take longer. `start`: control outputs after the trigger
    logic; `feedback`: a missing one is a fault; `light`: emergency light and signs are on.
    `tone`, `voice`: least and longest part of a turn. `bells`: may be fire sounders.
    """

    name: str
    title: str
    call_point_at_once: bool
    call_point_clause: str
    coincidence_clause: str
    acknowledge: Limit | None
    investigate: Limit | None
    longest_look: Limit
    start: Limit
    feedback: Limit | None
    light: Limit | None
    tone: tuple[Limit, Limit] | None
    voice: tuple[Limit, Limit] | None
    bells: bool
    bells_clause: str = ""


_TONE = "GB 50116-2013 4.8.6"
_VOICE = "GB 50116-2013 4.8.9"

PACKS: Mapping[str, RulePack] = {
    "gb50116": RulePack(
        "gb50116", "GB 50116-2013, GB 50166-2019, GB 16806-2006",
        call_point_at_once=False,
        call_point_clause="GB 50116-2013 4.1.6: one of two independent devices",
        coincidence_clause="GB 50116-2013 4.1.6, 4.6.1",
        acknowledge=None, investigate=None,
        longest_look=Limit(180_000, "the site's own: the code has no sequence"),
        start=Limit(3000, "GB 50166-2019 4.1.3, GB 16806-2006 (m)"),
        feedback=Limit(10_000, "GB 16806-2006 (m)"),
        light=Limit(5000, "GB 50116-2013 4.9.2"),
        tone=(Limit(8000, _TONE), Limit(20_000, _TONE)),
        voice=(Limit(10_000, _VOICE), Limit(30_000, _VOICE)),
        bells=False, bells_clause="GB 50116-2013 4.8.3: schools ring bells every day",
    ),
    "nfpa72": RulePack(
        "nfpa72", "NFPA 72",
        call_point_at_once=True,
        call_point_clause="NFPA 72 positive alarm sequence: not for call points",
        coincidence_clause="NFPA 72 positive alarm sequence: a second detector (m)",
        acknowledge=Limit(15_000, "NFPA 72 positive alarm sequence: 15 s"),
        investigate=Limit(180_000, "NFPA 72 positive alarm sequence: 180 s"),
        longest_look=Limit(180_000, "NFPA 72 positive alarm sequence: 180 s"),
        start=Limit(10_000, "NFPA 72: 10 s (m)"),
        feedback=None, light=None, tone=None, voice=None, bells=True,
    ),
    "en54": RulePack(
        "en54", "EN 54-2",
        call_point_at_once=True,
        call_point_clause="EN 54-2 7.11: a call point cancels the delay (m)",
        coincidence_clause="EN 54-2 7.12 type B: a second device (m)",
        acknowledge=None, investigate=None,
        longest_look=Limit(600_000, "EN 54-2 7.11: at most 10 min (m)"),
        start=Limit(3000, "EN 54-2: mandatory outputs 3 s after the indication (m)"),
        feedback=None, light=None, tone=None, voice=None, bells=True,
    ),
}  # fmt: skip
