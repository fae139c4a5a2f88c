"""The duties of those who are there in a period, and what each call makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from math import exp
from typing import Any

from controller.interface.dutyentry import THERE, DutyEntry
from controller.interface.operation import ORDER
from controller.interface.streams import stream

STAYS = ("stand", "marshal")
"""What goes on until somebody is relieved; after everything else he goes back to where he was."""
BECAUSE = " because "
"""Parts what is said from its reason; with a reason a desk signs it."""


@dataclass(slots=True)
class Job:
    """One call that somebody sees to: the duty, where it came up, and what it told.

    `is_over`: the call has gone from the desk; nobody need come any more.
    """

    duty: DutyEntry
    device: str
    told: Mapping[str, Any] = field(default_factory=dict)
    ready_ms: int = 0
    is_over: bool = False

    @property
    def who(self) -> str:
        """Whose it is."""
        return self.duty.who

    @property
    def says(self) -> str:
        """What it is about, for the record: `step watch-gate`."""
        return self.duty.on.partition(" ")[2]

    @property
    def places(self) -> tuple[str, ...]:
        """Where he goes, in order; () if the notice names no place."""
        at = self.duty.at
        place = str(self.told.get(THERE, "")) if at == THERE else at
        return (*self.duty.via, place) if place else ()

    @property
    def desk(self) -> str:
        """Where he reports by word."""
        return self.duty.desk or self.device

    def word(self, said: str) -> str:
        """What he says at a desk, in its words."""
        text = said.replace("{source}", str(self.told.get("source", "")))
        return f"ask {text}" if BECAUSE in text else f"{ORDER}{text}"


class Rota:
    """Who sees to what; each draws from a stream of his own."""

    def __init__(self, duties: Sequence[DutyEntry], present: Sequence[str], seed: int) -> None:
        self._duties = [duty for duty in duties if duty.who in present]
        self._streams = {
            number: stream(seed, f"duty {number} {duty.who} {duty.on}")
            for number, duty in enumerate(self._duties)
        }

    @property
    def members(self) -> tuple[str, ...]:
        """Everybody with a duty."""
        return tuple(dict.fromkeys(duty.who for duty in self._duties))

    def reads(self, device: str) -> bool:
        """Whether anybody waits for a call on this device."""
        return any(fnmatchcase(device, duty.on.partition(" ")[0]) for duty in self._duties)

    def called(self, device: str, words: str, told: Mapping[str, Any]) -> Iterator[Job]:
        """Whose duty these words on a device are, with the time that he takes to set off."""
        for number, duty in enumerate(self._duties):
            if fnmatchcase(f"{device} {words}", duty.on):
                spread = exp(duty.sigma * self._streams[number].normal())
                yield Job(duty, device, told, round(1000 * duty.ready_s * spread))
