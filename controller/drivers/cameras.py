"""Cameras of other makes, as the MQTT driver hears them: their own messages become readings."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from controller.drivers.life import Life
from controller.drivers.listener import Witness
from controller.drivers.picture import judged
from controller.interface.cameras.dialects import (
    CAMERA_DIALECTS,
    CONNECTION,
    connected,
    prefix_of,
    understand,
)
from controller.interface.cameras.telling import Heard
from controller.interface.points import Device, Point, Quality, Value
from controller.interface.topics import matches

_NEVER = 1 << 62
_MOST = 1000
"""More people than one camera can tell apart; what is beyond is noise."""

_REMEMBERED = 256
"""Crossings by their numbers: one that comes again within so many is a repeat, and not counted."""


class _Camera:
    """One camera: its points by name, and when it was last heard."""

    def __init__(self, device: Device) -> None:
        self.id = device.id
        self.dialect = device.dialect
        self.points: dict[str, Point] = {p.name: p for p in device.points if not p.write}
        self.silence_ms = CAMERA_DIALECTS[device.dialect].silence_ms
        self.prefix = prefix_of(device) + "/"
        self.life = Life(self.points.values())
        self.heard_ms = 0
        self.lost = False
        self._standing: dict[str, set[str]] = {}
        self._passed: dict[str, int] = {}
        self._known: deque[tuple[str, str]] = deque(maxlen=_REMEMBERED)

    def take(self, heard: Heard) -> Value | None:
        """The value of a point after what was heard; None if that was told before."""
        if not heard.object:
            return heard.value
        if isinstance(heard.value, bool):
            standing = self._standing.setdefault(heard.point, set())
            if not heard.value:
                standing.discard(heard.object)
            elif len(standing) < _MOST:
                standing.add(heard.object)
            return len(standing)
        if (heard.point, heard.object) in self._known:
            return None
        self._known.append((heard.point, heard.object))
        self._passed[heard.point] = self._passed.get(heard.point, 0) + 1
        return self._passed[heard.point]

    def count(self, point: str) -> int:
        """How many stand before it, or have passed, by the events so far."""
        return len(self._standing.get(point, ())) or self._passed.get(point, 0)

    def forget(self) -> None:
        """The camera is gone: nobody stands before it that we know of; who passed has passed."""
        for standing in self._standing.values():
            standing.clear()

    def asked_for(self, leaf: str) -> bool:
        """Whether this is one of the topics that the controller subscribes to for it."""
        return any(matches(pattern, leaf) for pattern in CAMERA_DIALECTS[self.dialect].leaves)


class Cameras:
    """They have no heartbeat of ours: any message is a sign of life, and each make has its own
    time after which one that says nothing is lost.
    """

    def __init__(self, devices: Iterable[Device], listener: Witness) -> None:
        self._cameras = [_Camera(device) for device in devices if device.dialect]
        self._by_prefix = {camera.prefix: camera for camera in self._cameras}
        self._listener = listener

    def __bool__(self) -> bool:
        return bool(self._cameras)

    def receive(self, topic: str, payload: bytes, now: int) -> None:
        """Take a message that may be a camera's; any other is not for us."""
        end = topic.find("/") + 1
        while end and topic[:end] not in self._by_prefix:
            end = topic.find("/", end) + 1
        if not end:
            return
        camera, leaf = self._by_prefix[topic[:end]], topic[end:]
        if leaf == CONNECTION:
            self._connection(camera, payload, now)
        elif camera.asked_for(leaf):
            self._message(camera, leaf, payload, now)

    def supervise(self, now: int) -> None:
        """Notice cameras that say nothing."""
        for camera in self._cameras:
            if not camera.lost and now - camera.heard_ms >= camera.silence_ms:
                self._lose(camera)

    @property
    def wake_ms(self) -> int:
        """When a camera next counts as silent."""
        dues = (c.heard_ms + c.silence_ms for c in self._cameras if not c.lost)
        return min(dues, default=_NEVER)

    def _message(self, camera: _Camera, leaf: str, payload: bytes, now: int) -> None:
        said = understand(camera.dialect, leaf, payload)
        if isinstance(said, str):
            self._listener.comms(camera.id, "malformed", why=said, leaf=leaf)
            for point in camera.points.values():
                self._listener.doubt(point.id, Quality.FAULT)
            return
        self._alive(camera, now)
        for heard in said:
            known = camera.points.get(heard.point)
            value = camera.take(heard) if known is not None else None
            if known is not None and value is not None:
                self._hear(camera, known, value, now)

    def _hear(self, camera: _Camera, point: Point, value: Value, now: int) -> None:
        """A count that does not vary although many are there comes from a frozen picture."""
        value, quality = judged(point, value, Quality.GOOD)
        was, life = camera.life.still, camera.life
        life.hear(point.id, value, now)
        if life.still != was:
            self._listener.comms(camera.id, "frozen" if life.still else "moves")
        if life.still:
            quality = Quality.STALE
        self._listener.reading(point.id, value, quality, now)

    def _connection(self, camera: _Camera, payload: bytes, now: int) -> None:
        state = connected(payload)
        if state is None:
            self._listener.comms(camera.id, "malformed", why="no `connected`", leaf=CONNECTION)
        elif state:
            self._alive(camera, now)
            self._begin(camera, now)
        elif not camera.lost:
            self._lose(camera)

    def _begin(self, camera: _Camera, now: int) -> None:
        """A camera that tells events alone says nothing while there are none: that is 0 so far."""
        for name in CAMERA_DIALECTS[camera.dialect].events:
            known = camera.points.get(name)
            if known is not None:
                self._listener.reading(known.id, camera.count(name), Quality.GOOD, now)

    def _alive(self, camera: _Camera, now: int) -> None:
        camera.heard_ms = now
        if camera.lost:
            camera.lost = False
            self._listener.comms(camera.id, "restored")

    def _lose(self, camera: _Camera) -> None:
        camera.lost = True
        camera.forget()
        self._listener.comms(camera.id, "lost")
        if camera.life.still:
            self._listener.comms(camera.id, "moves")
        camera.life.forget()
        for point in camera.points.values():
            self._listener.doubt(point.id, Quality.STALE)
