"""Beyond this machine: operators over HTTPS on a wider address, anchors through a real broker."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import shutil
import socket
import ssl
import sys

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from controller import ask
from controller.drivers.http import is_loopback
from controller.interface.clock import pause
from controller.proof import prove, read_anchors
from scenarios.rig.broker import free_port
from scenarios.security.certificates import make_certificates
from tests.controller.conftest import write_site
from tests.controller.test_admission import KEY, write_operators
from tests.controller.wires import LIMIT_S, broker, run

pytestmark = pytest.mark.wire
ANCHOR = "cs/1/test-school/ctl/controller/event/anchor"


def own_address() -> str:
    """An address of this machine that others reach it by; no packet is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock, contextlib.suppress(OSError):
        sock.connect(("192.0.2.1", 9))
        return str(sock.getsockname()[0])
    return "127.0.0.1"


@contextlib.asynccontextmanager
async def product(folder, *extra: str):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "controller", "--site", str(folder), "--scan-ms", "50",
        "--journal", str(folder / "controller.jsonl"), *extra,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        await process.wait()


def state(host: str, door: int, context: ssl.SSLContext) -> int:
    """HTTP status of a question for the state."""
    link = http.client.HTTPSConnection(host, door, timeout=LIMIT_S, context=context)
    with contextlib.closing(link):
        link.request("GET", "/v1/state")
        return link.getresponse().status


def test_operators_ask_over_https_on_a_wider_address(tmp_path, capsys):
    host, door = own_address(), free_port()
    folder = write_site(tmp_path, free_port(), free_port(), free_port())
    write_operators(folder)
    make_certificates(folder / "tls", [host, "127.0.0.1"], [])
    ca, other = folder / "tls" / "ca.pem", folder / "other"
    make_certificates(other, [host], [])
    (folder / "guard.key").write_text(KEY)

    async def asks(ca_file) -> int:
        return await asyncio.to_thread(ask.main, [
            "evacuate", "a", "--as", "guard-1", "--site", "test-school", "--reason", "a test",
            "--key-file", str(folder / "guard.key"), "--http", f"{host}:{door}",
            "--cafile", str(ca_file),
        ])  # fmt: skip

    async def live():
        tls = ["--http-cert", str(folder / "tls/server.pem"),
               "--http-key", str(folder / "tls/server.key")]  # fmt: skip
        async with product(folder, "--http", f"0.0.0.0:{door}", *tls):
            while await asks(ca) == 3:
                await pause(0.05)
            assert await asks(ca) == 0
            assert await asks(other / "ca.pem") == 3, "whoever answers with that is not ours"
            context = ssl.create_default_context(cafile=str(ca))
            seen = await asyncio.to_thread(state, host, door, context)
            assert seen == (200 if is_loopback(host) else 403), "the state is for this machine"
            assert await asyncio.to_thread(state, "127.0.0.1", door, context) == 200
            plain = await asyncio.open_connection(host, door)
            plain[1].write(b"GET /v1/state HTTP/1.1\r\n\r\n")
            assert b"HTTP" not in await plain[0].read(), "in clear it says nothing"
            plain[1].close()

    run(live())
    assert "ok: evacuation of a ordered" in capsys.readouterr().out


@pytest.mark.skipif(shutil.which("mosquitto") is None, reason="Mosquitto is not installed")
def test_anchors_that_somebody_else_kept_through_mosquitto_hold_the_journal(tmp_path):
    mqtt = free_port()
    folder = write_site(tmp_path, mqtt, free_port(), free_port())
    heard: list[bytes] = []
    keeper = paho.Client(CallbackAPIVersion.VERSION2, "keeper")
    keeper.on_message = lambda _client, _data, message: heard.append(bytes(message.payload))
    keeper.on_connect = lambda client, *_: client.subscribe(ANCHOR, 1)

    async def live():
        while True:
            with contextlib.suppress(OSError):
                await asyncio.to_thread(keeper.connect, "127.0.0.1", mqtt)
                break
            await pause(0.05)
        keeper.loop_start()
        async with product(folder, "--anchor-every", "0.2"):
            while len(heard) < 4:
                await pause(0.05)
        keeper.loop_stop()

    with broker(tmp_path, mqtt):
        run(live())
    kept = folder / "kept.jsonl"
    kept.write_bytes(b"\n".join(heard) + b"\n")
    path = folder / "controller.jsonl"
    told = [json.loads(payload) for payload in heard]
    assert len({one["id"] for one in told}) == len(told), "a repeat would show by its id"
    assert (prove(path, read_anchors(kept)).broken, prove(path, read_anchors(kept)).anchored) == (
        "", len(told),
    )  # fmt: skip
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[: told[0]["n"]]), "utf-8")
    assert "cut off" in prove(path, read_anchors(kept)).broken
