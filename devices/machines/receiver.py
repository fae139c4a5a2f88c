"""Receiver of notices: takes each once, drops repeats, and after a while somebody has seen it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import partial
from typing import Any

from numpy.random import Generator

from controller.interface.notices import ACKNOWLEDGED, TAKEN, receipt
from controller.interface.points import Value
from devices.machine import Reader, nobody
from devices.wiring import Wiring

DONE = "done"
BUSY, OK = "busy", "ok"


class NoticeReceiver:
    """Points: notice w (JSON, see `controller.interface.notices`; other text is its own
    id), receipt event.

    From arrival to seen it takes a lognormal time (`seen-median`, `seen-sigma`), drawn for each
    notice; a step of the plan is then done after another (`done-median`), unless `reader` sees to
    it, who says by `order` that it is done. Stuck: nobody looks.
    Busy: it takes nothing. What it has taken it keeps without power.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self.take_ms = wiring.drawn(rng, "take")
        self._rng = rng
        self._median_s = float(wiring.setting("seen-median"))
        self._sigma = float(wiring.setting("seen-sigma"))
        self._done_s = float(wiring.setting("done-median"))
        self.reader: Reader = nobody
        self._known: dict[str, str] = {}

    def start(self, at: int) -> None:
        """Nothing taken yet."""

    def command(self, point: str, value: Value, at: int) -> str:
        """Take a notice, once."""
        if "busy" in self.wiring.failing:
            return BUSY
        notice = _parsed(str(value))
        name = str(notice.get("id") or value)
        if name in self._known:
            self._note(notice, "repeat")
            return OK
        self._known[name] = TAKEN
        self._note(notice, str(notice.get("kind", "notice")))
        seen_ms = at + self._drawn_ms(self._median_s)
        self.wiring.agenda.at(seen_ms, partial(self._see, name, notice))
        return OK

    def order(self, word: str, at: int) -> None:
        """Whoever reads this receiver says something of a notice: `ID done`."""
        name, _, said = word.partition(" ")
        if said == DONE and name in self._known and not self.wiring.stuck:
            self._finish(name, at)

    def state(self, name: str) -> str:
        """How a notice fares; "" for one that never came."""
        return self._known.get(name, "")

    def _see(self, name: str, notice: Mapping[str, Any], at: int) -> None:
        """Somebody looks at a notice, if anybody is there."""
        if self.wiring.stuck:
            return
        self._known[name] = ACKNOWLEDGED
        self.wiring.record("sense", what=ACKNOWLEDGED, id=name)
        self.wiring.show("receipt", receipt(name), at)
        kind = str(notice.get("kind", ""))
        words = f"{kind} {notice.get('step') or notice.get('incident') or ''}".rstrip()
        if not self.reader(words, notice, at) and kind == "step":
            self.wiring.agenda.at(at + self._drawn_ms(self._done_s), partial(self._finish, name))

    def _finish(self, name: str, at: int) -> None:
        """Whoever reads this receiver has done a step of the plan and says so."""
        self.wiring.record("sense", what=DONE, id=name)
        self.wiring.show("receipt", f"{name} {DONE}", at)

    def _drawn_ms(self, median_s: float) -> int:
        return round(1000 * median_s * math.exp(self._sigma * self._rng.normal()))

    def _note(self, notice: dict[str, Any], what: str) -> None:
        told: dict[str, Any] = {
            k: notice[k] for k in ("id", "where", "camera", "drill") if k in notice
        }
        clip = notice.get("clip")
        if isinstance(clip, dict):
            told["clip_ms"] = clip.get("to_ms", 0) - clip.get("from_ms", 0)
        self.wiring.record("sense", what=what, **told)


def _parsed(text: str) -> dict[str, Any]:
    """The members of a JSON object; none of what is not one."""
    try:
        body = json.loads(text)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
