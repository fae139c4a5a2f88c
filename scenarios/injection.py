"""A fault as it is ordered from outside a scenario: on the command line, or over HTTP."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from controller.interface.files import nearest
from controller.interface.points import PointList
from devices.failing.at_network import NETWORKS
from devices.failing.vocabulary import TERMS
from devices.faults import known
from devices.network.conditions import places, served
from scenarios.quantity import Duration, duration_ms
from scenarios.schema import Fault, Happening

PLACE = "at:"
_FORM = re.compile(
    r"(?P<device>(?:at:)?[^:=#]+):(?P<fault>[a-z0-9-]+)(?:=(?P<amount>[^:#]+))?"
    r"(?::(?P<start>[^:#]+))?(?::(?P<lasts>[^:#]+))?(?:#(?P<seed>[0-9]+))?"
)
FORM = "DEVICE:FAULT[=AMOUNT][:START[:DURATION]][#SEED]"
_SPACED = re.compile(r"([0-9.]+)\s*([a-z]+)")
_WORDS = {"true": True, "false": False}


class Injection(BaseModel):
    """A fault for now: `value` or `delay` where it takes one, `lasts` for a time only."""

    model_config = ConfigDict(extra="forbid")

    device: str
    fault: str
    value: str | int | float | bool | None = None
    delay: Duration | None = Field(default=None, json_schema_extra={"example": "3 s"})
    lasts: Duration | None = Field(default=None, json_schema_extra={"example": "60 s"})
    seed: int | None = Field(default=None, ge=0)

    def happening(self, at_ms: int = 0) -> Fault:
        """The same as a happening of a scenario."""
        return Fault.model_construct(
            at=at_ms, when=None, after=0, device=self.device, fault=self.fault,
            value=self.value, delay=self.delay, lasts=self.lasts, seed=self.seed,
        )  # fmt: skip


def parse_injection(text: str) -> tuple[int, Injection]:
    """When (ms) and what, from `fire-1:slow=3s:8s:60s#7`; ValueError with one sentence."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"--fault {text!r}: write {FORM}, as fire-1:slow=3s:8s:60s")
    body: dict[str, Any] = {"device": match["device"], "fault": match["fault"]}
    try:
        known(match["fault"])
        if match["amount"]:
            amount = TERMS[match["fault"]].amount if match["fault"] in TERMS else None
            delayed = amount is not None and amount.key == "delay_ms"
            body["delay" if delayed else "value"] = _amount(match["amount"], delayed)
        if match["lasts"]:
            body["lasts"] = _spaced(match["lasts"])
        if match["seed"]:
            body["seed"] = int(match["seed"])
        start_ms = duration_ms(_spaced(match["start"])) if match["start"] else 0
        return start_ms, Injection.model_validate(body)
    except ValidationError as error:
        raise ValueError(f"--fault {text!r}: {error.errors()[0]['msg']}") from None
    except ValueError as error:
        raise ValueError(f"--fault {text!r}: {error}") from None


def spread(item: Happening, points: PointList) -> list[Happening]:
    """A fault of a place (`at:GLOB`) as one of each gateway and MQTT device there.

    Anything else is itself; ValueError for a place where there is none.
    """
    if not isinstance(item, Fault) or not item.device.startswith(PLACE):
        return [item]
    place = item.device.removeprefix(PLACE)
    names = served(points, place)
    if not names:
        close = nearest(place, places(points))
        hint = f"; did you mean `{PLACE}{close}`?" if close else ""
        raise ValueError(f"no gateway or MQTT device is at {place!r}{hint}")
    return [item.model_copy(update={"device": name}) for name in names]


def check_real(points: PointList, target: str, fault: str) -> None:
    """ValueError with the reason if a fault would have to happen inside a real device.

    A relay of ours can stand before a real gateway; a real MQTT device finds its broker by itself.
    """
    device = points.devices.get(target)
    gateway = points.gateways.get(target if device is None else device.gateway)
    if not (gateway.real if gateway is not None else device is not None and device.real):
        return
    if gateway is not None and gateway.id == target:
        if fault not in NETWORKS:
            can = ", ".join(NETWORKS)
            raise ValueError(
                f"{target} is real and cannot be `{fault}` from here; its network can be: {can}"
            )
    else:
        raise ValueError(f"{target} is a real device: make it `{fault}` by hand")


def _amount(text: str, delayed: bool) -> str | int | float | bool:
    if delayed:
        return _spaced(text)
    if text in _WORDS:
        return _WORDS[text]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _spaced(text: str) -> str:
    """`3s` -> `3 s`, as durations are written in scenarios."""
    match = _SPACED.fullmatch(text.strip())
    return f"{match[1]} {match[2]}" if match else text
