"""The printer of a GST panel: bytes as seen on its serial line, and clients that come and go."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

from devices.calendar import HERE, Calendar
from devices.panels.printer import KEPT_LINES, Printer, fire_line, reset_line
from devices.serve.printer import MOST_CLIENTS, PrinterServer
from tests.devices.panels import PRESS, SMOKE, Makes, gateway

SEEN = datetime(2008, 12, 2, 17, 24, tzinfo=HERE)

# The three telegrams of the document, as it prints them.
FIRST = bytes.fromhex(
    "1B36 30382F31322F3032202031373A3234 0A2020 303034 2D 303034 0A1B39 CAD7B4CE BBF0BEAF 0A"
    "C8B9C2A5D2BBB2E3C9CFBFD5 0A B8D0D1CCCCBDB2E2C6F7 0A0A"
)
NEXT = bytes.fromhex(
    "1B36 30382F31322F3032202031373A3231 0A2020 303036 2D 303037 0A1B39 BBF0BEAF BAF3D0F8 0A"
    "D6D0D1CCC1F9B2E3BCC6BBAEB2BF 0A B8D0D1CCCCBDB2E2C6F7 0A0A"
)
RESET = bytes.fromhex("1B36 30382F31322F3032202031373A3235 0A2020 0A1B39 CFB5CDB3 B8B4CEBB 0A0A")


def test_the_telegrams_of_the_document() -> None:
    assert fire_line(SEEN, 4, 4, True, "裙楼一层上空", "感烟探测器") == FIRST
    again = SEEN.replace(minute=21)
    assert fire_line(again, 6, 7, False, "中烟六层计划部", "感烟探测器") == NEXT
    assert reset_line(SEEN.replace(minute=25)) == RESET


def test_the_columns_of_the_document() -> None:
    assert (FIRST[20:23], FIRST[24:27], FIRST[34:38]) == (b"004", b"004", "火警".encode("gbk"))
    assert NEXT[30:34] == "火警".encode("gbk"), "not at 35 in an alarm that follows"
    assert RESET[27:31] == "复位".encode("gbk")


def test_what_gbk_does_not_have_becomes_a_question_mark() -> None:
    assert b"?\n" in fire_line(SEEN, 1, 1, True, "\U0001f525", "x")


@pytest.fixture
def makes(tmp_path: Path) -> Makes:
    return Makes(
        tmp_path,
        gateway("g", "gst", 15990, "printer-port: 15995"),
        SMOKE.format("sd-7", "z", "g", 4, "holding: 31, bit: 14, as: loop-gst")
        + PRESS.format("mcp", "z", "g", 4, "holding: 32, bit: 14, as: loop-gst"),
    )


def test_fires_and_resets_are_printed_and_nothing_else(makes: Makes) -> None:
    printer = makes.bank.printers["g"]
    makes.bank.fault(makes.now, "sd-7", "off")
    makes.run(5)
    assert printer.take() == [], "faults are not printed"
    makes.bank.clear(makes.now, "sd-7", "off")
    makes.bank.press(makes.now, "mcp")
    makes.run(4)
    makes.burn()
    makes.run(60)
    first, then = (line.decode("gbk") for line in printer.take())
    assert first == "\x1b625/09/01  08:00\n  004-015\n\x1b9首次火警\nhall\n手动按钮\n\n"
    assert then.split("\n")[1:3] == ["  004-007", "\x1b9火警后续"]
    assert printer.take() == []


def test_paper_is_not_memory(makes: Makes) -> None:
    printer: Printer = makes.bank.printers["g"]
    for _ in range(3 * KEPT_LINES):
        printer.hear("reset", "", 0)
    assert len(printer.take()) == KEPT_LINES


def test_clients_come_go_and_dawdle(makes: Makes) -> None:
    asyncio.run(asyncio.wait_for(_lines(makes.bank.printers["g"]), 30))


async def _lines(printer: Printer) -> None:
    server = PrinterServer(printer)
    port = await server.start("127.0.0.1", 0)
    line = reset_line(Calendar().at(0))

    async def join() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect, and print until a line arrives: then the server knows the client."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        come = asyncio.ensure_future(reader.readexactly(len(line)))
        while not come.done():
            printer.hear("reset", "", 0)
            server.send()
            await asyncio.wait([come], timeout=0.01)
        assert come.result() == line
        return reader, writer

    gone = await join()
    gone[1].write(b"AT\r\n" * 1000)
    gone[1].close()
    await gone[1].wait_closed()
    stays = [await join() for _ in range(MOST_CLIENTS)]
    refused, writer = await asyncio.open_connection("127.0.0.1", port)
    with suppress(ConnectionError):
        assert await refused.read() == b"", "one more is turned away"
    writer.close()
    reads = stays[0][0]
    for number in range(400):  # 400 times 500 lines of 34 bytes: more than a socket holds
        for _ in range(KEPT_LINES):
            printer.hear("reset", "", 0)
        server.send()
        got = await reads.readexactly(KEPT_LINES * len(line))
        assert got.replace(line, b"") == b"", f"a client that reads misses nothing ({number})"
    assert len(server.clients) == 1, "those that do not read are cut off"
    await server.close()
    for _, writer in stays:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
