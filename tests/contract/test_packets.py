"""Our MQTT packets against those of paho, byte for byte, and against the standard's examples."""

from __future__ import annotations

import socket
from collections.abc import Callable
from threading import Thread

import pytest
from paho.mqtt.client import Client, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from devices.serve.packets import (
    Packet,
    Packets,
    Will,
    decode_connack,
    decode_publish,
    encode_connect,
    encode_puback,
    encode_publish,
    encode_subscribe,
)


def of_paho(talk: Callable[[Client], None], answers: int) -> list[bytes]:
    """What paho sends: the packets after which nothing more is to come."""
    listening = socket.create_server(("127.0.0.1", 0))
    sent: list[bytes] = []

    def serve() -> None:
        peer, _ = listening.accept()
        with peer:
            while len(sent) < answers:
                data = peer.recv(65536)
                if not data:
                    return
                if not sent:
                    peer.sendall(bytes.fromhex("20020000"))
                for packet in Packets().feed(data):
                    head = bytes((packet.kind << 4 | packet.flags,))
                    sent.append(head + _length(len(packet.body)) + packet.body)

    thread = Thread(target=serve)
    thread.start()
    client = Client(CallbackAPIVersion.VERSION2, "cam-1", clean_session=True, protocol=MQTTv311)
    talk(client)
    client.connect("127.0.0.1", listening.getsockname()[1], keepalive=10)
    while thread.is_alive():
        client.loop(0.05)
    thread.join()
    sock = client.socket()
    if sock is not None:
        sock.close()
    listening.close()
    return sent


def _length(size: int) -> bytes:
    digits = bytearray()
    while True:
        size, digit = divmod(size, 128)
        digits.append(digit | (0x80 if size else 0))
        if not size:
            return bytes(digits)


def test_connect_publish_and_subscribe_are_those_of_paho() -> None:
    def talk(client: Client) -> None:
        client.username_pw_set("cam-1", "wörd")
        client.will_set("cs/1/s/cam/cam-1/status", b"lost", 1, True)

        def ready(c: Client, *_: object) -> None:
            c.publish("cs/1/s/cam/cam-1/hb", b"x" * 300, 1, False)
            c.subscribe([("a/b", 1), ("c/#", 1)])

        client.on_connect = ready

    will = Will("cs/1/s/cam/cam-1/status", b"lost", True)
    assert of_paho(talk, 3) == [
        encode_connect("cam-1", will, 10, ("cam-1", "wörd")),
        encode_publish("cs/1/s/cam/cam-1/hb", b"x" * 300, 1, retain=False),
        encode_subscribe(2, ["a/b", "c/#"]),
    ]


def test_the_standards_own_examples() -> None:
    assert encode_puback(0x1234) == bytes.fromhex("40021234")
    assert encode_publish("a/b", b"", 10, retain=True).hex() == "33070003612f62000a"
    assert encode_publish("a/b", b"", 10, retain=False, again=True).hex() == "3a070003612f62000a"
    assert encode_subscribe(10, ["a/b", "c/d"]).hex() == "820e000a0003612f62010003632f6401"


@pytest.mark.parametrize(
    ("size", "head"), [(0, "00"), (127, "7f"), (128, "8001"), (16384, "808001")]
)
def test_remaining_lengths_of_section_2_2_3(size: int, head: str) -> None:
    whole = bytes.fromhex("30" + head) + b"x" * size
    assert Packets().feed(whole) == [Packet(3, 0, b"x" * size)]


def test_what_is_no_message_and_why_a_broker_refuses() -> None:
    assert decode_publish(Packet(3, 2, b"\x00\x05abc")) is None
    assert decode_publish(Packet(3, 4, b"\x00\x01a\x00\x01x")) is None, "QoS 2"
    assert decode_publish(Packet(3, 2, b"\x00\x01\xff\x00\x01x")) is None, "not UTF-8"
    assert decode_connack(Packet(2, 0, b"\x00\x00")) == ""
    assert decode_connack(Packet(2, 0, b"\x00\x04")).startswith("it does not know this user")
    assert "available" in decode_connack(Packet(2, 0, b""))
