"""A GB/T 28181 device on UDP, bytes and digest of its own, in order or with one defect planted."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from hashlib import md5

from controller.interface.clock import pause
from tests.devices.platform import DEVICE, PASSWORD, REALM, SERVER, element, field, reply


def hashed(text):
    return md5(text.encode(), usedforsecurity=False).hexdigest()


class PlantedDevice(asyncio.DatagramProtocol):
    """Keepalives each second, renewals after `RENEW_S`; it never repeats what is not answered."""

    RENEW_S = 3.0

    def __init__(self, defect=""):
        self.defect = defect
        self.number = self.cseq = self.branch = 0
        self.state = "new"
        self.dead = False
        self.done = set()

    def connection_made(self, transport):
        self.transport = transport
        self.port = transport.get_extra_info("sockname")[1]

    def send(self, method, extra, body=b""):
        self.branch += 1
        uri = f"sip:{SERVER}@{REALM}"
        call = "one" if method == "REGISTER" else f"m{self.branch}"
        self.cseq += method == "REGISTER"
        cseq = self.cseq if method == "REGISTER" else 1
        lines = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};rport;branch=z9hG4bKd{self.branch}",
            f"From: <sip:{DEVICE}@{REALM}>;tag=t{self.branch}", f"To: <sip:{DEVICE}@{REALM}>",
            f"Call-ID: {call}", f"CSeq: {cseq} {method}", *extra, f"Content-Length: {len(body)}",
        ]  # fmt: skip
        self.transport.sendto("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def register(self, ask=""):
        extra = ["Expires: 3600"]
        if self.defect != "no contact":
            extra.append(f"Contact: <sip:{DEVICE}@127.0.0.1:{self.port}>")
        if ask:
            nonce = re.search('nonce="([^"]*)"', ask)[1]
            uri = f"sip:{SERVER}@{REALM}"
            secret = "wrong" if self.defect == "wrong digest" else PASSWORD
            first = hashed(f"{DEVICE}:{REALM}:{secret}")
            response = hashed(f"{first}:{nonce}:{hashed(f'REGISTER:{uri}')}")
            extra.append(f'Authorization: Digest username="{DEVICE}", realm="{REALM}", '
                         f'nonce="{nonce}", uri="{uri}", response="{response}"')  # fmt: skip
        self.send("REGISTER", extra)

    def message(self, kind, command, inside, number=None, device=DEVICE):
        self.number += self.defect != "SN stands still"
        about = f"<SN>{number or self.number}</SN><DeviceID>{device}</DeviceID>{inside}"
        head = '<?xml version="1.0" encoding="GB2312"?>\r\n'
        body = f"{head}<{kind}><CmdType>{command}</CmdType>{about}</{kind}>"
        self.send("MESSAGE", ["Content-Type: Application/MANSCDP+xml"], body.encode("gbk"))

    async def work(self):
        self.register()
        for turn in range(400):
            await pause(0.1)
            if self.dead:
                return
            keeps = self.state == "online" or (self.defect == "goes on" and self.state != "new")
            if turn % (25 if self.defect == "late" else 10) == 5 and keeps:
                self.message("Notify", "Keepalive", "<Status>OK</Status>")
            if turn % 30 == 29 and self.state == "online" and self.defect != "no renewal":
                self.register()
            if turn % 5 == 0 and self.state == "refused" and self.defect == "storm":
                self.register()
            if turn == 12:
                self.alarm()

    def alarm(self):
        priority = "9" if self.defect == "priority" else "2"
        self.message("Notify", "Alarm", f"<AlarmPriority>{priority}</AlarmPriority><AlarmMethod>5"
                     "</AlarmMethod><AlarmTime>2025-09-01T12:00:00</AlarmTime>",
                     device="34020000001320000001")  # fmt: skip

    def datagram_received(self, data, addr):
        if self.dead:
            return
        if data.startswith(b"SIP/2.0 401"):
            self.register(field(data, "WWW-Authenticate"))
        elif data.startswith(b"SIP/2.0 200") and b"REGISTER" in data:
            self.state = "online"
        elif data.startswith(b"SIP/2.0 403"):
            self.state = "refused"
        elif data.startswith(b"MESSAGE "):
            self.asked(data)
        elif self.defect == "dies of rubbish" and not data.startswith(b"SIP/2.0 "):
            self.dead = True

    def asked(self, data):
        command, number = element(data, "CmdType"), element(data, "SN")
        if b"Content-Length: 99999" in data:
            return
        if not number:
            self.transport.sendto(reply(data, "400 Bad Request"))
            return
        self.transport.sendto(reply(data, "200 OK"))
        if number in self.done and self.defect != "does it again":
            return
        self.done.add(number)
        if command == "Catalog":
            self.catalogue(number)
        else:
            result = "" if self.defect == "no result" else "<Result>OK</Result>"
            self.message("Response", command, result, number)

    def catalogue(self, number):
        total = 4 if self.defect == "SumNum lies" else 3
        for n in range(1, 4):
            id = "340200000013200000" + ("01" if self.defect == "listed twice" else f"0{n}")
            item = f"<Item><DeviceID>{id}</DeviceID><Name>门厅</Name><Status>ON</Status></Item>"
            listed = f'<DeviceList Num="1">{item}</DeviceList>'
            self.message("Response", "Catalog", f"<SumNum>{total}</SumNum>{listed}", number)


@asynccontextmanager
async def planted_device(port, defect=""):
    """A device that registers at a port of loopback; its url."""
    loop = asyncio.get_running_loop()
    transport, device = await loop.create_datagram_endpoint(
        lambda: PlantedDevice(defect), ("127.0.0.1", 0), ("127.0.0.1", port)
    )

    async def begin():
        await pause(0.3)  # the platform is up by then
        await device.work()

    work = asyncio.ensure_future(begin())
    at = f"{DEVICE}:{PASSWORD}@127.0.0.1:{device.port}"
    try:
        yield f"sip:{at}?platform=127.0.0.1:{port}"
    finally:
        work.cancel()
        transport.close()
