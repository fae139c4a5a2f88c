"""Fire panels of other makes, in order or with one defect planted: tables of numbers written out
by hand from the makers' documents, without our maps."""

from __future__ import annotations

import asyncio
import struct
from contextlib import asynccontextmanager

from tests.contract.planted_modbus import PlantedModbus

HEAD = """
points: 1
site: panels
mqtt: {host: 127.0.0.1, port: 11899}
gateways:
  - {id: p, profile: %s, host: 127.0.0.1, port: 15990, at: guard, settings: {%s}}
devices:
"""
ONE = (
    "  - {id: %s, kind: smoke-detector, at: hall, zone: %s, gateway: p, unit: 1,"
    " points: {state: {%s}}}\n"
)
LISTS = {
    "notifier": HEAD % ("notifier", "") + ONE % ("d-1", "a", "holding: 0, as: loop"),
    "notifier-cgw": HEAD % ("notifier-cgw", "analogue-timeout: 1")
    + ONE % ("d-1", "a", "holding: 0, as: loop")
    + ONE % ("d-2", "b", "holding: 300, as: loop"),
    "siemens-nk8237": HEAD % ("siemens-nk8237", "commands: true")
    + ONE % ("d-1", "a", "input: 9000, as: loop-nk")
    + ONE % ("d-2", "b", "input: 9001, as: loop-nk"),
    "gst": HEAD % ("gst", "") + ONE % ("d-1", "a", "holding: 30, bit: 10, as: loop-gst"),
    "kidde-alarmline": HEAD % ("kidde-alarmline", "")
    + ONE % ("d-1", "a", "input: 0, as: loop-metres"),
}
FUNCTIONS = {
    "notifier": (3, 4, 6, 43), "notifier-cgw": (3, 4, 6, 43), "siemens-nk8237": (3, 4, 6, 16, 43),
    "gst": (3,), "kidde-alarmline": (4,),
}  # fmt: skip
STATUS = {"notifier": 9499, "notifier-cgw": 20000, "siemens-nk8237": 25000}
NK_INPUT = (10000, 11000, 12000, 13000, 14000, 15000, 16000, 17000, 18000, 19000, 20000, 21000,
            22000, 23000, 24000, 32000, 33000)  # fmt: skip


class PlantedPanel(PlantedModbus):
    """Detector d-1 burns; `cells` are holding and input registers by address."""

    def __init__(self, make, defect=""):
        super().__init__("fire-panel", defect)
        self.make, self.polled = make, False
        self.limit = 9 if defect == "any number of clients" else 4
        self.holding, self.input = getattr(self, make.replace("-", "_"))()

    def notifier(self):
        holding = dict.fromkeys(range(4000), 0x00FF) | {0: 0x0C01, 9499: 0}
        return holding, dict.fromkeys(range(16), 0)

    def notifier_cgw(self):
        blank = 0 if self.defect == "unprogrammed reads 0" else 0x00FF
        holding = dict.fromkeys(range(6000), blank) | {0: 0x0C01, 300: 0x1400}
        holding |= dict.fromkeys(range(8000, 14080), 0x00FF) | {20000: 0}
        fire = 0x0C01 if self.defect == "zone says fire" else 0x0C71
        holding |= {8000: fire, 8001: 0x1400} | dict.fromkeys(range(59999, 60100), 0)
        blocks = (*range(6000), *range(10000, 16000), *range(20000, 20015))
        types = {1: 2} if self.defect == "types shifted" else {0: 2}
        return holding, dict.fromkeys(blocks, 0) | types | {300: 2, 10003: 420}

    def siemens_nk8237(self):
        first = -1 if self.defect == "bases counted from 1" else 0
        words = {9000: 2, 9001: 0} | dict.fromkeys(NK_INPUT, 0) | {10000: 1, 21000: 1}
        if self.defect == "bits from the top":
            words[10000] = 0x8000
        commands = (25000, 26000, 26001, 27000, 27001, 28000, 29000, 30000, 31000)
        return dict.fromkeys(commands, 0), {a + first: word for a, word in words.items()}

    def gst(self):
        last = 60 if self.defect != "short table" else 40
        return dict.fromkeys(range(last + 1), 0) | {30: 0x0400}, {}

    def kidde_alarmline(self):
        return {}, {0: 40000 if self.defect == "metres without meaning" else 120}

    def answer(self, unit, pdu):
        function = pdu[0]
        if function not in FUNCTIONS[self.make]:
            return self.no(function, 1)
        if unit != 1:
            return self.no(function, 11 if self.make in ("gst", "kidde-alarmline") else 10)
        if function == 43:
            return b"\x2b\x0e\x01\x01\x00\x00\x03" + b"".join(
                bytes((n, 1)) + b"x" for n in range(3)
            )
        if len(pdu) < 5:
            return self.no(function, 3)
        first, second = struct.unpack_from(">HH", pdu, 1)
        if function in (3, 4):
            return self.shown(function, first, second)
        return self.taken(function, first, pdu)

    def shown(self, function, first, count):
        cells = self.holding if function == 3 else self.input
        if not 1 <= count <= 125:
            return self.no(function, 3)
        if any(first + n not in cells for n in range(count)):
            return self.no(function, 2)
        words = [cells[first + n] for n in range(count)]
        if function == 4 and self.make == "notifier-cgw" and first in range(10000, 16000):
            if not self.polled and self.defect != "values at the first read":
                words = [0] * count
            self.polled = True
        return bytes((function, 2 * count)) + struct.pack(f">{count}H", *words)

    def taken(self, function, first, pdu):
        count = 1 if function == 6 else struct.unpack_from(">H", pdu, 3)[0]
        if (function == 16 and len(pdu) != 6 + 2 * count) or not 1 <= count <= 123:
            return self.no(function, 3)
        code = struct.unpack_from(">H", pdu, 3 if function == 6 else 6)[0]
        status = STATUS[self.make]
        codes = {status: (12, 14) if status == 25000 else (1, 2)}
        if status != 25000:
            codes |= dict.fromkeys(
                (0, 300) if self.make == "notifier-cgw" else (0,), (0x200, 0x400)
            )
        if first not in codes or count > 1:
            if self.defect == "writes anywhere":
                return pdu[:5]
            return self.no(function, 2)
        if code not in codes[first] and self.defect != "any code taken":
            return self.no(function, 3)
        keeps = status == 25000 and self.defect != "code not kept"
        if keeps or self.defect == "code shown for a state":
            self.holding[first] = code
        return pdu[:5]


@asynccontextmanager
async def planted_panel(make, defect=""):
    """The panel on a free port: its url."""
    panel = PlantedPanel(make, defect)
    server = await asyncio.start_server(panel.serve, "127.0.0.1", 0)
    try:
        yield f"modbus://127.0.0.1:{server.sockets[0].getsockname()[1]}/1"
    finally:
        server.close()
