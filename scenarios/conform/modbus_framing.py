"""Limits, exception codes, framing at byte level, unit ids, several clients at once."""

from __future__ import annotations

import asyncio

from controller.interface.clock import pause
from controller.interface.modbus import (
    ILLEGAL_FUNCTION,
    ILLEGAL_VALUE,
    MAX_ADU,
    READ_COILS,
    READ_DISCRETE,
    READ_HOLDING,
    READ_INPUT,
    WRITE_COIL,
    WRITE_COILS,
    WRITE_REGISTER,
    WRITE_REGISTERS,
    encode_adu,
)
from scenarios.conform.master import Master
from scenarios.conform.modbus_bench import NAMES, ModbusBench, told
from scenarios.conform.target import UnreachableError
from scenarios.conform.verdict import BrokenError, Check, demand

CLIENTS = 4
"""Masters at the same time that a gateway must serve (Siemens NK8237: 4)."""

_PIPELINED = 8
_NO_FUNCTION = 100
"""User-defined, and in no profile."""

_ATTEMPTS = 3
_UNITS = (247, 246, 245, 244)
_READ_LIMITS = ((READ_COILS, 2000), (READ_DISCRETE, 2000), (READ_HOLDING, 125), (READ_INPUT, 125))


def _three(function: int, address: int, count: int) -> bytes:
    return bytes((function,)) + address.to_bytes(2) + count.to_bytes(2)


async def _limits(bench: ModbusBench) -> str:
    """The most that may be asked is no illegal value; one more is."""
    have = bench.expected.profile.functions
    async with bench.connected() as master:
        for function, most in _READ_LIMITS:
            if function not in have:
                continue
            answer = await master.ask(bench.target.unit, _three(function, 0, most))
            over = answer[:2] == bytes((function | 0x80, ILLEGAL_VALUE))
            demand(not over, f"function {function} refuses to read {most}, the most there may be")
            for count in (most + 1, 0, 0xFFFF):
                what = f"function {function} reading {count}"
                await bench.refused(master, _three(function, 0, count), ILLEGAL_VALUE, what)
        if WRITE_COILS in have:
            await bench.refused(master, _coils(1969), ILLEGAL_VALUE, "writing 1969 coils")
        if WRITE_REGISTERS in have:
            await _too_long(bench, master)
    return "2000 bits, 125 registers, 1968 and 123 to write; one more is an illegal value"


async def _too_long(bench: ModbusBench, master: Master) -> None:
    """124 registers make a frame of 261 bytes: an illegal value, or lost framing."""
    try:
        answer = await master.ask(bench.target.unit, _registers(124))
    except (BrokenError, OSError):
        demand(await master.ended(), "writing 124 registers: neither refused nor closed")
        return
    wanted = bytes((WRITE_REGISTERS | 0x80, ILLEGAL_VALUE))
    demand(answer == wanted, f"writing 124 registers: expected a refusal, got {told(answer)}")


def _coils(count: int) -> bytes:
    size = (count + 7) // 8
    return _three(WRITE_COILS, 0, count) + bytes((size,)) + bytes(size)


def _registers(count: int) -> bytes:
    return _three(WRITE_REGISTERS, 0, count) + bytes((2 * count,)) + bytes(2 * count)


async def _values(bench: ModbusBench) -> str:
    """Malformed writes are an illegal value and write nothing."""
    have = bench.expected.profile.functions
    tried = []
    async with bench.connected() as master:
        if WRITE_COIL in have:
            before = await bench.read(master, "coil", 0, 1)
            what = "FC 5 with 0x1234, neither 0x0000 nor 0xFF00,"
            await bench.refused(master, b"\x05\x00\x00\x12\x34", ILLEGAL_VALUE, what)
            after = await bench.read(master, "coil", 0, 1)
            demand(before == after, "FC 5 with 0x1234 was refused and switched all the same")
            tried.append("FC 5 value")
        for function in (WRITE_COILS, WRITE_REGISTERS):
            if function in have:
                pdu = _three(function, 0, 2) + b"\x03\x00\x00\x00"
                await bench.refused(master, pdu, ILLEGAL_VALUE, f"FC {function}, wrong byte count")
                tried.append(f"FC {function} byte count")
        if bench.expected.name == "fire-panel":
            what = "a command register written with 7"
            await bench.refused(master, b"\x06\x00\xca\x00\x07", ILLEGAL_VALUE, what)
            tried.append("command value")
        for function in {bench.reader, WRITE_REGISTER} & set(have):
            pdu = bytes((function, 0, 0))
            await bench.refused(master, pdu, ILLEGAL_VALUE, f"FC {function}, cut off")
        tried.append("cut-off requests")
    return f"refused as illegal value: {', '.join(tried)}"


async def _split(bench: ModbusBench) -> str:
    """A request may come in any pieces."""
    async with bench.connected() as master:
        adu = encode_adu(77, bench.target.unit, _three(READ_HOLDING, 0, 1))
        for byte in adu:
            master.send(bytes((byte,)))
            await pause(0)
        frame = (await master.frames(1, "a request byte by byte"))[0]
        demand(frame.transaction == 77, f"transaction 77 was answered as {frame.transaction}")
    return "byte by byte: answered once"


async def _pipelined(bench: ModbusBench) -> str:
    """Requests sent before the answers to earlier ones are all answered, in order."""
    async with bench.connected() as master:
        numbers = range(900, 900 + _PIPELINED)
        pdu = _three(READ_HOLDING, 0, 1)
        master.send(b"".join(encode_adu(n, bench.target.unit, pdu) for n in numbers))
        got = await master.frames(_PIPELINED, f"{_PIPELINED} requests in one segment")
        order = [frame.transaction for frame in got]
        demand(order == list(numbers), f"pipelined requests came back as {order}")
    return f"{_PIPELINED} in one segment: all answered, in order"


async def _garbage(bench: ModbusBench) -> str:
    """Frames that are no Modbus end their connection and harm nobody else."""
    bad = {
        "protocol id 1": b"\x00\x01\x00\x01\x00\x06\x01\x03\x00\x00\x00\x01",
        "length 1": b"\x00\x01\x00\x00\x00\x01\x01",
        "length 300 (more than 260 bytes)": b"\x00\x01\x00\x00\x01\x2c\x01" + b"\x03" * 299,
    }
    async with bench.connected() as witness:
        for what, data in bad.items():
            other = await Master.dial(bench.target)
            other.send(data)
            gone = await other.ended()
            await other.close()
            demand(gone, f"a frame with {what} leaves its connection open, though framing is lost")
            await witness.ask(bench.target.unit, _three(READ_HOLDING, 0, 1))
    return f"{', '.join(bad)}: that connection is closed, others go on"


async def _longest(bench: ModbusBench) -> str:
    """A frame of 260 bytes is the longest there may be, and is understood."""
    pdu = bytes((_NO_FUNCTION,)).ljust(MAX_ADU - 7, b"\x00")
    async with bench.connected() as master:
        what = f"function {_NO_FUNCTION} in a frame of {MAX_ADU} bytes"
        await bench.refused(master, pdu, ILLEGAL_FUNCTION, what)
    return f"{MAX_ADU} bytes: read to the end and answered"


async def _unit(bench: ModbusBench) -> str:
    """A unit that is not there is answered by the gateway, with its exception."""
    code = bench.expected.profile.unknown_unit
    others = [unit for unit in _UNITS if unit != bench.target.unit]
    answers = {}
    async with bench.connected() as master:
        for unit in others:
            answers[unit] = await master.ask(unit, _three(bench.reader, 0, 1))
    wanted = bytes((bench.reader | 0x80, code))
    right = [unit for unit, answer in answers.items() if answer == wanted]
    if right:
        return f"unit {right[0]}: exception {code} ({NAMES[code]})"
    unit = others[0]
    text = f"unit {unit}, which is not there: expected exception {code} ({NAMES[code]})"
    raise BrokenError(f"{text}, got {told(answers[unit])}")


async def _clients(bench: ModbusBench) -> str:
    """Several masters at the same time get their own answers, each in its own order."""
    for attempt in range(_ATTEMPTS):
        try:
            await _together(bench)
        except (BrokenError, UnreachableError, OSError) as error:
            if attempt + 1 == _ATTEMPTS:
                raise BrokenError(f"{CLIENTS} clients at the same time: {error}") from None
            await pause(0.2)  # the server may still be clearing away the last connection
        else:
            break
    return f"{CLIENTS} at the same time, each with its own answers"


async def _together(bench: ModbusBench) -> None:
    masters: list[Master] = []
    try:
        for _ in range(CLIENTS):
            masters.append(await Master.dial(bench.target))
        for turn in range(5):
            pdus = [_three(READ_HOLDING, n, 1 + turn) for n in range(CLIENTS)]
            asked = zip(masters, pdus, strict=True)
            answers = await asyncio.gather(*(m.ask(bench.target.unit, p) for m, p in asked))
            for number, answer in enumerate(answers):
                good = len(answer) == 4 + 2 * turn or answer[0] & 0x80
                demand(bool(good), f"client {number + 1} got {told(answer)}")
    finally:
        for master in masters:
            await master.close()


FRAMING: tuple[Check[ModbusBench], ...] = (
    Check("limits", "most values per request", _limits),
    Check("values", "malformed requests are an illegal value", _values),
    Check("framing.split", "requests in pieces", _split),
    Check("framing.pipelined", "requests before the answer to the last", _pipelined),
    Check("framing.garbage", "lost framing closes the connection", _garbage),
    Check("framing.longest", "a frame of 260 bytes", _longest),
    Check("unit.unknown", "a unit that is not there", _unit),
    Check("clients", f"{CLIENTS} clients at the same time", _clients),
)
