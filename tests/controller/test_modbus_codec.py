"""The Modbus codec against printed frames, and against pymodbus as an independent peer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymodbus.framer import FramerSocket
from pymodbus.pdu import DecodePDU
from pymodbus.pdu import bit_message as bits
from pymodbus.pdu import register_message as registers

from controller.interface import modbus
from controller.interface.modbus import Adu, BadReply, Refusal, Reply, Request, Stream

# MODBUS Application Protocol Specification V1.1b3, sections 6.1 - 6.12: the printed examples.
GOLDEN = [
    ("01 00 13 00 13", Request(1, 0x13, 19), "01 03 CD 6B 05"),
    ("02 00 C4 00 16", Request(2, 0xC4, 22), "02 03 AC DB 35"),
    ("03 00 6B 00 03", Request(3, 0x6B, 3), "03 06 02 2B 00 00 00 64"),
    ("04 00 08 00 01", Request(4, 0x08, 1), "04 02 00 0A"),
    ("05 00 AC FF 00", Request(5, 0xAC, 1, (1,)), "05 00 AC FF 00"),
    ("06 00 01 00 03", Request(6, 0x01, 1, (3,)), "06 00 01 00 03"),
    (
        "0F 00 13 00 0A 02 CD 01",
        Request(15, 0x13, 10, (1, 0, 1, 1, 0, 0, 1, 1, 1, 0)),
        "0F 00 13 00 0A",
    ),
    ("10 00 01 00 02 04 00 0A 01 02", Request(16, 0x01, 2, (0x0A, 0x102)), "10 00 01 00 02"),
]


@pytest.mark.parametrize(("ask", "request_", "answer"), GOLDEN, ids=lambda v: str(v)[:12])
def test_the_printed_examples_of_the_specification(ask, request_, answer):
    assert modbus.encode_request(request_) == bytes.fromhex(ask)
    assert modbus.decode_request(bytes.fromhex(ask)) == request_
    reply = modbus.decode_reply(request_, bytes.fromhex(answer))
    assert isinstance(reply, Reply)
    assert modbus.encode_reply(reply) == bytes.fromhex(answer)


def test_values_of_the_printed_examples():
    reply = modbus.decode_reply(Request(3, 0x6B, 3), bytes.fromhex("03 06 02 2B 00 00 00 64"))
    assert reply == Reply(3, (555, 0, 100))
    coils = modbus.decode_reply(Request(1, 0x13, 19), bytes.fromhex("01 03 CD 6B 05"))
    assert isinstance(coils, Reply)
    assert coils.values[:8] == (1, 0, 1, 1, 0, 0, 1, 1)


def test_an_exception_is_the_function_with_its_high_bit():
    assert modbus.encode_reply(Reply(1, exception=2)) == b"\x81\x02"
    assert modbus.decode_reply(Request(1, 0, 1), b"\x81\x02") == Reply(1, exception=2)


PEER = DecodePDU(True)
CLIENT_PEER = DecodePDU(False)
PEER_REQUESTS = [
    (bits.ReadCoilsRequest(address=3, count=17), Request(1, 3, 17)),
    (bits.ReadDiscreteInputsRequest(address=9, count=2000), Request(2, 9, 2000)),
    (registers.ReadHoldingRegistersRequest(address=100, count=125), Request(3, 100, 125)),
    (registers.ReadInputRegistersRequest(address=0, count=1), Request(4, 0, 1)),
    (bits.WriteSingleCoilRequest(address=7, bits=[True]), Request(5, 7, 1, (1,))),
    (registers.WriteSingleRegisterRequest(address=7, registers=[513]), Request(6, 7, 1, (513,))),
    (
        bits.WriteMultipleCoilsRequest(address=2, bits=[True, False, True]),
        Request(15, 2, 3, (1, 0, 1)),
    ),
    (
        registers.WriteMultipleRegistersRequest(address=2, registers=[1, 65535]),
        Request(16, 2, 2, (1, 65535)),
    ),
]


@pytest.mark.parametrize(("theirs", "ours"), PEER_REQUESTS, ids=lambda v: type(v).__name__)
def test_what_pymodbus_asks_we_read_and_the_other_way_round(theirs, ours):
    frame = FramerSocket(CLIENT_PEER).buildFrame(theirs)
    (adu,) = Stream().feed(frame)
    assert modbus.decode_request(adu.pdu) == ours
    assert modbus.encode_request(ours) == adu.pdu
    back = PEER.decode(modbus.encode_request(ours))
    assert type(back) is type(theirs)
    assert back.address == ours.address


def test_what_we_answer_pymodbus_reads():
    words = CLIENT_PEER.decode(modbus.encode_reply(Reply(3, (1, 0x1400, 65535))))
    assert words.registers == [1, 0x1400, 65535]
    coils = CLIENT_PEER.decode(modbus.encode_reply(Reply(1, (1, 0, 1))))
    assert coils.bits[:3] == [True, False, True]
    refused = CLIENT_PEER.decode(modbus.encode_reply(Reply(3, exception=2)))
    assert (refused.isError(), refused.exception_code) == (True, 2)


@pytest.mark.parametrize(
    ("pdu", "code"),
    [
        ("03 00 00 00 00", 3),  # nothing to read
        ("03 00 00 00 7E", 3),  # 126 registers
        ("01 00 00 07 D1", 3),  # 2001 coils
        ("0F 00 00 07 B1 F7" + "00" * 247, 3),  # 1969 coils
        ("03 00 00", 3),  # too short
        ("05 00 AC 12 34", 3),  # neither on nor off
        ("03 FF FF 00 02", 2),  # runs past the last address
        ("10 00 01 00 02 03 00 0A 01", 3),  # byte count does not fit
        ("63 00", 1),  # unknown function
        ("", 1),
    ],
)
def test_a_bad_request_gets_its_exception(pdu, code):
    found = modbus.decode_request(bytes.fromhex(pdu))
    assert isinstance(found, Refusal)
    assert found.exception == code


@pytest.mark.parametrize("pdu", ["", "04 02 00 0A", "03 04 00 0A", "03 02 00", "83"])
def test_a_reply_that_does_not_fit_is_named_not_raised(pdu):
    assert isinstance(modbus.decode_reply(Request(3, 0, 1), bytes.fromhex(pdu)), BadReply)


@given(
    st.lists(
        st.tuples(st.integers(0, 65535), st.integers(0, 255), st.binary(min_size=1, max_size=253)),
        max_size=5,
    ),
    st.data(),
)
@settings(max_examples=60, deadline=None)
def test_frames_survive_any_cut_of_the_stream(frames, data):
    wire = b"".join(modbus.encode_adu(*frame) for frame in frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=6)))
    stream, found = Stream(), []
    for start, end in zip([0, *cuts], [*cuts, len(wire)], strict=True):
        found += stream.feed(wire[start:end])
    assert found == [Adu(*frame) for frame in frames]
    assert stream.broken == ""


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_no_bytes_raise(noise):
    Stream().feed(noise)
    modbus.decode_request(noise)
    for function in (1, 3, 5, 16, 43):
        ask = Request(function, 0, 8, (1,))
        modbus.decode_reply(ask, noise)


@pytest.mark.parametrize(
    "head", ["00 01 00 01 00 06 01", "00 01 00 00 00 01 01", "00 01 00 00 01 00 01"]
)
def test_lost_framing_is_final(head):
    stream = Stream()
    assert stream.feed(bytes.fromhex(head) + b"\0" * 300) == []
    assert stream.broken


def test_a_reply_cut_short_is_not_filled_up_with_the_next():
    """Its last registers would be the head of another reply: numbers that nobody measured."""
    whole = modbus.encode_adu(7, 1, modbus.encode_reply(Reply(3, (1, 2, 3, 4))))
    stream = Stream()
    assert stream.feed(whole[:-6]) == []
    assert stream.feed(modbus.encode_adu(8, 1, whole[7:])) == []
    assert stream.broken


@given(st.sampled_from([1, 2]), st.lists(st.integers(0, 1), min_size=1, max_size=2000))
@settings(max_examples=50, deadline=None)
def test_bits_round_trip(function, values):
    reply = Reply(function, tuple(values))
    ask = Request(function, 0, len(values))
    assert modbus.decode_reply(ask, modbus.encode_reply(reply)) == reply


@given(st.lists(st.integers(0, 65535), min_size=1, max_size=125))
@settings(max_examples=50, deadline=None)
def test_registers_round_trip(values):
    reply = Reply(3, tuple(values))
    assert modbus.decode_reply(Request(3, 0, len(values)), modbus.encode_reply(reply)) == reply


def test_identification_round_trips():
    ask = Request(modbus.IDENTIFY, 1, 0)
    assert modbus.encode_request(ask) == bytes.fromhex("2B 0E 01 00")
    assert modbus.decode_request(bytes.fromhex("2B 0E 01 00")) == ask
    reply = Reply(modbus.IDENTIFY, objects=((0, "Company"), (1, "Panel"), (2, "V2.11")))
    assert modbus.decode_reply(ask, modbus.encode_reply(reply)) == reply
