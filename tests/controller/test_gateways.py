"""The Modbus driver on the scan clock: time-outs, late replies, dead gateways, writes first."""

from __future__ import annotations

import pytest

from controller.drivers.pollplan import plan, without_holes
from controller.interface import modbus
from controller.interface.modbus import Reply
from controller.interface.points import Quality

ALARM = 0x0C01


def quality(field, point):
    return field.controller.decider.image.samples[point].quality


def value(field, point):
    return field.controller.decider.image.samples[point].value


def test_polls_fall_due_every_poll_ms_and_say_nothing_new_twice(field):
    asked = field.boards["fire-1"].asked
    first = len(asked)
    done = field.until(2000)
    assert len(asked) == first * 5  # at 0, 500, 1000, 1500, 2000
    assert done.requests["fire-1"] == len(asked)
    assert len([r for r in field.journal.records if r["k"] == "input"]) == 10


def test_a_changed_register_is_an_input_at_the_next_poll(field):
    field.boards["fire-1"].words[0] = ALARM
    field.until(500)
    assert (500, "sd-1.state", None) in field.records("input")
    assert value(field, "sd-1.state") == "alarm"


def test_the_plan_reads_whole_runs_and_jumps_small_holes(points):
    blocks = plan([d for d in points.devices.values() if d.gateway == "doors-1"])
    asked = [(b.request.function, b.request.address, b.request.count) for b in blocks]
    assert asked == [(2, 0, 21), (4, 4, 1)]
    parts = without_holes(blocks[0])
    assert [(b.request.address, b.request.count) for b in parts] == [(0, 2), (20, 1)]


def test_a_server_that_minds_holes_is_asked_without_them(field):
    board = field.boards["doors-1"]

    def strict(unit, ask):
        if ask.function == modbus.READ_DISCRETE and ask.count == 21:
            return Reply(2, exception=modbus.ILLEGAL_ADDRESS)
        return board(unit, ask)

    field.modbus_links["doors-1"].answer = strict
    field.until(500)
    reads = [(r.address, r.count) for r in board.asked if r.function == modbus.READ_DISCRETE]
    assert reads[-2:] == [(0, 2), (20, 1)]
    assert quality(field, "lock-1.bolt") is Quality.GOOD


def test_silence_times_out_is_repeated_and_after_three_polls_the_gateway_is_lost(field):
    field.modbus_links["fire-1"].silent = True
    field.until(12_000)
    comms = [r for r in field.records("comms") if r[1] == "fire-1"]
    timeouts = [t for t, _, what in comms if what == "timeout"]
    assert timeouts[:6] == [1500, 2500, 3500, 4500, 5500, 6500]  # each request twice, 1 s each
    assert (6500, "fire-1", "lost") in comms
    assert quality(field, "sd-1.state") is Quality.STALE
    assert value(field, "sd-1.state") == "normal"


def test_a_dead_gateway_holds_up_nobody_else(field):
    field.modbus_links["fire-1"].silent = True
    before = len(field.boards["doors-1"].asked)
    field.until(10_000)
    assert len(field.boards["doors-1"].asked) == before * 21


def test_a_lost_gateway_is_tried_with_growing_pauses_and_comes_back(field):
    link = field.modbus_links["fire-1"]
    link.up = False
    field.until(20_000)
    refused = [t for t, e, what in field.records("comms") if (e, what) == ("fire-1", "refused")]
    assert refused == [1250, 3250, 7250, 15_250]
    link.up = True
    field.until(32_000)
    assert (31_250, "fire-1", "restored") in field.records("comms")
    assert quality(field, "sd-1.state") is Quality.GOOD


def test_a_late_reply_is_the_reading_it_is(field):
    """3 s late: never lost, but what is known is 3 s old."""
    link = field.modbus_links["fire-1"]
    link.holds, field.held = True, ("fire-1",)
    field.until(500)
    field.boards["fire-1"].words[0] = ALARM
    (asked_at_500,) = link.held
    field.until(3250)
    assert value(field, "sd-1.state") == "normal"
    link.deliver(asked_at_500)
    field.until(3500)
    (late,) = [r for r in field.journal.records if r.get("what") == "late"]
    assert (late["t"], late["e"], late["ms"]) == (3500, "fire-1", 3000)
    link.deliver(link.held[1])
    field.until(3750)
    (alarm,) = [r for r in field.journal.records if r["k"] == "input" and r["value"] == "alarm"]
    assert (alarm["t"], alarm["t_sample"]) == (3750, 1500)


def test_an_older_late_reply_does_not_undo_a_newer_one(field):
    link = field.modbus_links["fire-1"]
    link.holds, field.held = True, ("fire-1",)
    field.until(500)
    field.boards["fire-1"].words[0] = ALARM
    field.until(1500)
    old, new = link.held
    link.deliver(new)
    link.deliver(old)
    field.until(2000)
    assert value(field, "sd-1.state") == "alarm"


def test_one_request_is_in_flight_per_gateway(field):
    link = field.modbus_links["fire-1"]
    link.holds, field.held = True, ("fire-1",)
    field.until(1250)
    assert len(link.held) == 1


@pytest.mark.parametrize(("code", "tried"), [(2, 1), (modbus.BUSY, 2)])
def test_a_refused_write_is_final_a_busy_one_is_tried_again(field, code, tried):
    board, writes = field.boards["doors-1"], []

    def moody(unit, ask):
        if ask.function == modbus.WRITE_COIL and ask.address == 20:
            writes.append(ask)
            if len(writes) == 1:
                return Reply(5, exception=code)
        return board(unit, ask)

    field.modbus_links["doors-1"].answer = moody
    field.boards["fire-1"].words[200] = ALARM
    field.until(10_000)
    assert len(writes) == tried


def test_writes_go_before_reads(field):
    field.boards["fire-1"].words[200] = ALARM
    field.until(500)
    asked = field.boards["doors-1"].asked
    assert asked[-1].function == modbus.WRITE_COIL
    assert field.boards["doors-1"].coils == {20: 1}


def test_a_reply_nobody_asked_for_is_recorded_and_ignored(field):
    field.modbus_links["fire-1"].deliver(modbus.encode_adu(999, 1, b"\x03\x02\x00\x00"))
    field.until(250)
    assert (250, "fire-1", "malformed") in field.records("comms")
