"""How the network to a gateway or an MQTT device fails: each word as conditions of a link."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from controller.interface.points import Value
from devices.network.conditions import Conditions

NETWORKS: Mapping[str, Callable[[Value], Conditions]] = {
    "latency": lambda value: Conditions(delay_ms=int(value)),
    "jitter": lambda value: Conditions(jitter_ms=int(value)),
    "loss": lambda value: Conditions(loss=float(value)),
    "bandwidth": lambda value: Conditions(bytes_per_s=int(value)),
    "half-open": lambda value: Conditions(half_open=True),
    "partition": lambda value: Conditions(parted=True),
}
