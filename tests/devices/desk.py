"""A client at the broker, for the tests of stations."""

from __future__ import annotations

import json

from controller.interface.envelope import encode_command
from controller.interface.points import Value
from devices.exchange import Publication
from tests.devices.plant import Plant

BASE = "cs/1/plant"
Message = tuple[str, dict[str, object]]


class Desk:
    """A client that listens to everything and gives orders."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.base = f"cs/1/{plant.points.site}"
        plant.exchange.connect("desk", None, [f"{self.base}/#"])

    def heard(self) -> list[Message]:
        messages = self.plant.exchange.take("desk")
        return [(topic.removeprefix(f"{self.base}/"), json.loads(body)) for topic, body in messages]

    def order(self, leaf: str, value: Value, ttl_ms: int = 5000) -> None:
        plant = self.plant
        plant.orders += 1
        payload = encode_command(f"o#{plant.orders}", value, 2, ttl_ms, plant.now)
        plant.exchange.publish("desk", Publication(f"{self.base}/{leaf}", payload, False))


def values(messages: list[Message], leaf: str) -> list[object]:
    return [body["val"] for topic, body in messages if topic == leaf]
