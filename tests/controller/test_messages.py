"""MQTT topics and payloads, and the private channel: round trips and junk."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.drivers.inbox import Inbox
from controller.interface import channel, envelope, streams, topics
from controller.interface.clock import Done, Grant
from controller.interface.envelope import Ack, Envelope, Heartbeat, Malformed, Order, Status
from controller.interface.points import Quality

texts = st.text(max_size=20)
numbers = st.floats(-(2.0**63), 2.0**63, allow_nan=False)
values = st.one_of(st.booleans(), st.integers(-(2**63), 2**63), numbers, texts)
counts = st.integers(0, 2**32)


@given(counts, counts, texts, st.sampled_from(list(Quality)), values)
def test_payloads_round_trip(t, seq, boot, quality, value):
    state = envelope.encode_state(t, seq, boot, quality, value)
    assert envelope.decode_state(state) == Envelope(t, seq, boot, quality, value, "sensor")
    assert envelope.stamp(state) == (boot, seq)
    beat = envelope.encode_heartbeat(t, seq, boot)
    assert envelope.decode_heartbeat(beat) == Heartbeat(t, seq, boot)
    status = envelope.encode_status(t, seq, boot, "lost")
    assert envelope.decode_status(status) == Status(t, seq, boot, "lost")
    ack = envelope.encode_ack(t, seq, boot, "p#1", "ok", value)
    assert envelope.decode_ack(ack) == Ack(t, seq, boot, "p#1", "ok", value)
    command = envelope.encode_command("p#1", value, 2, 5000, t)
    assert envelope.decode_command(command) == Order("p#1", value, 2, 5000, t)


def test_the_envelope_is_the_one_of_the_convention():
    payload = envelope.encode_state(250, 7, "b", Quality.GOOD, 1.5)
    assert json.loads(payload) == {
        "v": 1, "t": 250, "seq": 7, "boot": "b", "q": "good", "val": 1.5, "src": "sensor",
    }  # fmt: skip
    assert b" " not in payload


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"\xff", b"[]", b"null", b"{}", b'{"t":1,"seq":"2","boot":"b","val":1}',
        b'{"t":1,"seq":2,"boot":3,"val":1}', b'{"t":1,"seq":2,"boot":"b","val":[1]}',
        b'{"t":1,"seq":2,"boot":"b","val":1,"q":"fine"}', b'{"t":-1,"seq":2,"boot":"b","val":1}',
        b'{"t":true,"seq":2,"boot":"b","val":1}', b"[" * 100_000,
        b'{"t":1,"seq":2,"boot":"b","val":NaN}', b'{"t":1,"seq":2,"boot":"b","val":-Infinity}',
        b'{"t":1,"seq":2,"boot":"b","val":1' + b"0" * 400 + b"}",
    ],
    ids=range(15),
)  # fmt: skip
def test_junk_is_named_not_raised(payload):
    for decode in (envelope.decode_state, envelope.decode_ack, envelope.decode_command):
        assert isinstance(decode(payload), Malformed)


def test_topics_are_taken_apart_as_they_are_built(points):
    text = topics.topic(points.site, points.devices["pa-1"], "cmd/message")
    assert text == "cs/1/test-school/pa/pa-1/cmd/message"
    assert topics.parse_topic(text) == topics.Topic("test-school", "pa", "pa-1", "cmd/message")
    assert topics.parse_topic("homie/5/x") is None
    assert topics.parse_topic("cs/1/a//b/hb") is None


@pytest.mark.parametrize(
    ("pattern", "topic", "falls"),
    [
        ("cs/1/s/+/+/state/#", "cs/1/s/cam/c/state/density", True),
        ("cs/1/s/+/+/hb", "cs/1/s/cam/c/hb", True),
        ("cs/1/s/+/+/hb", "cs/1/s/cam/c/hb/x", False),
        ("a/#", "a", True),
        ("a/+", "a", False),
    ],
)
def test_filters_match_as_mqtt_says(pattern, topic, falls):
    assert topics.matches(pattern, topic) is falls


def test_the_inbox_is_sorted_by_topic_and_number_and_knows_repeats():
    def state(seq):
        return envelope.encode_state(0, seq, "b", Quality.GOOD, seq)

    inbox = Inbox()
    found = inbox.new([("b", state(9)), ("a", state(10)), ("a", state(9)), ("b", state(9))])
    assert found == [("a", state(9)), ("a", state(10)), ("b", state(9))]
    assert inbox.new([("a", state(9))]) == []
    assert inbox.count == 3


def test_the_channel_round_trips():
    grant = Grant(250, 7, 1, 2, {"fire-1": 9}, ("doors-1",), False)
    line = channel.encode_grant(grant)
    assert line.count(b"\n") == 1
    assert channel.decode_grant(line) == grant
    done = Done(
        250, 500, {"pa-1": 1}, {"fire-1": 10}, 1, True, {"doors-1": {7: "lock-1.release#2"}}
    )
    assert channel.decode_done(channel.encode_done(done)) == done


@pytest.mark.parametrize("line", [b"", b"{", b"[]\n", b'{"grant":"x"}\n', b'{"done":1}\n'])
def test_a_bad_line_is_a_bad_line(line):
    with pytest.raises(channel.BadLine):
        channel.decode_grant(line)
    with pytest.raises(channel.BadLine):
        channel.decode_done(line)


def test_streams_hang_on_their_names_alone():
    first = streams.stream(1, "person c1.p01").random(3).tolist()
    assert streams.stream(1, "person c1.p01").random(3).tolist() == first
    assert streams.stream(1, "person c1.p02").random(3).tolist() != first
    assert streams.stream(2, "person c1.p01").random(3).tolist() != first


ORDINARY = st.one_of(
    st.builds(envelope.encode_heartbeat, counts, counts, st.text("0123456789abcdef")),
    st.builds(
        envelope.encode_state, counts, counts, st.just("0badcafe"), st.just(Quality.GOOD),
        st.one_of(values, st.sampled_from(["", "no-entry", "evacuate", 0, -1, 0.25, -0.0, 1e18])),
    ),
)  # fmt: skip


@given(ORDINARY, st.data())
def test_the_short_way_of_reading_says_what_the_long_way_says(payload, data):
    """White space in front is still JSON, but no longer the bytes that the short way knows."""
    place = data.draw(st.integers(0, len(payload)))
    junk = data.draw(
        st.sampled_from([b"", b"0", b"9" * 20, b"-", b"}", b'"', b"\\u0041", b"1.", b"e5"])
    )
    cut = data.draw(st.integers(0, 2))
    for text in (payload, payload[:place] + junk + payload[place + cut :]):
        for decode in (envelope.decode_heartbeat, envelope.decode_state):
            short, long = decode(text), decode(b" " + text)
            if isinstance(long, Malformed):
                assert isinstance(short, Malformed), text
            else:
                assert repr(short) == repr(long), text


@pytest.mark.parametrize(
    "text",
    [
        b'{"t":01,"seq":2,"boot":"b"}', b'{"t":1,"seq":2,"boot":"b"}\n',
        b'{"t":1,"seq":2,"boot":"\\u0062"}',
        b'{"t":1.0,"seq":2,"boot":"b"}', '{"t":\u0661,"seq":2,"boot":"b"}'.encode(),
        b'{"t":' + b"9" * 5000 + b',"seq":2,"boot":"b"}', b'{"t":1,"seq":2,"boot":"b","t":3}',
    ],
    ids=range(7),
)  # fmt: skip
def test_unusual_heartbeats_take_the_long_way(text):
    short, long = envelope.decode_heartbeat(text), envelope.decode_heartbeat(b" " + text)
    assert type(short) is type(long)
    assert isinstance(short, Malformed) or short == long
