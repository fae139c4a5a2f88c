"""Register maps of fire panels' gateways as their makers document them: where a device stands.

Addresses count from 0. Sources and marks stand in docs/devices/dialects.md; (m) is from memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from controller.interface.kind import Plain, Setting, Takes

Places = Mapping[str, tuple[range, ...]]
"""Area -> the registers that exist in it."""

_ADDRESS = Takes("an address of 0 to 65535", 0, 65535, whole=True)
_PORT = Takes("a TCP port, 0 for none", 0, 65535, whole=True)
PRINTER = Setting("printer-port", "TCP port of the printer's serial server", 0, _PORT)

NK_ELEMENT = "element"
NK_BITS = {
    "element-active": 10000, "element-fault": 11000, "element-off": 12000,
    "control-active": 13000, "control-fault": 14000, "control-off": 15000,
    "control-element-active": 16000, "control-element-fault": 17000, "control-element-off": 18000,
    "hardware-alarm": 19000, "hardware-fault": 20000,
    "zone-alarm": 21000, "zone-prealarm": 22000, "zone-not-ready": 23000, "zone-off": 24000,
    "psu-fault": 32000, "on-battery": 33000,
}  # fmt: skip
"""Bit tables of NK8237 in input registers, with their usual bases (A6V10316242 p. 24-25)."""

NK_COMMANDS = {
    "panel-command": 25000, "zone-command": 26000, "channel-command": 27000,
    "control-command": 28000, "control-channel-command": 29000,
    "section-command": 30000, "area-command": 31000,
}  # fmt: skip
"""Command registers of NK8237, holding (p. 25-28)."""

GST_FIRST = 30
"""Register of the first device in GST's sample job: 40031, bits 11 and 10."""

_GST_LEAD = 2
"""Pairs of 40031 that stand before the first device."""


@dataclass(frozen=True, slots=True)
class PanelProfile:
    """A make: how its gateway says a device's state, and where.

    `states`: type of a `state` -> its area; `slot` finds the number of a device (from 0) from
    area, address, bit, type and the gateway's settings: None where no device can stand. `others`:
    registers of the panel itself that points may be bound to.
    """

    title: str
    states: Mapping[str, str]
    slot: Callable[[str, int, int, Mapping[str, Plain]], int | None]
    settings: Mapping[str, Setting]
    others: Callable[[Mapping[str, Plain]], Places]


@dataclass(frozen=True, slots=True)
class NotifierMap:
    """Addresses of a Notifier gateway; empty ranges where the make has no such registers.

    Loop n, detector d stands at 2 (n-1) `block` + d - 1, module m one `block` further.
    """

    block: int
    status: int
    zones: range = range(0)
    logic_zones: range = range(0)
    trouble_zones: range = range(0)
    circuits: range = range(0)
    troubles: range = range(0)
    types: range = range(0)
    analogue: range = range(0)
    nodes: range = range(0)

    @property
    def points(self) -> range:
        """Ten loops of detectors and modules."""
        return range(20 * self.block)


MODBUS_GW = NotifierMap(200, 9499)
"""LS10015: 40001 to 44000, panel status 49500."""

CGW_MB = NotifierMap(
    300, 20000, range(8000, 10000), range(10000, 12000), range(12000, 14000), range(14000, 14080),
    range(59999, 60100), range(6000), range(10000, 16000), range(20000, 20015),
)  # fmt: skip
"""LS10248: 400001 to 406000, zones 408001, 410001, 412001, circuits 414001, status 420001, troubles
460000; types 300001, analogue 310001, nodes 320001. Lengths of the zone, circuit and analogue
blocks (m)."""


def usual(profile: str, settings: Mapping[str, Plain]) -> dict[str, Plain]:
    """The settings of a gateway, with what it has where the I/O list says nothing."""
    known = SETTINGS.get(profile, {})
    return {name: one.usual for name, one in known.items()} | dict(settings)


def gst_place(slot: int) -> tuple[int, int]:
    """Register and lower bit of a device (from 0) on GST's card: high bits first, 8 a register."""
    pair = slot + _GST_LEAD
    return GST_FIRST + pair // 8, 14 - 2 * (pair % 8)


def _notifier_slot(area: str, address: int, bit: int, settings: Mapping[str, Plain]) -> int | None:
    within = address % MODBUS_GW.block < 159
    return address if address in MODBUS_GW.points and within else None


def _cgw_slot(area: str, address: int, bit: int, settings: Mapping[str, Plain]) -> int | None:
    return address if address in CGW_MB.points else None


def _nk_slot(area: str, address: int, bit: int, settings: Mapping[str, Plain]) -> int | None:
    table = NK_ELEMENT if bit < 0 else "element-active"
    offset = address - int(settings[table])
    slot = offset if bit < 0 else 16 * offset + bit
    return slot if 0 <= slot < 10_000 else None


def _gst_slot(area: str, address: int, bit: int, settings: Mapping[str, Plain]) -> int | None:
    slot = (address - GST_FIRST) * 8 + (14 - bit) // 2 - _GST_LEAD
    return slot if slot >= 0 and not bit % 2 else None


def _only_slot(area: str, address: int, bit: int, settings: Mapping[str, Plain]) -> int | None:
    return 0 if address == 0 else None


def _cgw_others(settings: Mapping[str, Plain]) -> Places:
    status = range(CGW_MB.status, CGW_MB.status + 1)
    return {"holding": (status, CGW_MB.troubles), "input": (CGW_MB.analogue, CGW_MB.nodes)}


def _nk_others(settings: Mapping[str, Plain]) -> Places:
    panel = int(settings["panel-command"])
    hardware = int(settings["hardware-fault"])
    return {"holding": (range(panel, panel + 1),), "input": (range(hardware, hardware + 1),)}


def _settings(*settings: Setting) -> Mapping[str, Setting]:
    return {one.name: one for one in settings}


PANELS: Mapping[str, PanelProfile] = {
    "notifier": PanelProfile(
        "Notifier MODBUS-GW", {"loop": "holding"}, _notifier_slot, _settings(PRINTER),
        lambda settings: {"holding": (range(MODBUS_GW.status, MODBUS_GW.status + 1),)},
    ),
    "notifier-cgw": PanelProfile(
        "Honeywell CGW-MB", {"loop": "holding"}, _cgw_slot,
        _settings(PRINTER, Setting("analogue-timeout", "polling of analogue values ends after", 30,
                                   Takes("1 to 3600 s", 1, 3600, whole=True))),
        _cgw_others,
    ),
    "siemens-nk8237": PanelProfile(
        "Siemens NK8237", {"loop-nk": "input", "loop-bit": "input"}, _nk_slot,
        _settings(
            Setting("commands", "there is an agreement with the maker: commands are taken", False,
                    Takes("true or false", words=(True, False))),
            Setting("elements", "elements configured besides those of the I/O list", 0,
                    Takes("0 to 10000", 0, 10_000, whole=True)),
            *(Setting(name, "base address", base, _ADDRESS)
              for name, base in {NK_ELEMENT: 9000, **NK_BITS, **NK_COMMANDS}.items()),
        ),
        _nk_others,
    ),
    "gst": PanelProfile(
        "GST Modbus card", {"loop-gst": "holding"}, _gst_slot, _settings(PRINTER), lambda _: {},
    ),
    "kidde-alarmline": PanelProfile(
        "Kidde Alarmline II", {"loop-metres": "input"}, _only_slot,
        _settings(Setting("alarm-at-m", "where on the cable an alarm is", 50,
                          Takes("1 to 32767 m", 1, 32767, whole=True))),
        lambda _: {},
    ),
}  # fmt: skip

SETTINGS: Mapping[str, Mapping[str, Setting]] = {
    "fire-panel": _settings(PRINTER),
    **{name: panel.settings for name, panel in PANELS.items()},
}
"""Gateway profile -> how it may be set in the I/O list."""
