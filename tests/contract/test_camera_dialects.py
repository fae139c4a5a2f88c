"""Cameras of every make and the controller's driver: what one says the other understands, through
repeats, kept messages and broken links."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.drivers.cameras import Cameras
from controller.interface.cameras.dialects import prefix_of
from controller.interface.points import PointList
from devices.bank import Bank
from devices.exchange import Exchange
from devices.links import Links
from devices.vision.view import NOBODY
from tests.devices.crowds import standing
from tests.devices.plant import SLICE_MS, World

EVERY = ("count", "crowd", "line-out", "line-in", "loitering", "intrusion")
CAMERA = """  - {{id: {0}, kind: camera, at: hall, sees: [hall], bus: mqtt, dialect: {0},
     gb_id: "{1}", settings: {{loiter-after: 20, field: "-1 -1, 1 -1, 1 4.5, -1 4.5",
       line-x1: 2, line-y1: -1, line-x2: 2, line-y2: 50}},
     points: {{{2}}}}}
"""
HEAD = """
points: 1
site: makes
mqtt: {host: 127.0.0.1, port: 11899}
gb28181: {id: "34020000001180000001", password: "1", platform: "34020000002000000001",
          host: 127.0.0.1, port: 5060, local_port: 15260, expires_s: 3600, keepalive_s: 60}
devices:
"""
MAKES = ("onvif", "axis", "hikvision")


def bound(name: str) -> str:
    return f"{name}: {{topic: state/{name}, as: {'bool' if name == 'crowd' else 'number'}}}"


class Ear:
    """What the driver makes of the messages: the last value of every point."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}
        self.told: list[tuple[str, str]] = []

    def reading(self, point: str, value: object, quality: object, t_ms: int) -> None:
        self.values[point] = value

    def doubt(self, point: str, quality: object) -> None:
        self.values.pop(point, None)

    def comms(self, entity: str, what: str, **data: object) -> None:
        self.told.append((entity, what))


class Post:
    """A camera of each make before the same people, a broker between, and the driver."""

    def __init__(self, folder: Path) -> None:
        points = ", ".join(map(bound, EVERY))
        cameras = (CAMERA.format(m, f"3402000000132000000{n}", points) for n, m in enumerate(MAKES))
        (folder / "points.yaml").write_text(HEAD + "".join(cameras))
        self.points = PointList.load(folder / "points.yaml")
        self.world, self.ear, self.now = World(), Ear(), 0
        self.bank = Bank(self.points, self.world, 7, lambda *a, **k: None)
        self.exchange = Exchange()
        self.exchange.connect("controller", None, ["#"])
        self.links = Links(self.bank.stations, self.exchange)
        self.driver = Cameras(self.points.devices.values(), self.ear)  # type: ignore[arg-type]
        self.run(5)

    def run(self, seconds: float, copies: int = 1) -> None:
        """Every message reaches the controller so many times, as QoS 1 allows."""
        for _ in range(int(seconds * 1000) // SLICE_MS):
            self.bank.advance(self.now)
            self.links.flush(self.now)
            for topic, payload in self.exchange.take("controller"):
                for _ in range(copies):
                    self.driver.receive(topic, payload, self.now)
            self.now += SLICE_MS

    def show(self, people: int, x: float, lying: int = 0) -> None:
        view = standing(people, 0.3, x=x, lying=lying)
        self.world.views = dict.fromkeys(MAKES, view if people else NOBODY)

    def heard(self, make: str, point: str) -> object:
        return self.ear.values.get(f"{make}.{point}")

    def walk(self, people: int, copies: int = 1) -> None:
        """Everybody over the line, half of the way back again."""
        for x in (0.0, 1.0, 1.8, 2.4, 3.0):
            self.show(people, x)
            self.run(1, copies)
        for x in (2.4, 1.8, 1.0):
            self.show(people // 2, x)
            self.run(1, copies)
        self.run(3, copies)


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path)


@pytest.mark.parametrize("make", MAKES)
def test_nothing_has_happened_when_a_camera_begins(post: Post, make: str) -> None:
    assert [post.heard(make, p) for p in EVERY if p not in ("crowd",)] == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("copies", [1, 2])
def test_the_controller_counts_who_crosses_the_line_each_way(post: Post, copies: int) -> None:
    post.walk(8, copies)
    for make in MAKES:
        assert (post.heard(make, "line-out"), post.heard(make, "line-in")) == (8, 4), make


def test_an_old_crossing_in_the_broker_is_not_counted_again(post: Post) -> None:
    post.walk(4)
    kept = Ear()
    late = Cameras(post.points.devices.values(), kept)  # type: ignore[arg-type]
    post.exchange.connect("late", None, ["#"])
    for topic, payload in post.exchange.take("late"):
        late.receive(topic, payload, post.now)
    assert kept.values["axis.line-out"] == 0, "Axis keeps its events; the last says it is over"


@pytest.mark.parametrize("make", MAKES)
def test_who_stays_loiters_and_who_stands_in_the_field_intrudes(post: Post, make: str) -> None:
    post.show(8, 0.0)
    post.run(10)
    each = make != "hikvision"
    assert post.heard(make, "intrusion") == (5 if each else 1), "y from 0 to 4 of 0 to 7"
    assert post.heard(make, "loitering") == 0
    post.run(20)
    assert post.heard(make, "loitering") == (8 if each else 1), "Hikvision does not say how many"
    post.show(0, 0.0)
    post.run(8)
    assert (post.heard(make, "intrusion"), post.heard(make, "loitering")) == (0, 0)


def test_crossings_while_the_link_was_down_come_in_a_burst(post: Post) -> None:
    for make in MAKES:
        post.bank.fault(post.now, make, "refused")
    post.run(2)
    post.walk(6)
    assert post.heard("onvif", "line-out") is None
    for make in MAKES:
        post.bank.clear(post.now, make, "refused")
    post.run(10)
    assert {post.heard(make, "line-out") for make in MAKES} == {6}


def test_the_platform_hears_of_lines_intrusion_and_loitering(post: Post) -> None:
    assert post.bank.video is not None
    post.walk(4)
    post.run(25)
    told = {alarm.what for alarm in post.bank.video.alarms}
    assert {"line", "intrusion", "loitering"} <= told


def test_noise_does_not_grow_without_end(post: Post) -> None:
    prefix = prefix_of(post.points.devices["onvif"])
    topic = f"{prefix}/onvif-ej/RuleEngine/LoiteringDetector/ObjectIsLoitering/&1/1/L"
    for number in range(5000):
        body = f'{{"Data":{{"ObjectId":"{number}","IsLoitering":true}}}}'
        post.driver.receive(topic, body.encode(), post.now)
    assert post.heard("onvif", "loitering") == 1000
