"""Notices to a real HTTPS server: whom the controller trusts, and how it signs."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import ssl

import pytest

from controller.drivers.entry import Entry
from controller.drivers.sockets import SocketLinks
from controller.drivers.webhook import WebhookDriver
from controller.interface.clock import pause
from controller.site import load
from scenarios.rig.broker import free_port
from scenarios.security import certificates
from tests.controller.school import School, write
from tests.controller.wires import run

pytestmark = pytest.mark.wire
KEY = "an agreed key"


def made(folder, name="localhost"):
    certificates.make_certificates(folder, [name], [])
    return folder


@contextlib.asynccontextmanager
async def receiver(port, folder, heard):
    """A platform that takes every notice; `folder` None: in clear."""

    async def meet(reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError), contextlib.closing(writer):
            if folder is None:
                await reader.read(1)
                writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
                return
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
            heard.append((fields, await reader.readexactly(int(fields["content-length"]))))
            writer.write(b"HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{}")
            await writer.drain()

    tls = None
    if folder is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(folder / "server.pem", folder / "server.key")
    server = await asyncio.start_server(meet, "127.0.0.1", port, ssl=tls)
    try:
        yield
    finally:
        server.close()


def test_a_notice_waits_for_a_receiver_that_can_be_trusted_and_is_signed(tmp_path, monkeypatch):
    port, heard = free_port(), []
    good = made(tmp_path / "good")
    wrong_ca = made(tmp_path / "wrong")
    with monkeypatch.context() as then:
        then.setattr(certificates, "iso_now", lambda: "2020-01-01T00:00:00+00:00")
        expired = made(tmp_path / "expired")
    wrong_name = made(tmp_path / "name", "elsewhere.example")
    cas = tmp_path / "cas.pem"
    cas.write_bytes(b"".join((f / "ca.pem").read_bytes() for f in (good, expired, wrong_name)))
    (tmp_path / "keys").write_text(f"police {KEY}\n")
    (tmp_path / "keys").chmod(0o600)
    folder = write(tmp_path)
    points = folder / "points.yaml"
    points.write_text(
        points.read_text().replace("http://127.0.0.1:15080", f"https://localhost:{port}")
    )
    entry = Entry.of(
        {"CAMPUS_NOTICE_CAFILE": str(cas), "CAMPUS_NOTICE_KEYS_FILE": str(tmp_path / "keys")}
    )
    school = School(folder)
    link = SocketLinks(entry).http(load(folder).points.devices["police"])
    faults = school.decider.intake.faults
    driver = WebhookDriver("police", link, school.decider.intake, lockstep=False)

    async def told(second) -> str:
        school.at(second)
        due = [one for one in school.plan.due(school.now) if one.receiver == "police"]
        assert len(due) == 1, "it is due, again and again, until it is taken"
        before = len(school.told("delivery"))
        await driver.send(due[0], school.now)
        while len(school.told("delivery")) < before + 2:
            await pause(0.01)
            driver.take_in(school.now)
        return school.told("delivery")[-1][1]

    async def live():
        school.press()
        for second, (folder_, word) in enumerate(
            [(wrong_ca, "untrusted"), (expired, "untrusted"), (wrong_name, "untrusted"),
             (None, "no-tls")], start=1,
        ):  # fmt: skip
            async with receiver(port, folder_, heard):
                assert await told(60 * second) == word
            assert [what for who, what, _ in faults if who == "police"] == [word]
        assert heard == [], "nobody who is not trusted has read a notice"
        async with receiver(port, good, heard):
            assert await told(300) == "taken"
        assert [what for who, what, _ in faults if who == "police"] == [], "he has proved himself"

    run(live())
    [(fields, body)] = heard
    signed = fields["idempotency-key"].encode() + b"\n" + body
    right = hmac.new(KEY.encode(), signed, hashlib.sha256).hexdigest()
    assert fields["x-campus-signature"] == f"sha256={right}"
