"""A school with a plan and no field: devices speak, receivers answer, operators ask."""

from __future__ import annotations

import json
from pathlib import Path

from controller.decider import Decider
from controller.interface.journal import Journal
from controller.interface.operation import Operation
from controller.interface.points import Quality
from controller.site import load
from tests.controller.conftest import MATRIX, PEOPLE, POINTS

DEVICES = """
  - {id: key-1, kind: panic-pendant, at: hall, bus: mqtt, points: {reset: {topic: cmd/reset, as: bool}, pressed: {topic: event/pressed, as: number}, alarm: {topic: state/alarm, as: bool}}}
  - {id: key-2, kind: panic-pendant, at: a.r1, bus: mqtt, points: {pressed: {topic: event/pressed, as: number}, alarm: {topic: state/alarm, as: bool}}}
  - {id: duty, kind: notice-receiver, at: hall, bus: mqtt, points: {notice: {topic: cmd/notice, as: text}, receipt: {topic: event/receipt, as: text}}}
  - {id: head, kind: notice-receiver, at: hall, bus: mqtt, points: {notice: {topic: cmd/notice, as: text}, receipt: {topic: event/receipt, as: text}}}
  - {id: police, kind: notice-receiver, at: hall, bus: http, url: "http://127.0.0.1:15080/v1", points: {notice: {topic: cmd/notice, as: text}}}
  - {id: bureau, kind: notice-receiver, at: hall, bus: http, url: "https://bureau.example/v1", points: {notice: {topic: cmd/notice, as: text}}}
"""  # noqa: E501
PLAN = """plan: 1
receivers:
  duty: {say: "Guard room", role: duty}
  head: {say: "Principal", role: head}
  police: {say: "Police", role: police}
  bureau: {say: "Bureau", role: bureau}
chains:
  - id: keys
    say: "Police and guard room, then the principal"
    steps:
      - {to: [police, duty]}
      - {to: [head], after_s: 30, unless: [duty]}
  - {id: fires, say: "Guard room", steps: [{to: [duty]}]}
incidents:
  - {id: key, say: "One-key alarm", buttons: ["key-*"], chain: keys}
  - {id: fire, say: "Fire", causes: ["fire*"], chain: fires}
reports:
  - {id: bureau, say: "To the bureau", incidents: ["*"], to: [bureau], first_s: 100, follow_up_s: 1000}
"""  # noqa: E501


def write(folder: Path, plan: str = PLAN) -> Path:
    (folder / "points.yaml").write_text(POINTS.rstrip("\n") + DEVICES)
    (folder / "people.yaml").write_text(PEOPLE)
    (folder / "matrix.yaml").write_text(MATRIX)
    (folder / "plan.yaml").write_text(plan)
    return folder


class School:
    """A controller's decisions: buttons are pressed, receivers answer, operators speak."""

    def __init__(self, folder: Path, keys=("key-1", "key-2")) -> None:
        self.site = load(folder)
        self.journal = Journal(None, "0" * 32, {})
        self.decider = Decider(self.site.points, self.site.matrix, self.journal, self.site.plan)
        self.plan = self.decider.plan
        self.now = self._asked = 0
        for device in self.decider.image.alarms.devices:
            self.say(f"{device}.state", "normal")
        for key in keys:
            self.say(f"{key}.alarm", False)
        self.at(0)

    def say(self, point, value, quality=Quality.GOOD):
        self.decider.intake.now = self.now
        self.decider.intake.reading(point, value, quality, self.now)

    def at(self, second):
        self.now = round(second * 1000)
        self.decider.intake.now = self.now
        if self.plan.wants_evidence(self.now):
            self.decider.intake.evidence(self.journal.written, self.journal.head)
        self.decider.decide(self.now)

    def press(self, key="key-1"):
        self.say(f"{key}.alarm", True)
        self.at(self.now / 1000)

    def ask(self, verb, target, role="guard"):
        self._asked += 1
        operation = Operation(f"op-{self._asked}", "anna", role, verb, target, "because")
        answer = self.decider.operate(operation, self.now)
        self.at(self.now / 1000)
        return answer

    def due(self):
        """(receiver, notice) of what is to be sent now; it counts as sent."""
        found = self.plan.due(self.now)
        for one in found:
            what = "asked" if one.query else "sent"
            self.decider.intake.delivery(one.receiver, what, one.notice)
        return [(one.receiver, one.notice) for one in found if not one.query]

    def news(self, receiver, what, notice):
        self.decider.intake.delivery(receiver, what, notice)
        self.at(self.now / 1000)

    def told(self, *kinds):
        return [(r["e"], r["what"]) for r in self.journal.records if r["k"] in kinds]

    def text(self, receiver, notice):
        assert (notice, receiver) in self.plan.outbox.open
        return json.loads(self.plan.outbox.texts[notice])
