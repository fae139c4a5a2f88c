"""Reports to authorities: a first one and a follow-up, each before its deadline."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from controller.plan import telling
from controller.plan.case import Case
from controller.plan.desk import Desk
from controller.plan.values import Plan, Report
from controller.service import NEVER

SPARE = 0.1
"""This share of the time allowed is left for the way: a report that nobody has confirmed, or a
follow-up of what goes on, is written so long before its deadline (design)."""


class Reporting:
    """Which reports are due, and which deadlines have passed without a receipt."""

    def __init__(self, plan: Plan, desk: Desk) -> None:
        self._plan, self._desk = plan, desk
        self._awaited: dict[tuple[str, str], int] = {}

    def wake_ms(self, cases: Collection[Case]) -> int:
        """When the next report is to be written, or has its deadline."""
        due = [self._due_ms(case, rule) for case in cases for rule in self._rules(case)]
        return min([*due, *self._awaited.values()], default=NEVER)

    def wanted(self, cases: Collection[Case], now: int) -> bool:
        """Whether a report is to be written now, so that evidence is needed."""
        return any(self._due_ms(c, rule) <= now for c in cases for rule in self._rules(c))

    def write(self, cases: Collection[Case], evidence: tuple[int, str], now: int) -> None:
        """Write what is due; `evidence` is the number and head of the journal."""
        for case in cases:
            for rule in self._rules(case):
                if self._due_ms(case, rule) <= now:
                    self._write(case, rule, evidence, now)

    def miss(self, now: int) -> None:
        """Tell which deadlines have passed without a receipt."""
        for (notice, receiver), until in list(self._awaited.items()):
            if until <= now:
                del self._awaited[notice, receiver]
                self._desk.note(now, "report", receiver, what="late", id=notice)

    def taken(self, notice: str, receiver: str, now: int) -> None:
        """A report has come to its receiver."""
        if self._awaited.pop((notice, receiver), None) is not None:
            self._desk.note(now, "report", receiver, what="taken", id=notice)

    def done(self, case: Case) -> bool:
        """Whether nothing more is to be reported of a case."""
        return all(self._due_ms(case, rule) == NEVER for rule in self._rules(case))

    def capture(self) -> list[list[Any]]:
        """Deadlines that run, as plain values."""
        return [[*key, until] for key, until in self._awaited.items()]

    def restore(self, plain: list[list[Any]], move: Callable[[int], int]) -> None:
        """Take back what was captured."""
        self._awaited = {(notice, to): move(until) for notice, to, until in plain}

    def _rules(self, case: Case) -> tuple[Report, ...]:
        """The reports of a case; a drill is reported to nobody."""
        if case.drill:
            return ()
        return tuple(r for r in self._plan.reports if case.incident in r.incidents)

    def _due_ms(self, case: Case, rule: Report) -> int:
        """When the next report of a case is to be written: once somebody has confirmed it, or it
        is over, and else shortly before the deadline."""
        sent = case.reported.get(rule.id, 0)
        if sent == 0:
            if case.confirmed:
                return case.confirmed_ms
            return NEVER if case.closed else case.since_ms + round(rule.first_ms * (1 - SPARE))
        if sent == 1 and rule.follow_ms:
            due_ms = case.since_ms + round(rule.follow_ms * (1 - SPARE))
            return case.since_ms if case.closed else due_ms
        return NEVER

    def _write(self, case: Case, rule: Report, evidence: tuple[int, str], now: int) -> None:
        desk = self._desk
        sent = case.reported.get(rule.id, 0)
        notice = desk.number()
        text = telling.report(
            self._plan, desk.site, case, rule, notice, now, desk.began_ms, evidence
        )
        case.reported[rule.id] = sent + 1
        within_ms = rule.follow_ms if sent else rule.first_ms
        for receiver in rule.to:
            what = "follow-up" if sent else "first"
            desk.note(now, "report", receiver, what=what, id=notice, of=case.notice, report=rule.id)
            self._awaited[notice, receiver] = case.since_ms + within_ms
            desk.tell(notice, text, receiver, now, asks=False)
        case.did(now, f"report {rule.id} ({sent + 1}) to {', '.join(rule.to)}")
