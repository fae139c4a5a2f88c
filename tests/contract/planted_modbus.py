"""A Modbus device of its own make, in order or with one defect planted; shares no code with ours
but the packing of bits and registers."""

from __future__ import annotations

import asyncio
import signal
import struct
from contextlib import asynccontextmanager

from controller.interface.clock import pause, wall_ms
from controller.interface.modbus import pack_bits, unpack_bits

WATCHDOG_MS = 800
_LOAD = 150
SIZES = {
    "door-board": (16, 16, 16, 16),
    "gate-board": (16,) * 4,
    "sounder-board": (16,) * 4,
    "fire-panel": (0, 0, 4000, 16),
}
FUNCTIONS = {
    "door-board": (1, 2, 3, 4, 5, 6, 15, 16, 43),
    "gate-board": (1, 2, 3, 4, 5, 6, 15, 16, 43),
    "sounder-board": (1, 2, 3, 4, 5, 6, 15, 16, 43),
    "fire-panel": (3, 4, 6, 43),
}


class PlantedModbus:
    """Coil 1 releases a lock (bolt: discrete 1, contact: discrete 0); holding 4 feeds a watchdog
    that makes the lock (discrete 1) safe; input 0 counts passes or seconds."""

    def __init__(self, profile="door-board", defect=""):
        self.profile, self.defect = profile, defect
        sizes = SIZES[profile]
        self.cells = [[0] * size for size in sizes]
        self.clients = 0
        self.limit = 1 if defect == "one client" else 4
        self.fed_ms = None
        self.started = wall_ms()
        self.asked = 0
        self.writers = set()
        if profile == "fire-panel":
            self.cells[2] = [0x00FF] * sizes[2]
            for address in (0, 1, 2, 210):
                self.cells[2][address] = 0x1400
            self.cells[2][201] = self.cells[2][202] = 0
        if profile == "gate-board":
            words = [70000 >> 16, 70000 & 0xFFFF]
            self.cells[3][0:2] = words[::-1] if defect == "swapped words" else words

    def world(self):
        """What the inputs show now."""
        now = wall_ms()
        if self.profile == "fire-panel" and self.defect != "frozen heartbeat":
            seconds = (now - self.started) // 1000
            back = self.defect == "counter backwards"
            self.cells[3][0] = 60_000 - seconds if back else seconds
        if self.profile == "fire-panel" or self.defect == "dead output":
            return
        if self.profile != "door-board":
            self.cells[1][0] = self.cells[0][0]
            return
        limit = WATCHDOG_MS * (3 if self.defect == "late watchdog" else 1)
        safe = self.fed_ms is not None and now - self.fed_ms > limit
        shift = 1 if self.defect == "shifted inputs" else 0
        self.cells[1][shift] = 1
        self.cells[1][1 + shift] = int(not (self.cells[0][1] or safe))

    def power_cycle(self):
        """Off and on again: every master is thrown out, outputs are off."""
        if self.defect != "outputs survive":
            self.cells[0] = [0] * len(self.cells[0])
        for writer in [*self.writers]:
            writer.close()

    def answer(self, unit, pdu):
        """The answering PDU."""
        self.world()
        self.asked += 1
        function = pdu[0]
        known = self.profile == "fire-panel"
        if function not in FUNCTIONS[self.profile]:
            return self.no(function, 1)
        if unit not in (0, 1, 255) and self.defect != "unknown unit answered":
            return self.no(function, 10 if known else 11)
        if function == 43:
            if self.defect == "no identification":
                return self.no(function, 1)
            texts = b"".join(bytes((n, 3)) + b"abc" for n in range(3))
            return b"\x2b\x0e\x01\x01\x00\x00\x03" + texts
        if len(pdu) < 5:
            return self.no(function, 3)
        first, second = struct.unpack_from(">HH", pdu, 1)
        if self.defect == "shifted map":
            first -= 1
        if function <= 4:
            return self.read(function, first, second)
        return self.write(function, first, second, pdu)

    def no(self, function, code):
        if code == 2 and self.defect == "wrong exception":
            code = 4
        if code in (1, 3) and self.defect == "function 0x80":
            return bytes((0x80, code))
        return bytes((function | 0x80, code))

    def read(self, function, address, count):
        cells = self.cells[function - 1]
        most = 2000 if function <= 2 else 125
        over = not 1 <= count <= most
        if over and not (self.defect == "over-limit accepted" and count == most + 1):
            return self.no(function, 3)
        if over:
            data = bytes((count + 7) // 8) if function <= 2 else bytes(2 * count)
            return bytes((function, len(data) & 0xFF)) + data
        if address < 0 or address + count > len(cells):
            return self.no(function, 2)
        values = cells[address : address + count]
        data = pack_bits(values) if function <= 2 else struct.pack(f">{count}H", *values)
        return bytes((function, len(data))) + data

    def write(self, function, address, second, pdu):
        cells = self.cells[0 if function in (5, 15) else 2]
        if function in (5, 6):
            values = [second]
            if function == 5:
                if second not in (0, 0xFF00) and self.defect != "any value switches":
                    return self.no(5, 3)
                values = [int(bool(second))]
            echo = pdu
        else:
            size = (second + 7) // 8 if function == 15 else 2 * second
            most = 1968 if function == 15 else 123
            if not 1 <= second <= most or len(pdu) != 6 + size or pdu[5] != size:
                return self.no(function, 3)
            data = pdu[6:]
            values = (
                list(unpack_bits(data, second))
                if function == 15
                else list(struct.unpack(f">{second}H", data))
            )
            echo = pdu[:5]
        if address < 0 or address + len(values) > len(cells):
            if self.defect == "half a write" and address < len(cells):
                cells[address] = values[0]
            return self.no(function, 2)
        if self.profile == "fire-panel":
            return self.command(address, values[0], echo)
        cells[address : address + len(values)] = values
        if function == 6 and address == 4:
            self.fed_ms = wall_ms()
        return echo

    def command(self, address, value, echo):
        if address in (201, 202):
            return echo if value in (0, 1) else self.no(6, 3)
        if self.defect == "writable read-only":
            self.cells[2][address] = value
            return echo
        return self.no(6, 2)

    async def serve(self, reader, writer):
        """One client."""
        self.clients += 1
        self.writers.add(writer)
        try:
            if self.clients > self.limit:
                return
            buffer = b""
            while data := await reader.read(4096):
                buffer += data
                while len(buffer) >= 6:
                    number, protocol, length = struct.unpack_from(">HHH", buffer)
                    if protocol or not 2 <= length <= 254:
                        if self.defect == "framing ignored":
                            buffer = b""
                            break
                        return
                    if len(buffer) < 6 + length:
                        break
                    unit, pdu = buffer[6], buffer[7 : 6 + length]
                    buffer = buffer[6 + length :]
                    if self.defect == "pipelined lost":
                        buffer = b""
                    if self.defect == "slow":
                        await pause(0.7)
                    if self.defect == "dies under load" and self.asked > _LOAD:
                        return
                    if self.defect == "wrong transaction":
                        number += 1
                    reply = self.answer(unit, pdu)
                    writer.write(struct.pack(">HHHB", number, 0, len(reply) + 1, unit) + reply)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            self.clients -= 1
            self.writers.discard(writer)
            writer.close()


@asynccontextmanager
async def planted(profile="door-board", defect=""):
    """The device on a free port: its url. The signal SIGUSR1 cuts its power for a moment."""
    device = PlantedModbus(profile, defect)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, device.power_cycle)
    server = await asyncio.start_server(device.serve, "127.0.0.1", 0)
    try:
        yield f"modbus://127.0.0.1:{server.sockets[0].getsockname()[1]}/1"
    finally:
        asyncio.get_running_loop().remove_signal_handler(signal.SIGUSR1)
        server.close()
