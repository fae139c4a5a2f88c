"""Access and the muster list on the scan: cards in, verdicts out, every decision on record.

It sees what the matrix claims and makes no claim itself: all it asks for is verdicts at readers,
each once, to be given now or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from controller.access.compiled import AccessPlan, Door
from controller.access.deciding import Access, Situation
from controller.access.muster import Muster
from controller.arbitration import Claim
from controller.image import Image
from controller.interface.cards import pseudonym
from controller.interface.operation import Operation
from controller.matrixvalues import Matrix
from controller.operations import Result, Verb
from controller.records import PHASE, Records
from controller.service import NEVER

ALARMS = ("confirmed", "call-point", "flow", "key", "evacuate", "drill")
"""Causes that send people out: a door that one of these opens for all begins a muster."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reader is told: `output` and text, with the rule that stands behind it."""

    output: str
    text: str
    rule: str


class AccessDesk:
    """The access section at work on one site.

    `passed`: portals at which this scan has let a card pass, `spoke`: something went on record.
    """

    def __init__(self, plan: AccessPlan, matrix: Matrix, image: Image, journal: Records) -> None:
        self.access = Access(plan)
        self.muster = Muster(plan, self.access)
        self.verbs: Mapping[str, Verb] = {
            "muster": self._asked, "block": self._block, "unblock": self._block,
        }  # fmt: skip
        self._plan, self._matrix, self._image, self._journal = plan, matrix, image, journal
        self.spoke = self._list_asked = False
        self.passed: list[str] = []
        doors = plan.doors.values()
        self.inputs = {p for door in doors for p in (*door.wires, *door.unread, *door.counts)}
        self._points = {f"{d}.{name}": d for d in plan.doors for name in ("card", "passed")}

    @property
    def wake_ms(self) -> int:
        """When the next list is due."""
        return self.muster.due_ms

    def run(
        self,
        claims: Mapping[str, Claim],
        lockdown: bool,
        closed: Mapping[str, str],
        day_ms: int,
        now: int,
    ) -> list[Verdict]:
        """Decide about every card that has been read since the last scan, in the order of reading.

        `claims` are all that stand now, `closed` are portals that let nobody in for some other
        reason, `day_ms` is the time of the day.
        """
        self.muster.watch(self._image.good)
        self.spoke = bool(self._image.reads)
        self._turn(claims, now)
        released = frozenset(d.portal for d in self._plan.doors.values() if self._stands(d, claims))
        how = Situation(day_ms, lockdown, released, closed)
        self.passed, verdicts = [], list[Verdict]()
        reads, self._image.reads = self._image.reads, []
        for point, value, t_ms in reads:
            reader, asks = self._points[point], point.endswith(".card")
            decide = self.access.decide(reader, value, now, how) if asks else None
            passage = decide or self.access.hand_in(reader, value, t_ms)
            self.muster.hear(passage)
            door = self._plan.doors[reader]
            if passage.what in ("granted", "left"):
                self.passed.append(door.portal)
            self._journal.record(
                now, PHASE, "access", reader, what=passage.what, why=passage.why,
                card=passage.card, portal=door.portal, side=door.side,
            )  # fmt: skip
            if asks and passage.card:
                said = "yes" if passage.opens or passage.what == "mustered" else "no"
                rule = f"access {passage.why or passage.what}"
                verdicts.append(Verdict(door.verdict, f"{said} {passage.card}", rule))
        return verdicts

    def capture(self) -> dict[str, Any]:
        """Everything that must not be forgotten across a restart, as plain values."""
        return {"access": self.access.capture(), "muster": self.muster.capture()}

    def restore(self, plain: Mapping[str, Any], move: Callable[[int], int]) -> None:
        """Take back what was captured."""
        self.access.restore(plain["access"], move)
        self.muster.restore(plain["muster"], move)

    def _turn(self, claims: Mapping[str, Claim], now: int) -> None:
        """Begin, go on with or end the list, as doors are opened for an alarm."""
        opened = frozenset(
            door.portal
            for door in self._plan.doors.values()
            if any(_holds(claims, o) and self._alarms(claims[o[0]]) for o in door.opens)
        )
        what = self.muster.turn(opened, now) or ("asked" if self._list_asked else "")
        self._list_asked = False
        if what:
            self._list(what, now)

    def _alarms(self, claim: Claim) -> bool:
        cause = self._matrix.causes.get(claim.rule.partition(">")[0])
        return cause is not None and cause.when in ALARMS

    def _stands(self, door: Door, claims: Mapping[str, Claim]) -> bool:
        """Whether a door stands open for everybody: told so, or by the fire relay's wire."""
        told = any(_holds(claims, output) for output in door.opens)
        return told or any(self._image.good(wire) is True for wire in door.wires)

    def _list(self, what: str, now: int) -> None:
        self.spoke, one = True, self.muster.listed(now)
        self._journal.record(
            now, PHASE, "muster", "site", what=what, missing=len(one.missing), safe=one.safe,
            low=one.low, high=one.high, unread_in=one.unread_in, unread_out=one.unread_out,
            doubts=list(one.doubts),
            cards=[[card, place.reader, place.t_ms] for card, place in one.missing.items()],
        )  # fmt: skip

    def _asked(self, op: Operation, now: int) -> Result:
        """The list goes on record after the operation, with this scan's decisions."""
        self._list_asked, one = True, self.muster.listed(now)
        text = f"{len(one.missing)} missing by the last reader, {one.safe} safe"
        between = f"{one.low} to {one.high} inside as far as doors count"
        began = "" if self.muster.since_ms == NEVER else ", muster under way"
        return True, f"{text}; {between}{began}", []

    def _block(self, op: Operation, now: int) -> Result:
        """A card by its hash; a member, by his id or its hash, with all his cards."""
        holders, one = self._plan.holders, self._plan.holders.get(op.target)
        member = one is not None and pseudonym(self._plan.key, one.id) == op.target
        named = one.id if one is not None and member else op.target
        found = [c for c, one in holders.items() if named in (c, one.id)]
        if not found:
            return False, "the site knows no such card and no such member", []
        for card in found:
            self.access.block(card, op.verb == "block")
        return True, f"{op.verb}ed; ways out stay free", []


def _holds(claims: Mapping[str, Claim], output: tuple[str, Any]) -> bool:
    claim = claims.get(output[0])
    return claim is not None and claim.value == output[1]
