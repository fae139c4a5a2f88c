"""What the drivers bring, put into the image and on record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from controller.alarmzone import AlarmEvent
from controller.image import Image
from controller.interface.points import Command, Quality, Sample, Value
from controller.matrix import Matrix
from controller.outputs import Outputs, Verdict

PHASE = 3
"""The controller's phase within a slice."""

_REMEMBERED = 3


class Records(Protocol):
    """Where records go: a `Journal`."""

    def record(self, t_ms: int, phase: int, kind: str, entity: str, **data: Any) -> int:
        """Append one record."""
        ...


class Intake:
    """The ear of one scan after the other (a `Listener`); `changed` asks the rules to look."""

    def __init__(self, image: Image, outputs: Outputs, matrix: Matrix, journal: Records) -> None:
        self.now = 0
        self.changed = True
        self._image, self._outputs, self._journal = image, outputs, journal
        self._watched = {c.point for c in matrix.causes.values() if c.point}
        self._watched.update(matrix.reset.points, matrix.operator.points)
        self._watched.update(guard.point for guard in matrix.interlocks.guarded)
        for sign in matrix.faces.values():
            self._watched.update(point for bars in sign.bars.values() for point in bars)
        self._sampled = {c.point for c in matrix.causes.values() if c.sampled}

    def reading(self, point: str, value: Value, quality: Quality, t_ms: int) -> None:
        """A point was read; on record if it is news, or if the rules count its samples."""
        was = self._image.samples.get(point)
        if point in self._image.unheard:
            self._image.unheard.remove(point)
            self.changed = True
        counts = point in self._sampled and quality is Quality.GOOD
        if counts and not isinstance(value, str):
            recent = (*self._image.recent.get(point, ()), float(value))
            self._image.recent[point] = recent[-_REMEMBERED:]
            self.changed = True
        if counts or was is None or was.value != value or was.quality is not quality:
            self._take(Sample(point, value, quality, t_ms), was)

    def doubt(self, point: str, quality: Quality) -> None:
        """A point's last value can no longer be trusted."""
        was = self._image.samples.get(point)
        if was is not None and was.quality is not quality:
            self._take(Sample(point, was.value, quality, was.t_ms), was)
        elif was is None and self._image.alarms.doubts(point, quality):
            self._note(point, None, quality, None, self.now)
            self.tell(self._image.alarms.update(point, "", quality, self.now))

    def answer(self, command: str, result: str) -> None:
        """A command was answered."""
        asked = self._outputs.answer(command, result)
        if asked is not None:
            self._record("ack", asked.point, id=command, r=result)

    def silence(self, command: str) -> None:
        """No answer came: the outputs decide when to send again."""
        self._outputs.unanswered(command, self.now)

    def comms(self, entity: str, what: str, **data: Any) -> None:
        """Something about a gateway, a device or the broker."""
        self._record("comms", entity, what=what, **data)

    def lost(self, entity: str, *, lost: bool) -> None:
        """A gateway is now lost, or is back."""
        self.changed = True
        if lost:
            self._image.lost[entity] = self.now
        else:
            self._image.lost.pop(entity, None)

    def returned(self, devices: frozenset[str], *, again: bool) -> None:
        """The way to devices is open again."""
        self._outputs.reconnected(devices, self.now, again=again)

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

    def _note(
        self, point: str, value: Value | None, quality: Quality, was: Value | None, t_ms: int
    ) -> None:
        said = quality.value
        self._record("input", point, value=value, quality=said, was=was, t_sample=t_ms)

    def _record(self, kind: str, entity: str, **data: Any) -> None:
        self._journal.record(self.now, PHASE, kind, entity, **data)
