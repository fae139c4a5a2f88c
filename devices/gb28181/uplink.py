"""From the site's cameras to the platform: which stand on it, and what is an alarm there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from numpy.random import Generator

from controller.interface.points import Device, Point, Value, VideoPlatform
from devices.calendar import Calendar
from devices.gb28181.agent import Account, Agent
from devices.gb28181.manscdp import ALARM_TYPES, Alarm, Channel
from devices.wiring import Put

LINES = ("line-out", "line-in")
"""Points of a camera that count who crosses its line."""


def agent_for(
    video: VideoPlatform, cameras: Sequence[Device], on: Callable[[str], bool], rng: Generator
) -> Agent:
    """The device that stands on the platform for all cameras with a `gb_id`."""
    account = Account(
        video.id, video.password, video.platform, video.host, video.port, video.expires_s,
        video.keepalive_s,
    )  # fmt: skip
    listed = [(Channel(camera.gb_id, camera.id), partial(on, camera.id)) for camera in cameras]
    return Agent(account, listed, rng)


def overhear(agent: Agent, camera: Device, calendar: Calendar, put: Put) -> Put:
    """Let the platform know when something begins that is an alarm there; `put` goes on as it is.

    Only the beginning is told: GB/T 28181 knows no end of an alarm. Several who cross a line in
    one picture are one alarm.
    """
    standing: set[str] = set()
    passed: dict[str, int] = {}

    def overheard(point: Point, value: Value, t_ms: int) -> None:
        put(point, value, t_ms)
        if point.name in LINES:
            if int(value) > passed.get(point.name, 0):
                agent.alarms.append(Alarm(camera.gb_id, "line", calendar.at(t_ms)))
            passed[point.name] = int(value)
        if point.name not in ALARM_TYPES:
            return
        if not value:
            standing.discard(point.name)
        elif point.name not in standing:
            standing.add(point.name)
            agent.alarms.append(Alarm(camera.gb_id, point.name, calendar.at(t_ms)))

    return overheard
