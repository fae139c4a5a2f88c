"""Hostile bytes: what hypothesis finds for the codecs, and a part of `make fuzz` for the server."""

from __future__ import annotations

import gc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.interface.modbus import Stream
from devices.serve.packets import Packets, decode_publish, encode_publish
from tests.fuzzing import MODBUS, MQTT, PAYLOADS, SPOKEN, fuzz, into_codecs

ANY = st.one_of(
    st.binary(max_size=400),
    st.sampled_from([*MODBUS, *MQTT, *PAYLOADS, *SPOKEN]).flatmap(
        lambda frame: st.builds(
            lambda cut, tail: frame[:cut] + tail, st.integers(0, len(frame)), st.binary(max_size=40)
        )
    ),
)


@given(ANY)
@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_codec_takes_any_bytes(data: bytes) -> None:
    into_codecs(data)


@given(st.lists(st.sampled_from(MODBUS), max_size=8), st.data())
@settings(max_examples=200, deadline=None)
def test_modbus_frames_do_not_depend_on_how_tcp_cuts_them(frames: list[bytes], data) -> None:  # type: ignore[no-untyped-def]
    whole = b"".join(frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    stream, got = Stream(), []
    for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        got += stream.feed(whole[start:end])
    assert got == Stream().feed(whole)
    assert len(got) == len(frames)
    assert not stream.halfway


@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=60), st.binary(max_size=300)), max_size=6),
    st.data(),
)
@settings(max_examples=200, deadline=None)
def test_messages_survive_the_wire_however_it_is_cut(messages, data) -> None:  # type: ignore[no-untyped-def]
    messages = [(t.encode(errors="replace").decode(), p) for t, p in messages]
    whole = b"".join(
        encode_publish(topic, payload, n, retain=False)
        for n, (topic, payload) in enumerate(messages, 1)
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    packets, got = Packets(), []
    for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        got += [decode_publish(packet) for packet in packets.feed(whole[start:end])]
    assert [(a.topic, a.payload) for a in got if a is not None] == messages


def test_a_giant_packet_is_refused_before_it_is_taken_in() -> None:
    packets = Packets()
    assert packets.feed(bytes.fromhex("30ffffff7f") + b"x" * 100) == []
    assert "more than" in packets.broken
    assert packets.feed(b"x" * 1000) == []


@pytest.mark.wire
def test_a_server_under_bent_frames_goes_on_answering_and_does_not_grow() -> None:
    found = fuzz(6000, seed=3)
    gc.collect()
    assert found["connections"] > 50
    assert found["grown"] < 30_000_000
