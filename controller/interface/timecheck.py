"""Times in an I/O list that would break a bound: alarms seen too late, losses known too late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from controller.interface.files import Finding
from controller.interface.kinds import KINDS

MOST_POLL_MS = 1000
"""Behind which fire devices may stand: a poll, a scan and the wait for an earlier reply of 1 s each
leave a command within 3 s of the register (GB 50166-2019 4.1.3)."""

MOST_LOSS_MS = 100_000
"""GB 4717, EN 54-2: faults within 100 s (m)."""

MISSED_POLLS = 3
"""Polls in a row that must fail before a gateway counts as lost."""


class Polled(Protocol):
    """A gateway's entry."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def poll_ms(self) -> int:
        """From one poll to the next."""
        ...

    @property
    def timeout_ms(self) -> int:
        """How long it is given for a reply."""
        ...

    @property
    def retries(self) -> int:
        """How often it is asked again."""
        ...


class Placed(Protocol):
    """A device's entry."""

    @property
    def kind(self) -> str:
        """Its kind."""
        ...

    @property
    def gateway(self) -> str:
        """Its gateway."""
        ...


def time_findings(gateways: Sequence[Polled], devices: Sequence[Placed]) -> Iterator[Finding]:
    """Gateways that are polled too seldom, or given up too late."""
    alarming = {d.gateway for d in devices if d.kind in KINDS and KINDS[d.kind].alarm}
    for number, gateway in enumerate(gateways):
        at = ("gateways", number)
        if gateway.id in alarming and gateway.poll_ms > MOST_POLL_MS:
            text = f"fire devices stand behind it: poll them every {MOST_POLL_MS} ms at least, "
            yield Finding((*at, "poll_ms"), text + "or nothing is released within 3 s")
        round_ms = max(gateway.poll_ms, gateway.timeout_ms * (gateway.retries + 1))
        if MISSED_POLLS * round_ms > MOST_LOSS_MS:
            seconds = MISSED_POLLS * round_ms // 1000
            text = f"it would be known to be lost after {seconds} s only; 100 s are allowed"
            yield Finding((*at, "timeout_ms"), text)
