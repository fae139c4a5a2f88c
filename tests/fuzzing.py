"""Hostile bytes for both servers and all codecs: `python -m tests.fuzzing FRAMES [SEED]`.

Frames are honest ones, bent: bytes flipped, cut out, put in, repeated, lengths changed, or all of
it random; drawn from a seeded generator, so that a find can be found again. Half of them go through
a real socket into a Modbus server, with a master beside it that must always be answered; the others
go into every codec. With `--atheris` (`make fuzz-guided`) coverage leads the way into the codecs.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import psutil

from controller.interface import channel, envelope, topics
from controller.interface.cameras import axis, hikvision, milesight, onvif
from controller.interface.cameras.dialects import CAMERA_DIALECTS, connected, understand
from controller.interface.cameras.telling import Told, plate
from controller.interface.modbus import (
    Request,
    Stream,
    decode_reply,
    decode_request,
    encode_adu,
)
from controller.interface.streams import stream
from devices.gb28181 import manscdp, sip
from devices.serve.modbus import ModbusServer
from devices.serve.packets import (
    Packets,
    Will,
    decode_connack,
    decode_publish,
    encode_connect,
    encode_publish,
    encode_subscribe,
)
from tests.devices.plant import Plant

_PDUS = [
    "0300000003", "0600c90001", "010000000a", "05000100ff", "0500010000", "0f000000080155",
    "10000000010200ff", "2b0e0100", "0400000002", "0700", "0200000009", "170000000100000001020000",
]  # fmt: skip
MODBUS = [encode_adu(n, 1, bytes.fromhex(pdu)) for n, pdu in enumerate(_PDUS, 1)]
MQTT = [
    encode_connect("cam-1", Will("cs/1/s/cam/c/status", b"lost", True), 60, ("u", "p")),
    encode_publish("cs/1/s/cam/c/hb", b'{"t":1,"seq":2,"boot":"ab"}', 7, retain=False),
    encode_subscribe(1, ["cs/1/s/pa/p/cmd/message"]),
    bytes.fromhex("20020000"), bytes.fromhex("9003000101"), bytes.fromhex("40020007"),
]  # fmt: skip
PAYLOADS = [
    envelope.encode_heartbeat(250, 3, "ab12"),
    envelope.encode_state(250, 3, "ab12", envelope.Quality.GOOD, 4.5),
    envelope.encode_status(1, 2, "ab12", "ready"),
    envelope.encode_ack(1, 2, "ab12", "lock#1", "ok", True),
    envelope.encode_command("lock#1", "evacuate", 2, 5000, 100),
    b"cs/1/school/cam/cam-1/state/count",
    b'{"grant":1,"inbox":2,"session":1,"drops":0,"replies":{},"held":[],"stop":false}',
]
_PLATE, _NOW = plate("cam-1"), datetime(2025, 9, 1, 12, 0, tzinfo=UTC)
SPOKEN = [
    onvif.encode(Told("line-out", True, _NOW, object="7")).payload,
    axis.encode(Told("loitering", True, _NOW, object="7"), _PLATE).payload,
    hikvision.encode_alert(Told("crowd", True, _NOW), _PLATE, 3).payload,
    hikvision.encode_passed(_NOW, _PLATE, 12, 3).payload,
    *(m.payload for m in milesight.encode_interval(Told("count", 3, _NOW), _PLATE, _NOW, 5)),
    manscdp.alarm(3, manscdp.Alarm("34020000001320000001", "line", _NOW)),
    sip.request("MESSAGE", "sip:1@127.0.0.1", [("Call-ID", "a"), ("CSeq", "1 MESSAGE")], b"x"),
]
"""What cameras and video platforms say."""

_CALM = Request(3, 0, 3)


def bent(rng: np.random.Generator, honest: list[bytes]) -> bytes:
    """One frame that was honest before."""
    frame = bytearray(honest[int(rng.integers(len(honest)))])
    for _ in range(int(rng.integers(0, 4))):
        place = int(rng.integers(len(frame) + 1))
        match int(rng.integers(6)):
            case 0 if frame:
                frame[place % len(frame)] ^= 1 << int(rng.integers(8))
            case 1:
                del frame[place : place + int(rng.integers(1, 9))]
            case 2:
                frame[place:place] = rng.bytes(int(rng.integers(1, 9)))
            case 3:
                frame += frame[:place]
            case 4 if frame:
                frame[place % len(frame)] = int(rng.choice([0, 1, 0x7F, 0x80, 0xFF]))
            case _:
                frame = bytearray(rng.bytes(int(rng.integers(0, 300))))
    return bytes(frame)


def into_codecs(data: bytes) -> None:
    """Every codec takes any bytes and raises nothing but what it promises."""
    for adu in Stream().feed(data):
        decode_request(adu.pdu)
        decode_reply(_CALM, adu.pdu)
    decode_reply(_CALM, data)
    for packet in Packets().feed(data):
        decode_publish(packet)
        decode_connack(packet)
    for decode in (
        envelope.decode_state, envelope.decode_heartbeat, envelope.decode_status,
        envelope.decode_ack, envelope.decode_command, envelope.stamp,
    ):  # fmt: skip
        decode(data)
    for dialect, known in CAMERA_DIALECTS.items():
        for leaf in known.leaves:
            understand(dialect, leaf.replace("+", "Out"), data)
    connected(data)
    sip.parse(data)
    manscdp.read(data)
    topics.parse_topic(data.decode(errors="replace"))
    for line in (channel.decode_grant, channel.decode_done):
        try:
            line(data)
        except channel.BadLine:
            continue


def _codecs(frames: int, seed: int) -> None:
    rng = stream(seed, "fuzz/codecs")
    kinds = [MODBUS, MQTT, PAYLOADS, SPOKEN]
    for number in range(frames):
        into_codecs(bent(rng, kinds[number % 4]))


async def _server(frames: int, seed: int) -> int:
    """Send to a Modbus server; how often it hung up. AssertionError if the good master waits."""
    with TemporaryDirectory() as folder:
        plant = Plant(Path(folder))
        gateway = plant.bank.gateways["doors"]
        server = ModbusServer(gateway, lambda: plant.now, patience_s=0.5)
        port = await server.start("127.0.0.1", 0)
        good = await asyncio.open_connection("127.0.0.1", port)
        hung_up = 0
        for batch in _batches(frames, stream(seed, "fuzz/server")):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(batch)
            writer.write_eof()
            async with asyncio.timeout(10):
                while await reader.read(1 << 16):
                    pass
            writer.close()
            hung_up += 1
            good[1].write(MODBUS[2])
            async with asyncio.timeout(10):
                assert (await good[0].readexactly(11))[:9] == bytes.fromhex("000300000005010102")
            plant.slice()
        good[1].close()
        await server.close()
        return hung_up


def _batches(frames: int, rng: np.random.Generator) -> Iterator[bytes]:
    """Up to 50 frames for one connection; the first bent one may end it."""
    while frames > 0:
        count = min(frames, int(rng.integers(1, 50)))
        frames -= count
        yield b"".join(bent(rng, MODBUS) for _ in range(count))


def fuzz(frames: int, seed: int = 1) -> dict[str, Any]:
    """Run; what was done and how memory grew (bytes), from the first tenth to the end."""
    process = psutil.Process()
    tenth = frames // 10
    _codecs(tenth // 2, seed)
    hung = asyncio.run(_server(tenth - tenth // 2, seed))
    early = process.memory_info().rss
    _codecs((frames - tenth) // 2, seed + 1)
    hung += asyncio.run(_server(frames - tenth - (frames - tenth) // 2, seed + 1))
    grown = process.memory_info().rss - early
    return {"frames": frames, "connections": hung, "memory": early + grown, "grown": grown}


def _with_atheris(target: Callable[[bytes], None]) -> None:
    import atheris

    atheris.instrument_all()
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    if "--atheris" in sys.argv:
        sys.argv.remove("--atheris")
        _with_atheris(into_codecs)
    words = [int(word) for word in sys.argv[1:3]] or [1_000_000]
    print(json.dumps(fuzz(*words)))
