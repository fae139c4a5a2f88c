"""What the drivers bring, put into the image and on record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from controller.alarmzone import AlarmEvent
from controller.faults import UNSTABLE, Faults
from controller.image import Image
from controller.interface.cards import card_points, is_pseudonym, personal_points
from controller.interface.notices import ACKNOWLEDGED, NOTICE, TAKEN, UNPROVED
from controller.interface.points import Command, PointList, Quality, Sample, Value
from controller.matrix import Matrix
from controller.outputs import Outputs, Verdict
from controller.plan.work import PlanWork
from controller.records import PHASE, Records
from controller.troubles import troubles

_REMEMBERED = 3
_WORDS: Mapping[Quality, str] = {Quality.FAULT: "fault", Quality.UNKNOWN: "unknown"}
_BRIEF = ("malformed", "rebooted")
"""News of a device that have no end of their own."""

_REFUSALS = ("expired", "rejected", "interlock", "fenced")
"""Answers by which a device says that a command had no effect; a fault until another is obeyed."""

_LOSSES: Mapping[str, tuple[str, bool]] = {
    "lost": ("lost", True), "restored": ("lost", False),
    "frozen": ("frozen", True), "moves": ("frozen", False),
}  # fmt: skip


class Intake:
    """The ear of one scan after the other (a `Listener`); `changed` asks the rules to look.

    `faults` are what is out of order. What comes from an unstable device or gateway is taken with
    quality FAULT however good it looks (`held`): an alarm still counts, but nothing is all quiet.
    `veil` hides the names that a device tells.
    """

    def __init__(
        self, image: Image, outputs: Outputs, matrix: Matrix, journal: Records, points: PointList,
        plan: PlanWork,
    ) -> None:  # fmt: skip
        self.now, self.changed = 0, True
        self.veil: Callable[[str], str] = str
        self.faults = Faults(self._trouble)
        self._image, self._outputs, self._journal = image, outputs, journal
        self._points, self._plan = points, plan
        self._watched = {c.point for c in matrix.causes.values() if c.point}
        self._watched.update(plan.plan.latches.values(), matrix.reset.points)
        self._watched.update(matrix.operator.points, (g.point for g in matrix.interlocks.guarded))
        self._watched.update(p for watch in matrix.crowd.watches.values() for p in watch.says)
        for sign in matrix.faces.values():
            self._watched.update(point for bars in sign.bars.values() for point in bars)
        self._sampled = {c.point for c in matrix.causes.values() if c.sampled}
        self._cards, self._personal = card_points(points), personal_points(points)
        self._held: set[str] = set()
        self._down: dict[str, set[str]] = {}

    def heed(self, points: Iterable[str]) -> None:
        """News of these points, too, asks the rules to look."""
        self._watched.update(points)

    def begin(self, now: int) -> None:
        """A scan begins: what has run out goes."""
        self.now = now
        if self.faults.wake_ms <= now:
            self.faults.settle(now)

    def reading(self, point: str, value: Value, quality: Quality, t_ms: int) -> None:
        """A point was read; on record if it is news, or if the rules count its samples."""
        was = self._image.samples.get(point)
        if point in self._image.unheard:
            self._image.unheard.remove(point)
            self.changed = True
        was_held = point in self._held
        self._held.discard(point)
        if quality is Quality.GOOD and self._unstable(point):
            quality = Quality.FAULT
            self._held.add(point)
        counts = point in self._sampled and quality is Quality.GOOD
        if counts and not isinstance(value, str):
            recent = (*self._image.recent.get(point, ()), float(value))
            self._image.recent[point] = recent[-_REMEMBERED:]
            self.changed = True
        news = was is None or was.value != value or was.quality is not quality
        if counts or news or was_held != (point in self._held):
            self._take(Sample(point, value, quality, t_ms), was)

    def doubt(self, point: str, quality: Quality) -> None:
        """A point's last value can no longer be trusted."""
        was = self._image.samples.get(point)
        self._held.discard(point)
        if was is not None:
            if was.quality is not quality:
                self._take(Sample(point, was.value, quality, was.t_ms), was)
            return
        loop = self._image.alarms.doubts(point, quality)
        if loop or (quality in _WORDS and not self.faults.stands(point, _WORDS[quality])):
            self._note(point, None, quality, None, self.now)
            if loop:
                self.tell(self._image.alarms.update(point, "", quality, self.now))
            self._blame(Sample(point, "", quality, self.now), None)

    def answer(self, command: str, result: str) -> None:
        """A command was answered."""
        asked = self._outputs.answer(command, result)
        if asked is not None:
            self._record("ack", asked.point, id=command, r=result)
            device = self._points.points[asked.point].device
            self.faults.set(device, "unanswered", wrong=False, now=self.now)
            for word in _REFUSALS:
                self.faults.set(asked.point, word, wrong=result == word, now=self.now)
            return
        receiver, _, notice = command.partition(NOTICE)
        if notice and receiver in self._plan.plan.receivers:
            self.delivery(receiver, "taken" if result == "ok" else result, notice)

    def event(self, point: str, value: Value, quality: Quality, t_ms: int) -> None:
        """Something happened once, at `t_ms` by the device's clock: the same again is news too."""
        if point in self._cards:
            self._card(point, value, quality, t_ms)
            return
        if point in self._personal:
            value = self.veil(str(value))
        was = self._image.samples.get(point)
        if was == Sample(point, value, quality, was.t_ms if was is not None else t_ms):
            self._take(Sample(point, value, quality, t_ms), was)
        else:
            self.reading(point, value, quality, t_ms)
        if quality not in (Quality.STALE, Quality.UNKNOWN):
            self._plan.happened(point, value, t_ms, self.now)
            self.changed = True

    def delivery(self, receiver: str, what: str, notice: str, **data: Any) -> None:
        """What became of a notice on its way, or at its receiver."""
        self._record("delivery", receiver, what=what, id=notice, **data)
        for word in UNPROVED if what in (*UNPROVED, TAKEN, ACKNOWLEDGED) else ():
            self.faults.set(receiver, word, wrong=word == what, now=self.now)
        self._plan.news(receiver, notice, what, self.now)

    def evidence(self, number: int, head: str) -> None:
        """The journal's last record and the head of its chain, for a report of this scan."""
        self._record("evidence", "journal", record=number, head=head)
        self._plan.evidence = (number, head)

    def silence(self, command: str) -> None:
        """No answer came: the outputs decide when to send again."""
        self._outputs.unanswered(command, self.now)

    def comms(self, entity: str, what: str, **data: Any) -> None:
        """Something about a gateway, a device or the broker."""
        self._record("comms", entity, what=what, **data)
        if what in _BRIEF:
            self.faults.brief(entity, what, self.now)
        elif what == "unanswered":
            self.faults.set(entity, what, wrong=True, now=self.now)
        elif what in _LOSSES:
            self._lose(entity, *_LOSSES[what], data.get("unit", 0))

    def refuse(self, by: str, **data: Any) -> None:
        """A request of an operator was refused at the door: forged or expired, it is a fault."""
        self._record("refusal", by, **data)
        if data["forged"] or data["what"] == "expired":
            self.faults.brief("operators", "forged" if data["forged"] else "expired", self.now)

    def returned(self, devices: frozenset[str], *, again: bool) -> None:
        """The way to devices is open again."""
        self._outputs.reconnected(devices, self.now, again=again)
        for device in devices & self._plan.plan.receivers.keys():
            self._plan.returned(device, self.now)

    def reset(self) -> bool:
        """Reset every zone that is known to be normal; whether there was one to reset."""
        events = self._image.alarms.reset(self.now)
        self.tell(events)
        return bool(events)

    def tell(self, events: Sequence[AlarmEvent]) -> None:
        """Put on record what happened to devices and zones."""
        for event in events:
            self.changed = True
            extra: dict[str, Any] = {"inputs": list(event.inputs)} if event.inputs else {}
            extra |= {"by": event.by} if event.by else {}
            extra |= {"number": event.number} if event.number else {}
            self._record("alarm", event.entity, what=event.what, zone=event.zone, **extra)

    def feedback(self, verdict: Verdict) -> None:
        """Put on record what feedback supervision found."""
        command: Command = verdict.command
        self._record("feedback", command.point, what=verdict.what, id=command.id)
        missing = verdict.what == "missing"
        self.faults.set(command.point, "no-feedback", wrong=missing, now=self.now)

    def _lose(self, entity: str, what: str, gone: bool, unit: int) -> None:
        """A gateway, device or the broker is gone or frozen, or no more."""
        reasons = self._down.setdefault(entity, set())
        (reasons.add if gone else reasons.discard)(f"{what} {unit}")
        stands = any(reason.startswith(what) for reason in reasons)
        fell = stands and not self.faults.stands(entity, what)
        self.faults.set(entity, what, wrong=stands, now=self.now)
        if entity in self._points.gateways:
            self.changed = True
            if reasons:
                self._image.lost.setdefault(entity, self.now)
            else:
                self._image.lost.pop(entity, None)
        if fell:
            self.faults.fell(entity, self.now)

    def _take(self, sample: Sample, was: Sample | None) -> None:
        point = sample.point
        self._image.samples[point] = sample
        before = None if was is None else was.value
        self._note(point, sample.value, sample.quality, before, sample.t_ms)
        if self._image.alarms.watches(point):
            found = self._image.alarms.update(point, sample.value, sample.quality, self.now)
            self.changed = True
            self.tell(found)
        elif point in self._watched:
            self.changed = True
        for verdict in self._outputs.seen(point, sample.value, sample.quality):
            self.feedback(verdict)
        self._blame(sample, was)

    def _blame(self, sample: Sample, was: Sample | None) -> None:
        """What a sample says is out of order; a device that was in order and is not has fallen."""
        point, quality = self._points.points[sample.point], sample.quality
        if quality is Quality.STALE or self._unstable(point.id):
            return
        for bad, word in _WORDS.items():
            self.faults.set(point.id, word, wrong=quality is bad, now=self.now)
        if was is not None and quality in _WORDS and was.quality not in _WORDS:
            self.faults.fell(point.device, self.now)
        if quality is Quality.GOOD and not point.write:
            for word, found in troubles(point.name, sample.value).items():
                self.faults.set(point.id, word, wrong=found, now=self.now)

    def _unstable(self, point: str) -> bool:
        device = self._points.points[point].device
        gateway = self._points.devices[device].gateway
        return self.faults.stands(device, UNSTABLE) or self.faults.stands(gateway, UNSTABLE)

    def _card(self, point: str, value: Value, quality: Quality, t_ms: int) -> None:
        """A card was shown, the same one as before perhaps: what is no hash of one is not kept."""
        card = value if is_pseudonym(value) else ""
        self._note(point, card, quality, None, t_ms)
        if quality is Quality.GOOD and not self._unstable(point):
            self._image.reads.append((point, card, t_ms))
            self.changed = True

    def _trouble(self, entity: str, what: str, stands: bool) -> None:
        """A fault has come or gone."""
        if stands:
            self._record("trouble", entity, what=what)
        else:
            self._record("trouble", entity, what="clear", of=what)
        self.changed = True
        self._image.faulty = self._faulty_zones()
        if what == UNSTABLE:
            self._shake(entity, stands)

    def _shake(self, source: str, unstable: bool) -> None:
        """What stands from an unstable source is no longer good; what stood so is good again."""
        for device in self._points.devices.values():
            if source not in (device.id, device.gateway):
                continue
            for point in device.points:
                was = self._image.samples.get(point.id)
                if was is None:
                    continue
                if unstable and was.quality is Quality.GOOD:
                    self._held.add(point.id)
                    self._take(replace(was, quality=Quality.FAULT), was)
                elif point.id in self._held and not self._unstable(point.id):
                    self._held.discard(point.id)
                    self._take(replace(was, quality=Quality.GOOD), was)

    def _faulty_zones(self) -> dict[str, tuple[str, ...]]:
        """Zone -> its devices of which anything is out of order; "": what is in no zone."""
        found: dict[str, dict[str, None]] = {}
        for entity, _, _ in self.faults:
            point = self._points.points.get(entity)
            name = entity if point is None else point.device
            device = self._points.devices.get(name)
            found.setdefault("" if device is None else device.zone, {})[name] = None
        return {zone: tuple(devices) for zone, devices in found.items()}

    def _note(
        self, point: str, value: Value | None, quality: Quality, was: Value | None, t_ms: int
    ) -> None:
        said = quality.value
        held = {"held": True} if point in self._held else {}
        self._record("input", point, value=value, quality=said, was=was, t_sample=t_ms, **held)

    def _record(self, kind: str, entity: str, **data: Any) -> None:
        self._journal.record(self.now, PHASE, kind, entity, **data)
