"""The card in a fire panel that speaks Modbus: registers on one side, the panel's loops behind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

from controller.interface.loopwords import ALARM, LOOP_TYPES, LoopWord, loop_word
from controller.interface.modbus import ILLEGAL_ADDRESS
from controller.interface.panels import PANELS, usual
from controller.interface.points import Binding, Device, Gateway, Point, Value
from controller.interface.registers import to_raw
from devices.agenda import Agenda
from devices.panels.image import Blocks, PanelImage
from devices.profile import Profile

MAX_CLIENTS = 4


class Panel(Protocol):
    """The fire panel, as its card sees it."""

    silenced: bool

    def command(self, point: str, value: Value, at: int) -> str:
        """Obey `reset` or `silence`."""
        ...

    def acknowledge(self, device: str, at: int) -> None:
        """Somebody has taken note of what a device reports."""
        ...

    def disable(self, device: str, disabled: bool, at: int) -> None:
        """Take a device out of service, or back."""
        ...


class PanelCard(ABC):
    """Keeps the registers of one gateway in step with the panels behind it, one per unit id.

    A make says which registers there are, how a device's state is spread over them, and what each
    command means. `words` holds every device's state as Notifier writes it, which loses nothing.
    """

    functions: tuple[int, ...]
    unknown_unit: int
    identity: tuple[tuple[int, str], ...]

    def __init__(self, gateway: Gateway, members: Sequence[Device], agenda: Agenda) -> None:
        self.settings = usual(gateway.profile, gateway.settings)
        self.panels: dict[int, Panel] = {}
        self.silent: set[int] = set()
        self.words: dict[str, int] = {}
        self.agenda = agenda
        self._map = PANELS[gateway.profile]
        self.loops: dict[int, dict[int, Device]] = {}
        for device in members:
            loop = self.loops.setdefault(device.unit, {})
            slot = self._slot(device)
            if slot is not None:
                loop[slot] = device
        self.places = {d.id: (u, s) for u, loop in self.loops.items() for s, d in loop.items()}
        self.units: dict[int, PanelImage] = {
            unit: self.image(unit, [p.binding for d in members if d.unit == unit for p in d.points])
            for unit in sorted(self.loops) or [1]
        }

    @property
    def clients(self) -> int:
        """Masters that are served at the same time."""
        return MAX_CLIENTS

    def profile(self, blocks: Blocks) -> Profile:
        """What the gateway has, for its register image."""
        least = [max((b.stop for b in blocks.get(a, ()) if b), default=0) for a in _AREAS]
        sizes = (least[0], least[1], least[2], least[3])
        return Profile(self.functions, sizes, 1, 0, False, self.unknown_unit, "")

    def attach(self, unit: int, panel: Panel) -> None:
        """The panel behind a unit is there."""
        self.panels[unit] = panel

    def show(self, device: Device, point: Point, value: Value, t_ms: int) -> None:
        """A device shows something; a state goes wherever this make says it."""
        image = self.units[device.unit]
        if point.binding.as_type not in LOOP_TYPES:
            image.put(point.binding, to_raw(point.binding, value))
            return
        self.words[device.id] = int(value)
        unit, slot = self.places[device.id]
        self.spread(image, slot, loop_word(int(value)), int(value))
        self.summarise(unit)

    def hear(self, unit: int, what: str, device: str, at: int) -> None:
        """The panel tells what happens in it: its own status may have changed."""
        self.summarise(unit)

    def state(self, device: Device) -> LoopWord:
        """What is shown of a device."""
        return loop_word(self.words.get(device.id, 0))

    def zones(self, unit: int) -> dict[str, list[Device]]:
        """The zones of a panel in the I/O list's order, with their devices."""
        found: dict[str, list[Device]] = {}
        for _, device in sorted(self.loops.get(unit, {}).items()):
            found.setdefault(device.zone, []).append(device)
        return found

    def alarmed(self, devices: Sequence[Device]) -> bool:
        """Whether one of these is in alarm."""
        return any(self.state(device).value == ALARM for device in devices)

    @abstractmethod
    def image(self, unit: int, bindings: Sequence[Binding]) -> PanelImage:
        """The registers of a unit, all at rest."""

    @abstractmethod
    def spread(self, image: PanelImage, slot: int, state: LoopWord, word: int) -> None:
        """Show a device's state."""

    def summarise(self, unit: int) -> None:
        """Show what follows from all states: zones, counts, the panel itself. Not every make."""
        return

    def objection(self, unit: int, address: int, raw: int) -> int:
        """The exception that writing a holding register deserves, 0 for none."""
        return ILLEGAL_ADDRESS

    def heed(self, unit: int, address: int, raw: int, at: int) -> None:
        """Carry out a command that was taken. Some makes take none."""
        return

    def _slot(self, device: Device) -> int | None:
        for point in device.points:
            b = point.binding
            if b.as_type in LOOP_TYPES:
                return self._map.slot(b.area, b.address, b.bit, self.settings)
        return None


_AREAS = ("coil", "discrete", "holding", "input")
Cards = Mapping[str, type[PanelCard]]
