"""The seconds ledger: where each second of each person went, from the first hazard to the exit.

A person's total is the time out minus the start. Each entry is the time between two records of
its own, so the sum can only miss the total where a record is missing; that rest is `unexplained`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.causes import Causes, Chain
from reports.dossier import Dossier
from reports.people import Departure, Start, departures, losses, start

ENTRIES = ("detect", "decide", "bus", "actuate", "announce", "premove", "walk", "queue")
UNEXPLAINED = "unexplained"
MEANING: Mapping[str, str] = {
    "detect": "hazard to the sensor that completed the cause (smoke seen: to noticing)",
    "decide": "input known to the controller until its command, set delays included",
    "bus": "sensor to controller and controller to device, over the wire",
    "actuate": "command at the device until the device acts",
    "announce": "device acts until the person notices, by ear or told by somebody",
    "premove": "noticed until the first step",
    "walk": "moving freely or slowed by others",
    "queue": "standing before a door, stair or exit",
    UNEXPLAINED: "no record says where these seconds went",
}


@dataclass(frozen=True, slots=True)
class Account:
    """One person's seconds: entry -> ms over `ENTRIES`, the total, and what no record explains."""

    person: str
    out_ms: int
    total_ms: int
    entries: Mapping[str, int]
    cue: str
    cause: str
    missing: tuple[str, ...] = ()

    @property
    def unexplained_ms(self) -> int:
        """Total minus all entries; 0 for complete journals."""
        return self.total_ms - sum(self.entries.values())

    def seconds(self) -> dict[str, float]:
        """Entry -> seconds, `unexplained` included."""
        every = {**self.entries, UNEXPLAINED: self.unexplained_ms}
        return {entry: ms / 1000 for entry, ms in every.items()}


@dataclass(frozen=True, slots=True)
class Ledger:
    """The accounts of everybody who got out after the start, in the order of leaving."""

    start: Start
    accounts: tuple[Account, ...]
    left_before: int
    not_out: int
    missing: tuple[str, ...]

    @property
    def last(self) -> Account | None:
        """The account of the last person out."""
        return self.accounts[-1] if self.accounts else None

    def mean_s(self) -> dict[str, float]:
        """Entry -> mean seconds per person, `unexplained` included; zeros if nobody got out."""
        count = max(1, len(self.accounts))
        return {entry: total / count for entry, total in self.person_s().items()}

    def person_s(self) -> dict[str, float]:
        """Entry -> person-seconds of all people together, `unexplained` included."""
        sums = dict.fromkeys((*ENTRIES, UNEXPLAINED), 0)
        for account in self.accounts:
            for entry, ms in account.entries.items():
                sums[entry] += ms
            sums[UNEXPLAINED] += account.unexplained_ms
        return {entry: ms / 1000 for entry, ms in sums.items()}

    @property
    def total_person_s(self) -> float:
        """Person-seconds from the start to the exits; equals the sum of `person_s`."""
        return sum(account.total_ms for account in self.accounts) / 1000


def ledger(dossier: Dossier, causes: Causes | None = None) -> Ledger:
    """The ledger of a run; works with a cut journal and names what is missing."""
    begin, book = start(dossier), causes or Causes(dossier)
    everybody = departures(dossier)
    counted = [person for person in everybody if person.out_ms >= begin.t_ms]
    accounts = tuple(account(person, begin.t_ms, book) for person in counted)
    return Ledger(
        start=begin,
        accounts=accounts,
        left_before=len(everybody) - len(counted),
        not_out=len(losses(dossier)),
        missing=_missing(accounts),
    )


def account(person: Departure, start_ms: int, causes: Causes) -> Account:
    """One person's account; instants before the start count from the start."""
    chain = causes.chain(person.cause) if person.cause else None
    entries, missing = _warned(person, chain, start_ms)
    for entry, value in (("walk", person.walk_ms), ("queue", person.queue_ms)):
        entries[entry] = value or 0
        if value is None:
            missing.append(f"no {entry}ing time in the `person` record")
    return Account(
        person=person.person,
        out_ms=person.out_ms,
        total_ms=person.out_ms - start_ms,
        entries=entries,
        cue=person.cue,
        cause=person.cause,
        missing=tuple(missing),
    )


def _warned(
    person: Departure, chain: Chain | None, start_ms: int
) -> tuple[dict[str, int], list[str]]:
    """The entries up to the first step. Without a device's cause, noticing ends `detect`.

    Who is told by somebody has the cause of that person's own warning.
    """
    entries = dict.fromkeys(ENTRIES, 0)
    if chain is None:
        steps: Sequence[tuple[str, int | None]] = [("detect", person.noticed_ms)]
    else:
        steps = [
            ("detect", chain.sense_ms),
            ("bus", chain.input_ms),
            ("decide", chain.command_ms),
            ("bus", chain.receive_ms),
            ("actuate", chain.actuate_ms),
            ("announce", person.noticed_ms),
        ]
    before: int | None = start_ms
    for entry, instant in (*steps, ("premove", person.start_ms)):
        now = None if instant is None else max(int(instant), start_ms)
        if before is not None and now is not None:
            entries[entry] += now - before
        before = now
    missing = list(chain.missing) if chain else []
    if person.noticed_ms is None or person.start_ms is None:
        missing.append("no noticing or starting time in the `person` record")
    return entries, missing


def _missing(accounts: Sequence[Account]) -> tuple[str, ...]:
    """Missing records with how many people's seconds hang on each, most first."""
    found = Counter(what for account in accounts for what in account.missing)
    return tuple(f"{what} ({count} people)" for what, count in found.most_common())
