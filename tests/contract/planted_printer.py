"""A GST-like printer behind a serial server of its own make, in order or with a defect planted."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone

from controller.interface.clock import pause, utc_ms

EAST = timezone(timedelta(hours=8))


def telegrams(defect):
    """A reset, the first fire after it, and one that follows."""
    off = timedelta(minutes=7) if defect == "clock off" else timedelta(0)
    when = (datetime.fromtimestamp(utc_ms() / 1000, UTC).astimezone(EAST) - off).strftime(
        "%y/%m/%d  %H:%M"
    )
    fires = ["首次火警", "首次火警" if defect == "first twice" else "火警后续"]
    coding = "utf-8" if defect == "UTF-8" else "gbk"
    pad = " " if defect == "column shifted" else ""
    said = [f"\x1b6{when}\n  \n\x1b9系统复位\n\n"]
    for number, word in enumerate(fires, 4):
        said.append(f"\x1b6{when}\n  004-{number:03}\n\x1b9{pad}{word}\n大厅\n感烟探测器\n\n")
    if defect == "stray bytes":
        said[1] = "HELLO\r\n" + said[1]
    return [text.encode(coding) for text in said]


@asynccontextmanager
async def planted_printer(defect=""):
    """Its url; it prints a little while after the third client has come, and again every second."""
    writers = []
    tasks = []

    async def serve(reader, writer):
        if defect == "turns others away" and len(writers) >= 3:
            writer.transport.abort()
            return
        writers.append(writer)
        with suppress(ConnectionError):
            while await reader.read(1000):
                if defect == "cuts off who speaks":
                    writer.transport.abort()

    async def send(text):
        for number, writer in enumerate(list(writers)):
            if defect == "one client only" and number:
                continue
            half = len(text) // 2
            writer.write(text[:half])
            if defect == "pauses":
                await pause(2.2)
            writer.write(text[half:])

    async def work():
        while True:
            await pause(0.7)
            for text in telegrams(defect):
                await send(text)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    tasks.append(asyncio.ensure_future(work()))
    try:
        yield f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        for task in tasks:
            task.cancel()
        server.close()
        for writer in writers:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
