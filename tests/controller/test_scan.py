"""The whole controller over links in memory: from detector to acknowledged output, and back."""

from __future__ import annotations

from controller.interface import envelope, journal, topics
from tests.controller.field import Field

ALARM = 0x0C01
NORMAL = 0x1400


def fire(field):
    field.boards["fire-1"].words.update({0: ALARM, 1: ALARM})


def commands(field):
    return [
        (r["t"], r["id"], r["value"], r["prio"], r["rule"])
        for r in field.journal.records
        if r["k"] == "command"
    ]


def orders(field):
    """What went out over MQTT: (point's leaf, command id)."""
    found = []
    for topic, payload in field.broker.sent:
        order = envelope.decode_command(payload)
        if isinstance(order, envelope.Order):
            found.append((topics.parse_topic(topic).leaf, order.id))
    return found


def test_two_detectors_release_the_doors_within_one_scan_of_the_poll(field):
    fire(field)
    field.until(500)
    assert commands(field) == [
        (500, "desk-1.alarm#1", "pre-alarm", 4, "first-a>desk"),
        (500, "snd-1.on#1", True, 2, "fire-a>sounders"),
        (500, "lock-1.release#1", True, 2, "fire-a>doors"),
    ]
    assert field.boards["doors-1"].coils == {20: 1, 1: 1}
    assert (500, "lock-1.release", "lock-1.release#1") in field.records("ack")


def test_done_says_which_request_carried_which_command(field):
    fire(field)
    done = field.until(500)
    requests = field.boards["doors-1"].asked
    named = {name: at for commands in done.writes.values() for at, name in commands.items()}
    assert set(named) == {"snd-1.on#1", "lock-1.release#1"}
    assert requests[named["lock-1.release#1"] - 1].function == 5
    assert field.until(750).writes == {}, "told once"


def test_every_hop_is_on_record_in_order(field):
    field.until(500)
    fire(field)
    field.until(1000)
    kinds = [r["k"] for r in field.journal.records if r["t"] == 1000]
    assert (
        kinds
        == ["input", "alarm", "alarm", "input", "alarm", "alarm"]
        + ["decision"] * 3
        + ["command"] * 3
        + ["ack"] * 2
    )


def test_a_delayed_effect_comes_on_the_scan_clock(field):
    fire(field)
    done = field.until(500)
    assert done.wake_ms <= 3500
    field.until(3500)
    assert orders(field) == [
        ("cmd/alarm", "desk-1.alarm#1"),
        ("cmd/alarm", "desk-1.alarm#1"),  # nobody acknowledged it for 2 s
        ("cmd/message", "pa-1.message#1"),
    ]


def test_feedback_that_comes_and_feedback_that_is_missing(field):
    fire(field)
    field.until(1000)
    field.boards["doors-1"].bits[1] = 0
    field.until(1500)
    assert (1500, "lock-1.release", "ok") in field.records("feedback")


def test_a_door_that_does_not_move_is_told_when_its_time_is_up(field):
    fire(field)
    field.until(8000)
    assert field.records("feedback") == [(3500, "lock-1.release", "missing")]


def test_an_acknowledged_command_is_not_sent_again(field):
    fire(field)
    field.until(500)
    field.ack("desk-1", "desk-1.alarm#1")
    field.until(2900)
    assert orders(field) == [("cmd/alarm", "desk-1.alarm#1")]


def test_without_an_answer_it_is_sent_again_with_growing_pauses_and_then_given_up(field):
    fire(field)
    field.until(150_000)
    sent = [t for t, e, what in field.records("comms") if (e, what) == ("desk-1", "resend")]
    assert sent == [2500, 6500, 14_500, 30_500, 60_500]
    assert (90_500, "desk-1", "unanswered") in field.records("comms")


def test_an_output_whose_claim_is_gone_is_not_sent_again(field):
    field.until(1000)
    field.state("cam-1", "density", 5.0)
    field.until(4250)
    assert orders(field) == [("cmd/alarm", "desk-1.alarm#1")]
    field.state("cam-1", "density", 1.0)
    field.until(4500)
    field.ack("desk-1", "desk-1.alarm#2")
    field.until(60_000)
    assert orders(field) == [("cmd/alarm", "desk-1.alarm#1"), ("cmd/alarm", "desk-1.alarm#2")]
    assert commands(field)[-1] == (4500, "desk-1.alarm#2", "", 8, "crowd>desk")


def test_a_command_made_without_a_broker_goes_out_at_the_reconnect(field):
    field.broker.up = False
    field.until(250)
    fire(field)
    field.until(3000)
    assert orders(field) == []
    field.broker.up = True
    done = field.until(3250)
    assert (done.session, done.connected) == (2, True)
    assert orders(field) == [("cmd/alarm", "desk-1.alarm#1")]
    assert done.published == {"desk-1": 1}


def test_what_was_not_acknowledged_is_sent_again_after_a_reconnect_at_once(field):
    fire(field)
    field.until(500)
    field.broker.up = False
    field.until(750)
    field.broker.up = True
    field.until(1750)
    assert orders(field) == [("cmd/alarm", "desk-1.alarm#1")] * 2
    assert (750, "broker", "lost") in field.records("comms")
    assert (1750, "broker", "restored") in field.records("comms")


def test_a_rebooted_device_is_told_again_what_still_stands(field):
    fire(field)
    field.until(500)
    field.ack("desk-1", "desk-1.alarm#1")
    field.until(750)
    status = envelope.encode_status(800, 1, "b2", "ready")
    field.say("desk-1", "status", status)
    field.until(1000)
    assert orders(field)[-2:] == [("cmd/alarm", "desk-1.alarm#1")] * 2


def test_a_device_without_heartbeat_for_three_seconds_is_stale(field):
    field.until(1000)
    field.state("cam-1", "density", 2.0)
    field.beating.remove("cam-1")
    field.until(8000)
    lost = [r for r in field.records("comms") if r[1] == "cam-1"]
    assert lost == [(4250, "cam-1", "lost")]
    stale = [r for r in field.journal.records if r.get("quality") == "stale"]
    assert [(r["t"], r["e"], r["value"]) for r in stale] == [(4250, "cam-1.density", 2.0)]


def test_a_will_makes_a_device_stale_at_once_but_not_the_will_of_an_earlier_boot(field):
    field.until(1000)
    field.state("cam-1", "density", 2.0)
    field.say("cam-1", "status", envelope.encode_status(0, 1, "b0", "lost"))
    field.until(1250)
    assert [r for r in field.records("comms") if r[1] == "cam-1"] == []
    field.say("cam-1", "status", envelope.encode_status(0, 0, "b1", "lost"))
    field.until(1500)
    assert (1500, "cam-1", "lost") in field.records("comms")


def test_the_order_of_arrival_does_not_matter(site):
    hashes = set()
    for turn in (1, -1):
        field = Field(site)
        field.until(1000)
        field.state("cam-1", "count", 3)
        field.state("cam-1", "density", 2.0)
        field.state("cam-1", "density", 5.0)
        field.broker.waiting = field.broker.waiting[::turn]
        field.until(9000)
        hashes.add(field.journal.bodies_sha256())
    assert len(hashes) == 1


def test_a_repeat_counts_once(field):
    field.until(1000)
    field.state("cam-1", "density", 2.0)
    field.broker.waiting *= 3
    field.until(1250)
    assert field.controller._mqtt._inbox.count == 3 + 1  # three heartbeats and the density


def test_wrong_types_and_junk_are_data(field):
    field.until(1000)
    field.state("cam-1", "density", "1")
    field.say("cam-1", "state/count", b"{not json")
    field.say("pa-1", "hb", b"\xff\xfe")
    field.until(1250)
    told = [(e, what) for _, e, what in field.records("comms")]
    assert told == [("cam-1", "malformed"), ("cam-1", "malformed"), ("pa-1", "malformed")]


def test_the_reset_order_resets_the_zone_and_the_latches(field):
    fire(field)
    field.until(500)
    field.boards["fire-1"].words.clear()
    field.until(1000)
    field.state("desk-1", "seen", "reset")
    field.until(2750)
    assert "reset" not in [what for _, _, what in field.records("alarm")], "normal for 1.75 s of 2"
    field.until(3000)
    assert (3000, "a", "reset") in field.records("alarm")
    assert (3000, "snd-1.on#2", False, 8, "fire-a>sounders") in commands(field)
    field.state("desk-1", "seen", "release")
    field.until(3250)
    assert commands(field)[-1][:3] == (3250, "lock-1.release#2", False)


def test_a_scan_that_comes_later_than_promised_is_an_overrun(field):
    field.now = 5000
    field.until(5250)
    (late,) = [r for r in field.journal.records if r.get("what") == "overrun"]
    assert late["ms"] == 5250 - 500


def test_the_journal_holds(field):
    fire(field)
    field.until(1000)
    chain = "0" * 32
    for line in field.journal.lines[1:]:
        body, _, tail = line.rpartition(',"h":"')
        chain = journal.link(chain, f"{body}}}".encode())
        assert tail == f'{chain}"}}'
