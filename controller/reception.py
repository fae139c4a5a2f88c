"""Where requests of operators come in: at most so many a scan, one after the other, each answered.

First what came over MQTT, in the order of topic and number, then HTTP in the order of arrival. So
in lock-step the same requests are decided in the same order on every rig.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from controller.admission import NOBODY, Admission, Refused
from controller.drivers.http import HttpDoor
from controller.drivers.mqtt import MqttDriver
from controller.interface.asking import encode_answer
from controller.interface.operation import Answer, Operation

MOST = 16
"""Requests that one scan decides; the others wait for the next."""


class Decides(Protocol):
    """Decides operations and puts them on record."""

    def operate(self, operation: Operation, now_ms: int) -> Answer:
        """Grant or refuse."""
        ...


class Refuses(Protocol):
    """Puts on record what was not let in."""

    def refuse(self, by: str, **data: Any) -> None:
        """A request was refused at the door."""
        ...


class Reception:
    """Hears operators over all paths; `http` is set where somebody listens.

    `veil` makes the pseudonym under which an operator is decided about and put on record; answers
    name him again.
    """

    def __init__(
        self, admission: Admission, decider: Decides, book: Refuses, mqtt: MqttDriver,
        veil: Callable[[str], str] = str,
    ) -> None:  # fmt: skip
        self.http: HttpDoor | None = None
        self._veil = veil
        self._names: dict[str, str] = {}
        self._admission, self._decider, self._book, self._mqtt = admission, decider, book, mqtt

    async def serve(self, now: int, utc_ms: int) -> None:
        """Decide what has come until now; `utc_ms` is the time on the controller's clock."""
        asked = self._mqtt.consoles.take(MOST)
        for console, text in asked:
            _, answer = self._decide(text, f"mqtt {console}", now, utc_ms)
            await self._mqtt.answer(console, answer, now)
        if self.http is None:
            return
        for waiting in self.http.take(MOST - len(asked)):
            waiting.answered.set_result(self._decide(waiting.text, "http", now, utc_ms))

    def _decide(self, text: bytes, path: str, now: int, utc_ms: int) -> tuple[int, str]:
        """HTTP status and answer."""
        found = self._admission.judge(text, utc_ms)
        if isinstance(found, Refused):
            by = found.by if found.by == NOBODY else self._veil(found.by)
            self._book.refuse(
                by, what=found.result, id=found.id, path=path, why=found.why,
                forged=found.forged,
            )  # fmt: skip
            return 403, encode_answer(found.id, found.result, found.why)
        name, asked = self._veil(found.operator), found.id.removeprefix(f"{found.operator}:")
        self._names[name] = found.operator
        reason = self._nameless(found.reason)
        veiled = replace(found, operator=name, id=f"{name}:{asked}", reason=reason)
        answer = self._decider.operate(veiled, now)
        result = "ok" if answer.granted else "rejected"
        said = answer.text
        for hidden, known in self._names.items():
            said = said.replace(hidden, known)
        return (200 if answer.granted else 403), encode_answer(asked, result, said)

    def _nameless(self, reason: str) -> str:
        """A reason with the pseudonyms of the operators whom it names."""
        for known in sorted(self._admission.people, key=len, reverse=True):
            whole = rf"(?<![\w-]){re.escape(known)}(?![\w-])"
            reason = re.sub(whole, self._veil(known), reason, flags=re.IGNORECASE)
        return reason
