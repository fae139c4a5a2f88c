"""What a GST-like printer stream must be: telegrams in GBK, in order, whole, the same for all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from controller.interface.bounded import Unreadable
from controller.interface.clock import pause, utc_ms
from scenarios.conform.printing.bench import Line, PrinterBench
from scenarios.conform.printing.telegram import FIRST, NEXT, RESET, Telegram, column, cut, read
from scenarios.conform.verdict import BrokenError, InapplicableError, Roll, demand

WHOLE_MS = 2000
"""A telegram of 200 bytes takes a quarter of a second at 9600 baud, 1.7 s at 1200."""

_COLUMNS = {FIRST: ("火警", 35), NEXT: ("火警", 31), RESET: ("复位", 28)}
"""Where the words stand, counted from 1; the document has 35 for the first alarm."""

_LOOP, _NUMBER = slice(20, 23), slice(24, 27)
_ZONE_STEP, _SKEW = timedelta(minutes=15), timedelta(minutes=2)
_RETURN_S = 1.0


PRINTER: Roll[PrinterBench] = Roll()


@PRINTER.test("connect", "takes a client and keeps it")
async def _connect(bench: PrinterBench) -> str:
    """A client is taken, and kept although nothing is printed."""
    line = await Line.dial(bench.target)
    await pause(_RETURN_S)
    gone = line.reader.at_eof() or line.reader.exception() is not None
    await line.close()
    demand(not gone, "the connection is closed at once")
    return "takes a client and keeps it"


@PRINTER.test("framing", "nothing but telegrams, in GBK")
async def _framing(bench: PrinterBench) -> str:
    """Nothing but telegrams, in GBK."""
    telegrams = bench.printed()
    left = cut(bench.lines[0].bytes)[1]
    said = [_read(telegram).said for telegram in telegrams]
    demand(not left, f"a telegram is not ended: {left[:60]!r}")
    return f"{len(said)} telegrams: {', '.join(dict.fromkeys(said))}"


def _read(telegram: bytes) -> Telegram:
    try:
        return read(telegram)
    except Unreadable as why:
        raise BrokenError(str(why)) from None


@PRINTER.test("columns", "loop, device and word in their columns")
async def _columns(bench: PrinterBench) -> str:
    """Programs cut telegrams by columns: loop at 21 to 23, device at 25 to 27, the word after."""
    for telegram in bench.printed():
        one = _read(telegram)
        word, wanted = _COLUMNS[one.said]
        at = column(telegram, word)
        demand(at == wanted, f"{one.said}: {word} begins at byte {at}, not {wanted}")
        if one.device is not None:
            shown = (telegram[_LOOP], telegram[_NUMBER])
            digits = all(part.isdigit() for part in shown)
            demand(digits, f"loop and device are not at bytes 21 to 27: {telegram[18:30]!r}")
    return "loop, device and word stand in their columns"


@PRINTER.test("order", "first fire, fires that follow, reset")
async def _order(bench: PrinterBench) -> str:
    """The first fire after a reset says so, those that follow say that they follow."""
    said = [_read(telegram).said for telegram in bench.printed()]
    for before, after in pairwise(said):
        fits = after != FIRST if before in (FIRST, NEXT) else after != NEXT
        demand(fits, f"{after} comes after {before}")
    if len(said) < 2:
        raise InapplicableError(f"one telegram says nothing of the order: {said}")
    return " ".join(said)


@PRINTER.test("clock", "times are of now and rise")
async def _clock(bench: PrinterBench) -> str:
    """Local times that are of now in some zone of the world, and do not run backwards."""
    times = [_read(telegram).when for telegram in bench.printed()]
    now = datetime.fromtimestamp(utc_ms() / 1000, UTC)
    zone = round((times[-1] - now) / _ZONE_STEP) * _ZONE_STEP
    off = times[-1] - now - zone
    demand(abs(zone) <= timedelta(hours=14), f"{times[-1]} is not of today")
    text = f"{off.total_seconds() / 60:+.0f} min off every zone of the world"
    demand(abs(off) <= _SKEW, f"{times[-1]:%H:%M} is {text}")
    back = any(b < a for a, b in pairwise(times))
    demand(not back, f"times run backwards: {', '.join(f'{t:%H:%M}' for t in times)}")
    return f"{times[-1]:%Y-%m-%d %H:%M}, UTC{zone.total_seconds() / 3600:+g} h"


@PRINTER.test("pacing", "a telegram comes in one go")
async def _pacing(bench: PrinterBench) -> str:
    """A telegram comes in one go: a serial line does not pause within it."""
    bench.printed()
    begun, open_bytes, longest = 0.0, b"", 0.0
    for at_ms, piece in bench.lines[0].pieces:
        begun = at_ms if not open_bytes else begun
        whole, open_bytes = cut(open_bytes + piece)
        for _ in whole:
            took, begun = at_ms - begun, at_ms
            bench.latencies.add("first to last byte of a telegram", took)
            longest = max(longest, took)
    demand(longest <= WHOLE_MS, f"a telegram took {longest:.0f} ms; at most {WHOLE_MS} ms")
    return f"telegrams whole within {longest:.0f} ms"


@PRINTER.test("clients", "several clients hear the same")
async def _clients(bench: PrinterBench) -> str:
    """Two programs hear the same, and one of them may be rude."""
    bench.printed()
    first, second, rude = (line.bytes for line in bench.lines)
    demand(second == first, f"a second client heard {len(second)} bytes, the first {len(first)}")
    if bench.limits.read_only:
        return f"{len(first)} bytes, the same for three clients"
    demand(not bench.lines[2].ended, "who sends something is cut off")
    demand(rude == first, f"who sends something heard {len(rude)} bytes, not {len(first)}")
    return f"{len(first)} bytes, the same for three clients; what they send is ignored"


@PRINTER.test("reconnect", "clients come and go")
async def _return(bench: PrinterBench) -> str:
    """Clients come and go; those who stay are not cut off."""
    for _ in range(5):
        line = await Line.dial(bench.target)
        line.writer.transport.abort()
        await pause(_RETURN_S / 10)
    await _connect(bench)
    lost = [number for number, one in enumerate(bench.lines[:2], 1) if one.ended]
    demand(not lost, f"client {lost[:1]} was cut off meanwhile")
    return "6 clients came and went, those who stayed are still there"
