"""What an operator asks of the controller, and what he is told: one shape for every path.

Paths (MQTT, HTTP, duty desk) establish who asks and whether the request is fresh; what it means and
whether it is granted is decided with everything else, on the scan.
"""

from __future__ import annotations

from dataclasses import dataclass

VERBS = (
    "acknowledge", "silence", "resound", "reset", "investigate", "confirm", "dismiss",
    "disable", "enable", "test", "end-test", "drill", "end-drill",
    "evacuate", "lockdown", "all-clear", "level", "done", "muster", "block", "unblock", "arm",
    "disarm",
)  # fmt: skip
"""acknowledge, silence, resound and reset as in EN 54-2 clause 8; investigate starts the clock of
the investigation, which confirm or dismiss ends; disable, test and drill stand until they are ended
or their time is over; evacuate names a zone; all-clear ends what evacuate or lockdown began; level
names a level of the plan (`normal`: none), done a step of it; muster puts the muster list on
record; block and unblock name a card; arm and disarm a guarded zone or a detector of one."""

OF_CARDS = ("block", "unblock")
"""Verbs whose target is a person's: a card or a member."""

ORDER = "order "
"""What a duty desk's `seen` begins with where it is `order VERB [TARGET]`, an operation: no text of
an alarm that the guard has seen can be taken for one."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One request: `verb` of `VERBS`, `target` a zone, device, output or "" (the whole site).

    `id` makes a repeat harmless; `lasts_ms` limits disable, test and drill (0: the site's limit).
    """

    id: str
    operator: str
    role: str
    verb: str
    target: str
    reason: str
    lasts_ms: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether an operation was granted; `text` says what was done, or why it was not."""

    id: str
    granted: bool
    text: str
