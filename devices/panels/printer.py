"""The printer of a GST panel: what its RS-232 line says, in GBK with ESC sequences.

Line format and examples: "Gulf GST9000 cabinet panel, data acquisition protocol" (vgte.net 230).
It prints fires and resets; faults and disablements it does not print at all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime

from controller.interface.loopwords import ALARM, LOOP_TYPES
from controller.interface.panels import MODBUS_GW, PANELS, usual
from controller.interface.points import Device, Gateway, PointList
from devices.calendar import Calendar

KEPT_LINES = 500
"""Lines that wait for the next time somebody takes them; older ones are lost, as on paper."""

WORDS = {
    "smoke-detector": "感烟探测器", "heat-detector": "感温探测器", "beam-detector": "红外对射",
    "aspirating-detector": "吸气感烟", "call-point": "手动按钮",
    "flow-switch": "水流指示",
}  # fmt: skip
"""How the panel names device types; the first as seen, the others (m)."""


def fire_line(when: datetime, loop: int, number: int, first: bool, place: str, kind: str) -> bytes:
    """A fire: `loop`-`number` of the device, whether it is the first since a reset, where, what.

    Bytes 21 to 23 are the loop and 25 to 27 the device; 火警 stands at 35 to 38 in the first alarm,
    and at 31 to 34 in those that follow.
    """
    head = f"\x1b6{when:%y/%m/%d  %H:%M}\n  {loop:03}-{number:03}\n\x1b9"
    said = "首次火警" if first else "火警后续"
    return f"{head}{said}\n{place}\n{kind}\n\n".encode("gbk", "replace")


def reset_line(when: datetime) -> bytes:
    """A reset; 复位 stands at bytes 28 to 31."""
    return f"\x1b6{when:%y/%m/%d  %H:%M}\n  \n\x1b9系统复位\n\n".encode("gbk")


class Printer:
    """The printer behind a gateway's panels; `lines` waits to be sent down the serial line."""

    def __init__(self, gateway: Gateway, devices: Mapping[str, Device], calendar: Calendar) -> None:
        self.gateway = gateway
        self.lines: deque[bytes] = deque(maxlen=KEPT_LINES)
        self._devices, self._calendar = devices, calendar
        self._alarms: set[str] = set()

    def hear(self, what: str, device: str, at: int) -> None:
        """Something happens in the panel; most of it is not printed."""
        if what == ALARM:
            found = self._devices[device]
            loop, number = loop_number(self.gateway, found)
            first = not self._alarms
            self._alarms.add(device)
            kind = WORDS[found.kind]
            when = self._calendar.at(at)
            self.lines.append(fire_line(when, loop, number, first, found.at or found.zone, kind))
        elif what == "reset":
            self._alarms.clear()
            self.lines.append(reset_line(self._calendar.at(at)))

    def take(self) -> list[bytes]:
        """The lines since the last call."""
        lines = list(self.lines)
        self.lines.clear()
        return lines


def printers(points: PointList, calendar: Calendar) -> dict[str, Printer]:
    """The printers that the I/O list asks for: gateways with a `printer-port`."""
    return {
        name: Printer(gateway, points.devices, calendar)
        for name, gateway in points.gateways.items()
        if usual(gateway.profile, gateway.settings).get("printer-port")
    }


def loop_number(gateway: Gateway, device: Device) -> tuple[int, int]:
    """Loop and device number as people read them, from where the device stands in the registers.

    On GST's card the unit is the loop; elsewhere a loop has a block of detectors and one of
    modules, whose numbers go on after those of the detectors.
    """
    binding = next(p.binding for p in device.points if p.binding.as_type in LOOP_TYPES)
    panel = PANELS.get(gateway.profile)
    if panel is None:
        slot: int | None = binding.address
    else:
        settings = usual(gateway.profile, gateway.settings)
        slot = panel.slot(binding.area, binding.address, binding.bit, settings)
    if gateway.profile == "gst":
        return device.unit, (slot or 0) + 1
    block = 600 if gateway.profile == "notifier-cgw" else 2 * MODBUS_GW.block
    return (slot or 0) // block + 1, (slot or 0) % block + 1
