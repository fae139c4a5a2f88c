"""Notices over HTTP to one receiver: posted under their id, asked after until they are seen.

The driver never blocks the scan. Time-outs run on the scan's clock; an answer that comes later
still counts, since the receiver has the notice.
"""

from __future__ import annotations

from dataclasses import dataclass

from controller.drivers.links import HttpLink
from controller.drivers.listener import DeliveryListener
from controller.interface.bounded import Unreadable, json_object
from controller.interface.notices import ACKNOWLEDGED
from controller.plan.outbox import Sending

TIMEOUT_MS = 2000
"""How long an answer may take; then the notice is sent again under the same id."""

_NEVER = 1 << 62


@dataclass(slots=True)
class _Underway:
    sending: Sending
    sent_ms: int
    late: bool = False


class WebhookDriver:
    """One receiver; `requests` counts what was sent, refused connections apart."""

    def __init__(
        self, receiver: str, link: HttpLink, listener: DeliveryListener, *, lockstep: bool
    ) -> None:
        self.link = link
        self.requests = 0
        self._receiver, self._listener, self._lockstep = receiver, listener, lockstep
        self._underway: dict[int, _Underway] = {}
        self._numbers = 0

    async def send(self, sending: Sending, now: int) -> None:
        """Post a notice, or ask how it fares."""
        self._numbers += 1
        what = "asked" if sending.query else "sent"
        self._listener.delivery(self._receiver, what, sending.notice)
        method = "GET" if sending.query else "POST"
        body = b"" if sending.query else sending.text.encode()
        sent = await self.link.send(self._numbers, method, sending.notice, body, self._lockstep)
        if not sent:
            self._listener.delivery(self._receiver, "refused", sending.notice)
            return
        self.requests += 1
        self._underway[self._numbers] = _Underway(sending, now)

    def take_in(self, now: int) -> None:
        """What has ended since the last scan, and what has not ended in time."""
        for ended in self.link.take():
            one = self._underway.pop(ended.number, None)
            if one is not None:
                what = _news(one.sending, ended.status, ended.body)
                if what:
                    late = {"late": True} if one.late else {}
                    self._listener.delivery(self._receiver, what, one.sending.notice, **late)
        for one in self._underway.values():
            if not one.late and one.sent_ms + TIMEOUT_MS <= now:
                one.late = True
                self._listener.delivery(self._receiver, "timeout", one.sending.notice)

    @property
    def wake_ms(self) -> int:
        """When an answer is next overdue."""
        dues = (o.sent_ms + TIMEOUT_MS for o in self._underway.values() if not o.late)
        return min(dues, default=_NEVER)


def _news(sending: Sending, status: int, body: bytes) -> str:
    """What an end says; "" for an answer that changes nothing."""
    if status == 0:
        return body.decode() or "cut"
    if not 200 <= status < 300:
        return f"http-{status}"
    try:
        seen = json_object(body).get("state") == ACKNOWLEDGED
    except Unreadable:
        seen = False
    if seen:
        return "acknowledged"
    return "" if sending.query else "taken"
