"""A timing profile that was fitted to a real device, put on its emulator.

Answers wait as long as they did there, and what an output moves is reported as long after the
write as it was there, whether the emulator's own machine is faster or slower. Devices on MQTT
answer and report commands in the measured times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from numpy.random import Generator

from controller.interface.kinds import KINDS
from controller.interface.points import Point, PointList, Value
from controller.interface.registers import to_raw, to_value
from controller.interface.streams import stream
from devices.bank import Bank
from devices.tempo import Tempo
from scenarios.conform.answers import ACK, REPORT, commanded, shown_by
from scenarios.conform.fit import SHARES, FitFile, load_fit

REPLY = "request to answer"
_LONGEST_MS = 60_000
"""How long a report may run ahead of a machine that does not follow."""


def drawn(quantiles: Sequence[float], rng: Generator) -> float:
    """Return a time from measured quantiles (at `SHARES`), straight between two of them."""
    share = float(rng.random())
    for number in range(1, len(SHARES)):
        low, high = SHARES[number - 1], SHARES[number]
        if share <= high:
            within = (share - low) / (high - low)
            return quantiles[number - 1] + within * (quantiles[number] - quantiles[number - 1])
    return quantiles[-1]


@dataclass(slots=True)
class _Report:
    """One output and the point that shows it; `due_ms` is when the change is to show."""

    output: Point
    shows: Point
    quantiles: Sequence[float]
    written: Value
    shown: Value
    due_ms: int = -1


class Fitted:
    """The timing profile at work on a bank; without a file it does nothing."""

    def __init__(self, file: FitFile | None, points: PointList, bank: Bank, seed: int) -> None:
        self._bank = bank
        self._points = points
        self._rng = stream(seed, "fitted")
        times = {} if file is None else {what: one.ms for what, one in file.times.items()}
        profile = "" if file is None else file.profile
        self._reply = times.get(REPLY)
        self._gateways = [g.id for g in points.gateways.values() if g.profile == profile]
        self._set_tempo(profile, times)
        self._reports = [
            report
            for device in points.devices.values()
            if device.gateway in self._gateways
            for report in self._reports_of(device.points, times)
        ]

    def shape(self, now: int) -> int:
        """Put reports where they belong at `now`; returns when the next one is due."""
        if self._reply is not None:
            standing = self._bank.standing.names()
            for name in (n for n in self._gateways if (n, "slow") not in standing):
                self._bank.gateways[name].delay_ms = round(drawn(self._reply, self._rng))
        due = [self._shape(report, now) for report in self._reports]
        return min(due, default=now + _LONGEST_MS)

    def _set_tempo(self, profile: str, times: dict[str, tuple[float, ...]]) -> None:
        """Keep the devices of a kind on MQTT to the measured times."""
        draws = [partial(self._next_ms, times[w]) if w in times else None for w in (ACK, REPORT)]
        role = commanded(KINDS[profile]) if profile in KINDS else None
        if role is None:
            return
        shows = shown_by(KINDS[profile], role)
        leaves = {role.name: f"state/{shows.name}"} if shows is not None else {}
        for device in self._points.devices.values():
            if device.kind == profile and device.bus == "mqtt":
                tempo = Tempo(self._bank.agenda, draws[0], draws[1], leaves)
                self._bank.stations[device.id].tempo = tempo

    def _next_ms(self, quantiles: Sequence[float]) -> int:
        return round(drawn(quantiles, self._rng))

    def _reports_of(
        self, points: Sequence[Point], times: dict[str, tuple[float, ...]]
    ) -> list[_Report]:
        found = []
        for point in points:
            quantiles = times.get(f"{point.kind}.{point.name} to report")
            if quantiles is not None and point.feedback is not None:
                shows = self._points.points[point.feedback.point]
                found.append(
                    _Report(point, shows, quantiles, self._read(point), self._native(shows))
                )
        return found

    def _shape(self, report: _Report, now: int) -> int:
        written, native = self._read(report.output), self._native(report.shows)
        if written != report.written:
            report.written = written
            report.due_ms = now + round(drawn(report.quantiles, self._rng))
        if report.due_ms < 0:
            report.shown = native
        elif now >= report.due_ms:
            report.shown = self._target(report, native)
            if report.shown == native or now > report.due_ms + _LONGEST_MS:
                report.due_ms = -1
        self._put(report.shows, report.shown)
        return report.due_ms if report.due_ms > now else now + _LONGEST_MS

    def _target(self, report: _Report, native: Value) -> Value:
        """What the report must come to; a switch whose feedback is one value shows its opposite."""
        feedback = report.output.feedback
        if feedback is None or feedback.met(report.written, native):
            return native
        if feedback.equals is None:
            return report.written
        if bool(report.written):
            return feedback.equals
        return not feedback.equals if isinstance(feedback.equals, bool) else native

    def _native(self, point: Point) -> Value:
        """What the machine itself reports."""
        return self._bank.devices[point.device].wiring.values.get(point.name, False)

    def _read(self, point: Point) -> Value:
        device = self._points.devices[point.device]
        image = self._bank.gateways[device.gateway].units[device.unit]
        function = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}[point.binding.area]
        raw = image.read(function, point.binding.address, point.binding.width)
        assert raw is not None
        return to_value(point.binding, raw)[0]

    def _put(self, point: Point, value: Value) -> None:
        device = self._points.devices[point.device]
        image = self._bank.gateways[device.gateway].units[device.unit]
        raw = to_raw(point.binding, value)
        if self._read(point) != value:
            image.put(point.binding, raw)


def find_fit(given: str, points: PointList) -> FitFile | None:
    """Return the timing profile in a file, None for a name; ValueError if it fits nothing."""
    fit = load_fit(given) if given else None
    if fit is None:
        return None
    on_mqtt = {device.kind for device in points.devices.values() if device.bus == "mqtt"}
    profiles = sorted({gateway.profile for gateway in points.gateways.values()} | on_mqtt)
    if fit.profile not in profiles:
        text = f"`--profile {given}` was fitted to a {fit.profile}; the site has"
        raise ValueError(f"{text} {', '.join(profiles)}")
    return fit
