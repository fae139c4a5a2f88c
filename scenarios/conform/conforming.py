"""`twin conform`: chooses the tests, runs them one after the other, and sums up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from controller.interface.cameras.dialects import CAMERA_DIALECTS
from controller.interface.kinds import KINDS
from controller.interface.panels import PANELS as PANEL_MAPS
from controller.interface.points import PointList, Value
from devices.profile import PROFILES
from scenarios.conform.cameras.bench import CameraBench
from scenarios.conform.cameras.checks import camera_checks
from scenarios.conform.entry import enter
from scenarios.conform.expected import Expected
from scenarios.conform.fit import Fit, load_fit
from scenarios.conform.master import Master
from scenarios.conform.modbus_acting import ACTING, LAST
from scenarios.conform.modbus_bench import ModbusBench
from scenarios.conform.modbus_framing import FRAMING
from scenarios.conform.modbus_map import MAP
from scenarios.conform.modbus_moving import MOVING
from scenarios.conform.mqtt_bench import MqttBench
from scenarios.conform.mqtt_checks import MQTT
from scenarios.conform.panel_quirks import FIRST, PANEL
from scenarios.conform.printing.bench import PrinterBench
from scenarios.conform.printing.checks import PRINTER
from scenarios.conform.profiles import GB28181, GST_PRINTER, all_profiles, unknown_profile
from scenarios.conform.target import (
    ModbusTarget,
    MqttTarget,
    PrinterTarget,
    SipTarget,
    parse_target,
)
from scenarios.conform.verdict import (
    FAIL,
    PASS,
    Check,
    Latencies,
    Limits,
    Outcome,
    chosen,
    judge,
)
from scenarios.conform.video.bench import VideoBench
from scenarios.conform.video.checks import VIDEO
from scenarios.conform.video.refusing import REFUSING
from scenarios.emulate.forcing import parse_value
from scenarios.emulate.selection import find_points

NO_LIMITS = Limits()
MODBUS = (*MAP, *FRAMING, *ACTING, *MOVING, *LAST)
PANELS = (*FIRST, *MAP, *FRAMING, *ACTING, *PANEL, *MOVING, *LAST)
"""With what only fire panels of other makes have."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be tested and how; `expect` are POINT=VALUE, `tests` globs of test ids.

    `secure`: the folder of `twin devices --secure`; `cafile`: the CA of the broker.
    """

    target: str
    profile: str
    site: str = ""
    device: str = ""
    tests: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()
    limits: Limits = NO_LIMITS
    secure: Path | None = None
    cafile: Path | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What came out."""

    target: str
    profile: str
    outcomes: tuple[Outcome, ...]
    latencies: Latencies

    def document(self) -> dict[str, Any]:
        """Return it as plain JSON (DESIGN section 6, and the latencies)."""
        verdicts = [outcome.verdict for outcome in self.outcomes]
        return {
            "target": self.target,
            "profile": self.profile,
            "tests": [outcome.document() for outcome in self.outcomes],
            "passed": verdicts.count(PASS),
            "failed": verdicts.count(FAIL),
            "skipped": len(verdicts) - verdicts.count(PASS) - verdicts.count(FAIL),
            "latencies": self.latencies.document(),
        }


async def conform(order: Order) -> Report:
    """Test a target; ValueError for bad input, UnreachableError if nobody is there."""
    target = enter(parse_target(order.target), order.secure, order.cafile)
    fit = load_fit(order.profile)
    name = fit.profile if fit is not None else order.profile
    match target:
        case ModbusTarget():
            return await _modbus(order, target, name, fit)
        case MqttTarget() if name in CAMERA_DIALECTS:
            camera = partial(CameraBench.open, target, name, order.limits)
            return await _judged(order, target, name, camera_checks(name), camera)
        case MqttTarget():
            return await _mqtt(order, target, name)
        case PrinterTarget():
            _fits(target, name, GST_PRINTER)
            printer = partial(PrinterBench.open, target, order.limits)
            return await _judged(order, target, name, PRINTER.checks, printer)
        case SipTarget():
            _fits(target, name, GB28181)
            return await _video(order, target, name)


def _fits(target: object, name: str, profile: str) -> None:
    """ValueError for a profile that a target of this kind cannot have."""
    if name != profile:
        why = f"{target} is tested as `{profile}`" if name in all_profiles() else ""
        raise ValueError(f"`--profile {name}`: {why or unknown_profile(name)}")


async def _modbus(order: Order, target: ModbusTarget, name: str, fit: Fit | None) -> Report:
    if name not in (*PROFILES, *PANEL_MAPS) and (name in KINDS or name in all_profiles()):
        where = _elsewhere(name)
        raise ValueError(f"`--profile {name}` is no profile of a Modbus gateway: {where}")
    site = PointList.load(find_points(order.site)) if order.site else None
    expected = Expected.of(name, target, site, order.device, fit)
    wanted = _wanted(expected, order.expect)
    checks = chosen(MODBUS if expected.panel is None else PANELS, order.tests)
    await (await Master.dial(target)).close()
    bench = ModbusBench(target, expected, order.limits, wanted)
    outcomes = [await judge(check, bench, order.limits) for check in checks]
    return Report(str(target), name, tuple(outcomes), bench.latencies)


def _elsewhere(name: str) -> str:
    """At what other kind of target a profile is tested; "" if there is no such profile."""
    if name in KINDS and KINDS[name].bus != "mqtt":
        boards = ", ".join(KINDS[name].boards)
        return f"a {name} is behind a Modbus gateway, test that as {boards}"
    if name not in all_profiles():
        return ""
    forms = {GST_PRINTER: "tcp://HOST:PORT", GB28181: "sip:ID@HOST:PORT"}
    usual = "modbus://HOST:PORT/UNIT" if name in (*PROFILES, *PANEL_MAPS) else "mqtt://..."
    return f"it is tested at {forms.get(name, usual)}"


def _wanted(expected: Expected, given: Sequence[str]) -> dict[str, Value]:
    wanted: dict[str, Value] = {}
    for text in given:
        name, _, word = text.partition("=")
        if name not in expected.points:
            raise ValueError(f"`--expect {text}`: {expected.no_such_point(name)}")
        wanted[name] = parse_value(f"--expect {text}", expected.points[name], word)
    return wanted


async def _mqtt(order: Order, target: MqttTarget, name: str) -> Report:
    kind = KINDS.get(name)
    if kind is None or kind.bus != "mqtt":
        raise ValueError(f"`--profile {name}`: {_elsewhere(name) or unknown_profile(name)}")
    if not target.site or target.prefix:
        makes = ", ".join(CAMERA_DIALECTS)
        raise ValueError(f"{target}: `{name}` is at SITE/KIND/ID; at a TOPIC are cameras: {makes}")
    if kind.topic != target.kind:
        raise ValueError(f"{target}: a {name} speaks under `{kind.topic}`, not `{target.kind}`")
    bench = partial(MqttBench.open, target, kind, order.limits)
    return await _judged(order, target, name, MQTT, bench)


async def _video(order: Order, target: SipTarget, name: str) -> Report:
    """With the site, its password and how often keepalives come are known."""
    video = PointList.load(find_points(order.site)).video if order.site else None
    if order.site and (video is None or video.id != target.id):
        raise ValueError(f"`--site {order.site}` has no GB/T 28181 device {target.id}")
    if video is not None:
        target = replace(target, password=target.password or video.password)
    bench = partial(VideoBench.open, target, video, order.limits)
    return await _judged(order, target, name, (*VIDEO.checks, *REFUSING.checks), bench)


class _Bench(Protocol):
    """What tests of one target work with."""

    latencies: Latencies

    async def close(self) -> None:
        """End what was opened."""
        ...


_B = TypeVar("_B", bound=_Bench)


async def _judged(
    order: Order,
    target: object,
    name: str,
    checks: tuple[Check[_B], ...],
    opening: Callable[[], Awaitable[_B]],
) -> Report:
    """Open a bench, run the tests that are wanted one after the other, and close it."""
    wanted = chosen(checks, order.tests)
    bench = await opening()
    try:
        outcomes = [await judge(check, bench, order.limits) for check in wanted]
    finally:
        await bench.close()
    return Report(str(target), name, tuple(outcomes), bench.latencies)


def run(order: Order, junit: Path | None, html: Path | None, fit: Path | None) -> dict[str, Any]:
    """Test a target, write what is asked for, and return the JSON document."""
    from scenarios.conform.fit import write_fit
    from scenarios.conform.papers import write_html, write_junit

    report = asyncio.run(conform(order))
    document = report.document()
    if junit is not None:
        write_junit(junit, document)
    if html is not None:
        write_html(html, document, report.latencies)
    if fit is not None:
        write_fit(fit, document, report.latencies)
    return document
