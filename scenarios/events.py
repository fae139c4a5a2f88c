"""Event patterns: how scenarios name something that a journal may hold.

A pattern is up to three words: `<kind> <entity> <state>`, for example `sense sd-* alarm`,
`command lock-*.release true`, `person * out`. Entity and state may use `*` and `?`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Any

from pydantic import BeforeValidator

from controller.interface.files import nearest

TWIN_KINDS = (
    "run",
    "hazard",
    "press",
    "sense",
    "fault",
    "reply",
    "link",
    "broker",
    "receive",
    "apply",
    "actuate",
    "portal",
    "cue",
    "group",
    "person",
    "crush",
    "handling",
    "sample",
    "shadow",
    "pace",
    "warning",
    "answer",
    "callout",
)
CONTROLLER_KINDS = (
    "input",
    "alarm",
    "decision",
    "command",
    "ack",
    "feedback",
    "comms",
    "scan",
    "operation",
    "release",
    "refusal",
    "trouble",
    "incident",
    "patrol",
    "level",
    "duty",
    "notice",
    "delivery",
    "report",
    "access",
    "muster",
    "intrusion",
    "gate",
)
_STATE_KEYS = ("what", "state", "value", "r")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One event pattern; `state` may be `*`."""

    kind: str
    entity: str
    state: str

    def matches(self, record: Mapping[str, Any]) -> bool:
        """Whether a journal record is such an event."""
        if record["k"] != self.kind or not fnmatchcase(record["e"], self.entity):
            return False
        return self.state == "*" or any(
            key in record and fnmatchcase(_word(record[key]), self.state) for key in _STATE_KEYS
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.entity} {self.state}"


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def parse_pattern(text: Any) -> Pattern:
    """Parse `<kind> [<entity> [<state>]]`; ValueError names the nearest kind."""
    if isinstance(text, Pattern):
        return text
    words = text.split() if isinstance(text, str) else []
    if not 1 <= len(words) <= 3:
        raise ValueError(
            f"{text!r} is not an event; write `kind entity state`, as `sense sd-* alarm`"
        )
    kinds = (*TWIN_KINDS, *CONTROLLER_KINDS)
    if words[0] not in kinds:
        hint = nearest(words[0], kinds)
        raise ValueError(
            f"{text!r}: unknown kind of event {words[0]!r}"
            + (f"; did you mean `{hint}`?" if hint else f"; known: {', '.join(kinds)}")
        )
    return Pattern(words[0], *[*words[1:], "*", "*"][:2])


Event = Annotated[Pattern, BeforeValidator(parse_pattern)]
