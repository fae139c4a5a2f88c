"""What a gateway's registers say, block by block, told as readings.

Nothing is taken on trust: a block that reads all zeros at first counts only when the next poll says
the same, since some gateways answer so until they have polled their loop; a value that its kind
cannot have is a fault; and while a heartbeat register stands still, what does not move is stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from controller.drivers.jobs import Reading, as_reading
from controller.drivers.life import Life
from controller.drivers.listener import Listener
from controller.drivers.pollplan import Slot, plan, without_holes
from controller.interface import modbus, registers
from controller.interface.kinds import KINDS
from controller.interface.loopwords import LOOP_TYPES
from controller.interface.points import Device, Point, Quality, Value

QUIET_MS = 30_000
"""A gateway that polls its loop only while it is asked stops after such a silence (m)."""


class Picture:
    """The registers behind one gateway; `readings` are the requests that read all of them."""

    def __init__(self, gateway: str, devices: Sequence[Device], listener: Listener) -> None:
        self._gateway, self._listener = gateway, listener
        self.readings = [as_reading(block) for block in plan(devices)]
        self._life = {
            unit: life
            for unit in sorted({d.unit for d in devices})
            if (life := Life(p for d in devices if d.unit == unit for p in d.points))
        }
        self._frozen: set[int] = set()

    def connected(self) -> None:
        """A new connection: the first zeros of every block are doubted."""
        for reading in self.readings:
            reading.fresh = True

    def lost(self) -> None:
        """Nothing that was read can be trusted any more."""
        for life in self._life.values():
            life.forget()
        for unit in sorted(self._frozen):
            self._listener.comms(self._gateway, "moves", unit=unit)
        self._frozen.clear()
        for reading in self.readings:
            reading.pdu = b""
            self._doubt(reading.block.slots, Quality.STALE)

    def take(self, reading: Reading, pdu: bytes, asked_ms: int) -> Sequence[Reading]:
        """Take a block's reply in; the requests that must follow at once, usually none.

        Bytes that are the same as before say nothing new, except that no heart beats.
        """
        quiet = asked_ms - reading.asked_ms >= QUIET_MS
        reading.asked_ms = asked_ms
        if pdu == reading.pdu:
            self._beats(reading, reading.values, asked_ms)
            return ()
        reply = modbus.decode_reply(reading.block.request, pdu)
        if isinstance(reply, modbus.BadReply):
            self._listener.comms(self._gateway, "malformed", why=reply.reason)
            return ()
        if reply.exception:
            return self._refused(reading, pdu, reply.exception)
        doubted = reading.fresh or quiet or (any(reading.values) and _is_loop(reading))
        if doubted and not reading.zeros and not any(reply.values):
            reading.fresh, reading.zeros = False, True
            return ()
        if reading.zeros and any(reply.values):
            address = reading.block.request.address
            self._listener.comms(self._gateway, "zeros", unit=reading.block.unit, address=address)
        reading.fresh = reading.zeros = False
        self._changed(reading, pdu, reply.values, asked_ms)
        self._beats(reading, reply.values, asked_ms)
        return ()

    def _refused(self, reading: Reading, pdu: bytes, code: int) -> Sequence[Reading]:
        if code == modbus.ILLEGAL_ADDRESS and not reading.block.whole:
            place = self.readings.index(reading)
            parts = [as_reading(block) for block in without_holes(reading.block)]
            self.readings[place : place + 1] = parts
            return parts
        reading.pdu = pdu
        address = reading.block.request.address
        self._listener.comms(self._gateway, "refused", code=code, address=address)
        self._doubt(reading.block.slots, Quality.FAULT)
        return ()

    def _changed(
        self, reading: Reading, pdu: bytes, values: tuple[int, ...], asked_ms: int
    ) -> None:
        known = reading.values if len(reading.pdu) > 2 else ()
        reading.pdu, reading.values = pdu, values
        for slot in reading.block.slots:
            end = slot.offset + slot.point.binding.width
            raw = values[slot.offset : end]
            if known and known[slot.offset : end] == raw:
                continue
            value, quality = judged(slot.point, *registers.to_value(slot.point.binding, raw))
            self._listener.reading(slot.point.id, value, quality, asked_ms)

    def _beats(self, reading: Reading, values: tuple[int, ...], asked_ms: int) -> None:
        """Look for signs of life in a block; a unit that shows none is frozen until it does."""
        unit = reading.block.unit
        life = self._life.get(unit)
        if life is None or len(reading.pdu) <= 2:
            return
        for slot in reading.block.slots:
            raw = values[slot.offset : slot.offset + slot.point.binding.width]
            life.hear(slot.point.id, registers.to_value(slot.point.binding, raw)[0], asked_ms)
        if life.still and unit not in self._frozen:
            self._freeze(unit)
        elif unit in self._frozen and not life.still:
            self._thaw(unit)

    def _freeze(self, unit: int) -> None:
        self._frozen.add(unit)
        self._listener.comms(self._gateway, "frozen", unit=unit)
        for reading in self._of(unit):
            self._doubt(reading.block.slots, Quality.STALE)

    def _thaw(self, unit: int) -> None:
        self._frozen.discard(unit)
        self._listener.comms(self._gateway, "moves", unit=unit)
        for reading in self._of(unit):
            reading.pdu = b""

    def _of(self, unit: int) -> Iterable[Reading]:
        return (reading for reading in self.readings if reading.block.unit == unit)

    def _doubt(self, slots: Iterable[Slot], quality: Quality) -> None:
        for slot in slots:
            self._listener.doubt(slot.point.id, quality)


def _is_loop(reading: Reading) -> bool:
    """Whether a block holds loop devices: for those all zeros at once are a reboot, or all well."""
    return any(slot.point.binding.as_type in LOOP_TYPES for slot in reading.block.slots)


def judged(point: Point, value: Value, quality: Quality) -> tuple[Value, Quality]:
    """A value with its quality; one that devices of the kind cannot have is a fault."""
    if quality is Quality.GOOD and not KINDS[point.kind].points[point.name].possible(value):
        return value, Quality.FAULT
    return value, quality
