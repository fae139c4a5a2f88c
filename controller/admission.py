"""Whether a request is what it says: who asks, whether he may, and whether it is fresh.

What it means is decided afterwards, on the scan, with everything else. Nothing here decides by the
machine's clock: freshness is judged on the controller's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from controller.interface.asking import Request, decode, is_genuine
from controller.interface.bounded import Unreadable
from controller.interface.files import nearest
from controller.interface.operation import OF_CARDS, VERBS, Operation
from controller.interface.points import PointList
from controller.operators import Operator, Operators

AHEAD_MS = 5000
"""How far an operator's clock may be ahead of the controller's."""

NOBODY = "nobody"
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that is not let in: who asked (as far as that is proved), and why.

    `result` is `rejected` or `expired`; `forged`: somebody may be at work who should not be.
    """

    id: str
    by: str
    result: str
    why: str
    forged: bool = False


class Admission:
    """The door for all paths; `began_ms` is when this program began to scan (UTC, ms).

    `named` is what an operation may name besides zones, devices, gateways and points.
    """

    def __init__(
        self, operators: Operators | None, points: PointList, began_ms: int,
        named: Iterable[str] = (),
    ) -> None:  # fmt: skip
        self._operators = operators
        self._site, self.began_ms = points.site, began_ms
        self._targets = tuple(
            dict.fromkeys(
                (*points.zones, *points.devices, *points.gateways, *points.points, *named)
            )
        )
        self._seen: dict[tuple[str, str], int] = {}

    def judge(self, text: bytes, utc_ms: int) -> Operation | Refused:
        """A request that came at `utc_ms`, or why it is not let in."""
        try:
            signed = decode(text)
        except Unreadable as error:
            return Refused("", NOBODY, "rejected", str(error), forged=True)
        request = signed.request
        if self._operators is None:
            return Refused(request.id, NOBODY, "rejected", "this site has no operators.yaml")
        operator = self._operators.people.get(request.by)
        if operator is None or not is_genuine(operator.key, self._site, signed):
            why = "no such operator, or not his signature for this site"
            return Refused(request.id, NOBODY, "rejected", why, forged=True)
        return (
            self._stale(request, utc_ms)
            or self._wrong(request, operator)
            or _admitted(request, operator)
        )

    def _stale(self, request: Request, utc_ms: int) -> Refused | None:
        """Too old, too new, or seen before; a signed request is let in once."""
        assert self._operators is not None
        window_ms = self._operators.window_ms
        self._forget(utc_ms - window_ms - AHEAD_MS)
        key = (request.by, request.id)
        if key in self._seen:
            return Refused(request.id, request.by, "rejected", "it was asked before", forged=True)
        age_ms = utc_ms - request.t_ms
        if age_ms > window_ms or request.t_ms < self.began_ms:
            why = f"it is {age_ms} ms old; {window_ms} are allowed, and none from before the start"
            return Refused(request.id, request.by, "expired", why)
        if age_ms < -AHEAD_MS:
            why = f"its clock is {-age_ms} ms ahead; {AHEAD_MS} are allowed"
            return Refused(request.id, request.by, "expired", why)
        if len(self._seen) >= _REMEMBERED:
            return Refused(request.id, request.by, "rejected", "too many requests at once")
        self._seen[key] = request.t_ms
        return None

    def _wrong(self, request: Request, operator: Operator) -> Refused | None:
        if request.verb not in VERBS:
            return self._no(request, "verb", request.verb, VERBS)
        if request.verb not in operator.verbs:
            why = f"a {operator.role} may not {request.verb}; he may {', '.join(operator.verbs)}"
            return Refused(request.id, request.by, "rejected", why)
        free = request.verb in OF_CARDS or not request.target
        if not free and request.target not in self._targets:
            return self._no(request, "zone, device or output", request.target, self._targets)
        if not request.reason.strip():
            return Refused(request.id, request.by, "rejected", "it needs a reason")
        return None

    def _no(self, request: Request, what: str, word: str, known: Iterable[str]) -> Refused:
        """What was typed is not repeated: it may be a name."""
        close = nearest(word, known)
        hint = f" (did you mean {close!r}?)" if close else ""
        return Refused(request.id, request.by, "rejected", f"no such {what}{hint}")

    def _forget(self, before_ms: int) -> None:
        """Ids of requests that are too old to be let in anyway."""
        for key in [key for key, t_ms in self._seen.items() if t_ms < before_ms]:
            del self._seen[key]


def _admitted(request: Request, operator: Operator) -> Operation:
    return Operation(
        f"{operator.id}:{request.id}", operator.id, operator.role, request.verb, request.target,
        request.reason, request.lasts_ms,
    )  # fmt: skip
