"""Where requests of operators come in: at most so many a scan, one after the other, each answered.

First what came over MQTT, in the order of topic and number, then HTTP in the order of arrival. So
in lock-step the same requests are decided in the same order on every rig.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from controller.admission import NOBODY, Admission, Refused
from controller.drivers.http import HttpDoor
from controller.drivers.mqtt import MqttDriver
from controller.interface.asking import encode_answer
from controller.interface.operation import OF_CARDS, Answer, Operation
from controller.names import Names

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

    `names` makes the pseudonym under which an operator is decided about and put on record, and
    hides whom he names; answers name him again.
    """

    def __init__(
        self, admission: Admission, decider: Decides, book: Refuses, mqtt: MqttDriver,
        names: Names,
    ) -> None:  # fmt: skip
        self.http: HttpDoor | None = None
        self._names = names
        self._known: dict[str, str] = {}
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
            by = found.by if found.by == NOBODY else self._names.of(found.by)
            self._book.refuse(
                by, what=found.result, id=self._names.of(found.id), path=path, why=found.why,
                forged=found.forged,
            )  # fmt: skip
            return 403, encode_answer(found.id, found.result, found.why)
        name, asked = self._names.of(found.operator), found.id.removeprefix(f"{found.operator}:")
        self._known[name] = found.operator
        answer = self._decider.operate(self._nameless(found, name, asked), now)
        result = "ok" if answer.granted else "rejected"
        said = answer.text
        for hidden, known in self._known.items():
            said = said.replace(hidden, known)
        return (200 if answer.granted else 403), encode_answer(asked, result, said)

    def _nameless(self, asked: Operation, name: str, number: str) -> Operation:
        """What is asked, with pseudonyms for whoever asks and whomever he names."""
        hidden = self._names
        target = hidden.card(asked.target) if asked.verb in OF_CARDS else asked.target
        return replace(
            asked, operator=name, id=f"{name}:{hidden.of(number)}", target=target,
            reason=hidden.veiled(asked.reason),
        )  # fmt: skip
