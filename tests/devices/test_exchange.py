"""The broker in memory: what it delivers to whom, and how it counts."""

from __future__ import annotations

from devices.exchange import Exchange, Publication


def message(topic: str, body: bytes, retain: bool = False) -> Publication:
    return Publication(topic, body, retain)


def test_a_client_gets_what_it_asked_for_in_order() -> None:
    broker = Exchange()
    broker.connect("a", None, ["x/+/s", "y/#"])
    broker.connect("b", None, [])
    for topic in ("x/1/s", "x/1/t", "y", "y/2/3", "x/2/s", "z"):
        broker.publish("b", message(topic, b"1"))
    assert [topic for topic, _ in broker.take("a")] == ["x/1/s", "y", "y/2/3", "x/2/s"]
    assert broker.delivered("a") == 4
    assert broker.take("a") == []


def test_overlapping_filters_deliver_once() -> None:
    broker = Exchange()
    broker.connect("a", None, ["x/#", "x/+"])
    broker.publish("a", message("x/1", b"1"))
    assert broker.delivered("a") == 1


def test_a_late_subscriber_gets_the_latest_retained_message_until_it_is_cleared() -> None:
    broker = Exchange()
    broker.connect("a", None, [])
    for body in (b"1", b"2"):
        broker.publish("a", message("x", body, retain=True))
    broker.connect("b", None, ["x"])
    assert broker.take("b") == [("x", b"2")]
    broker.publish("a", message("x", b"", retain=True))
    broker.connect("c", None, ["x"])
    assert broker.take("c") == []


def test_a_lost_client_leaves_its_will_and_a_polite_one_does_not() -> None:
    broker = Exchange()
    broker.connect("a", None, ["w/#"])
    for name in ("rude", "polite", "twice"):
        broker.connect(name, message(f"w/{name}", b"lost", retain=True), [])
    broker.lose("rude")
    broker.disconnect("polite")
    broker.connect("twice", None, [])
    assert broker.take("a") == [("w/rude", b"lost"), ("w/twice", b"lost")]


def test_repeats_of_a_numbered_message_count_once_others_every_time() -> None:
    broker = Exchange()
    broker.connect("a", None, ["#"])
    numbered, plain = b'{"t":1,"seq":4,"boot":"b"}', b'{"t":1}'
    for body in (numbered, numbered, plain, plain):
        broker.publish("a", message("x", body))
    broker.publish("a", message("y", numbered))
    assert broker.delivered("a") == 4


def test_a_stopped_broker_forgets_everything_and_takes_nobody() -> None:
    broker = Exchange()
    broker.connect("a", message("w", b"lost"), ["#"])
    broker.publish("a", message("x", b"1", retain=True))
    broker.stop()
    assert not broker.connect("b", None, ["#"])
    assert not broker.connected("a")
    broker.publish("a", message("x", b"2"))
    broker.start()
    assert broker.connect("b", None, ["#"])
    assert broker.take("b") == []
    assert broker.delivered("b") == 0


def test_counting_begins_anew_with_each_session() -> None:
    broker = Exchange()
    broker.connect("a", None, ["x"])
    broker.publish("a", message("x", b"1"))
    broker.connect("a", None, ["x"])
    assert broker.delivered("a") == 0
