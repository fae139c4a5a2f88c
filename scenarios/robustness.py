"""What a ranking must hold under to be called robust: other conditions, and unsure parameters.

The conditions are those of a planner's bad day. The parameters are those that accidents cannot tell
apart (docs/stampede.md): each is tried at both ends of the range that is plausible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from evacuation.zone.parameters import Sure
from scenarios.variation import (
    Draft,
    add_pupils,
    cut_power,
    lose_a_stair,
    rain,
    send_a_marshal_away,
)

AS_GIVEN = "as given"


@dataclass(frozen=True, slots=True)
class Member:
    """One thing that a ranking must hold under; ``vary`` changes a draft of the scenario and says
    why it cannot, or "" ; ``parameter`` names what it is about where it is a parameter.
    """

    id: str
    say: str
    vary: Callable[[Draft], str]
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """A parameter between its plausible ends: values of `Falls` by name, from where, how sure."""

    parameter: str
    low: Mapping[str, float]
    high: Mapping[str, float]
    unit: str
    sure: Sure
    source: str

    def members(self) -> tuple[Member, Member]:
        """Both ends."""
        return self._member("low", self.low), self._member("high", self.high)

    def _member(self, end: str, values: Mapping[str, float]) -> Member:
        said = ", ".join(f"{name} {value:g}" for name, value in values.items())
        unit = "" if self.unit == "1" else f" {self.unit}"
        say = f"{said}{unit} ({self.sure}: {self.source})"
        return Member(f"{self.parameter}-{end}", say, _Set(values).vary, self.parameter)


@dataclass(frozen=True, slots=True)
class _Set:
    values: Mapping[str, float] = field(default_factory=dict)

    def vary(self, draft: Draft) -> str:
        """Write the parameters into the scenario."""
        draft.content["falls"] = {**(draft.content.get("falls") or {}), **self.values}
        return ""


RANGES = (
    Range(
        "h_obs", {"h_low": 0.0075, "h_mid": 0.03, "h_high": 0.075},
        {"h_low": 0.05, "h_mid": 0.2, "h_high": 0.5}, "1/s", "guessed",
        "trip over a body, 0.03 to 0.2 at 5 adults/m2: trial runs spread from none to 160 fallen",
    ),
    Range(
        "word_m_s", {"word_m_s": 0.2}, {"word_m_s": 1.0}, "m/s", "guessed",
        "word of a fall by shout and press, 0.2 to 1.0",
    ),
    Range(
        "push_share", {"push_share": 0.1, "push_urgent": 0.2},
        {"push_share": 0.4, "push_urgent": 0.6}, "1", "guessed",
        "share who push in a hurried crowd, half and twice of 0.2",
    ),
    Range(
        "rise_s", {"rise_s": 3.0}, {"rise_s": 12.0}, "s", "guessed",
        "mean time to get up, half and twice of 6; nobody measured it in a crowd",
    ),
)  # fmt: skip
"""The plausible range of each parameter that accidents cannot identify."""

CONDITIONS = (
    Member("stair-lost", "one other stair is blocked from the start", lose_a_stair),
    Member("power-cut", "the mains fails at night: emergency lights only", cut_power),
    Member("rain", "eight in ten want to leave by one exit", rain),
    Member("more-pupils", "every class is larger by one standard deviation", add_pupils),
    Member("absent-marshal", "one marshal is not there", send_a_marshal_away),
)
"""The conditions that a ranking of measures must hold under."""

MEMBERS = (*CONDITIONS, *(member for one in RANGES for member in one.members()))
