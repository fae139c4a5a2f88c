"""The controller of a pair over MQTT: what it announces, what its commands carry, when it stops."""

from __future__ import annotations

import json

import pytest

from controller.interface import envelope
from controller.interface.points import Quality
from controller.scan import Controller
from tests.controller.field import Field
from tests.controller.test_scan import fire

EPOCH = "cs/1/test-school/ctl/controller/state/epoch"


@pytest.fixture
def leading(site):
    """A field whose controller leads under epoch 3."""
    field = Field(site)
    field.controller = Controller(site, field, field.journal, scan_ms=field.scan_ms, epoch=3)
    return field


def announced(field):
    return [json.loads(p)["val"] for topic, p in field.broker.sent if topic == EPOCH]


def hear(field, epoch):
    said = envelope.encode_state(field.now, 1, "x", Quality.GOOD, epoch)
    field.broker.waiting.append((EPOCH, said))


def test_it_announces_its_epoch_one_scan_after_the_session_began_and_once(leading):
    leading.until(0)
    assert announced(leading) == []
    leading.until(5000)
    assert announced(leading) == [3]


def test_every_command_carries_it(leading):
    leading.until(0)
    fire(leading)
    leading.until(5000)
    sent = [json.loads(p) for topic, p in leading.broker.sent if "/cmd/" in topic]
    assert {order["epoch"] for order in sent} == {3}


def test_one_that_hears_of_a_higher_epoch_stops_before_it_announces_its_own(leading):
    leading.until(0)
    hear(leading, 4)
    leading.until(250)
    assert leading.controller.replaced_by == 4
    assert announced(leading) == []
    (note,) = [r for r in leading.journal.records if r.get("what") == "replaced"]
    assert note["text"] == "devices are led by epoch 4, this is 3"


def test_its_own_epoch_and_older_ones_stop_it_not(leading):
    leading.until(0)
    for epoch in (3, 2, "9", 0x8000):
        hear(leading, epoch)
    leading.until(1000)
    assert leading.controller.replaced_by == 0


def test_a_device_that_refuses_a_command_for_its_epoch_stops_it(leading):
    leading.until(0)
    leading.boards["fire-1"].words[0] = 0x0C01
    leading.until(500)
    said = envelope.encode_ack(500, 9, "b1", "desk-1.alarm#1", "fenced", None, 4)
    leading.say("desk-1", "ack", said)
    leading.until(750)
    assert leading.controller.replaced_by == 4


def test_a_controller_alone_announces_nothing_and_its_commands_carry_no_epoch(field):
    fire(field)
    field.until(5000)
    assert announced(field) == []
    assert not [p for topic, p in field.broker.sent if b"epoch" in p]
