"""The same loop behind the gateways of several makes, and masters that send hand-written bytes."""

from __future__ import annotations

from pathlib import Path

from controller.interface.points import PointList
from controller.interface.registers import to_value
from devices.bank import Bank
from tests.devices.plant import SLICE_MS, World

HEAD = """
points: 1
site: makes
mqtt: {host: 127.0.0.1, port: 11899}
gateways:
"""
_STATE = "gateway: {2}, unit: {3}, points: {{state: {{{4}}}}}}}\n"
SMOKE = "  - {{id: {0}, kind: smoke-detector, at: room, zone: {1}, " + _STATE
PRESS = "  - {{id: {0}, kind: call-point, at: hall, zone: {1}, " + _STATE
PANEL = "  - {{id: {0}, kind: fire-panel, at: guard, gateway: {1}, unit: {2}, points: {{{3}}}}}\n"


def gateway(name: str, profile: str, port: int, settings: str = "") -> str:
    return (
        f"  - {{id: {name}, profile: {profile}, host: 127.0.0.1, port: {port}, at: guard, "
        f"settings: {{{settings}}}}}\n"
    )


class Makes:
    """A site of panels in motion; `ask` takes and gives PDUs in hex."""

    def __init__(self, folder: Path, gateways: str, devices: str) -> None:
        file = folder / "points.yaml"
        file.write_text(HEAD + gateways + "devices:\n" + devices)
        self.points = PointList.load(file)
        self.world = World()
        self.records: list[tuple[int, str, str, dict[str, object]]] = []
        self.bank = Bank(self.points, self.world, 7, self.record)
        self.now = 0
        self.run(1)

    def record(self, t_ms: int, phase: int, kind: str, entity: str, **data: object) -> None:
        self.records.append((t_ms, kind, entity, data))

    def run(self, seconds: float) -> None:
        end = self.now + int(seconds * 1000)
        while self.now < end:
            self.now += SLICE_MS
            self.world.now = self.now
            self.bank.advance(self.now)
            self.bank.apply(self.now)

    def ask(self, name: str, pdu: str, unit: int = 1, conn: int = 1) -> str:
        body = bytes.fromhex(pdu)
        head = bytes.fromhex("01020000") + (len(body) + 1).to_bytes(2) + bytes([unit])
        answer = self.bank.gateways[name].receive(conn, head + body, self.now)
        assert answer is not None
        assert answer[:4] == head[:4]
        assert answer[6] == unit
        return answer[7:].hex()

    def sees(self, device: str) -> tuple[object, str]:
        """What a controller makes of a device's state, over the wire."""
        point = self.points.points[f"{device}.state"]
        owner = self.points.devices[device]
        function = {"holding": "03", "input": "04"}[point.binding.area]
        pdu = f"{function}{point.binding.address:04x}0001"
        answer = self.ask(owner.gateway, pdu, owner.unit)
        value, quality = to_value(point.binding, (int(answer[4:], 16),))
        return value, quality.value

    def burn(self, extinction_per_m: float = 5.0) -> None:
        self.world.values["room", "extinction_per_m"] = extinction_per_m
