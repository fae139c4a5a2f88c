"""A timing profile: what was measured on a real device, for its emulator to behave alike."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field
from ruamel.yaml import YAML

from controller.interface.files import Entry, load
from controller.interface.kind import Watchdog
from scenarios.conform.verdict import Latencies, quantile

SHARES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
"""The quantiles that are kept of each measured time."""


class QuantilesEntry(Entry):
    """One measured time: its quantiles in ms at `SHARES`, and how many were taken."""

    count: int = Field(ge=1)
    ms: tuple[float, ...] = Field(min_length=len(SHARES), max_length=len(SHARES))


class WatchdogEntry(Entry):
    """A watchdog that the profile itself does not declare; `safe`: point -> value.

    A point is one of the device, or an address: `holding 4`.
    """

    device: str
    point: str
    after_ms: int = Field(ge=100)
    safe: dict[str, bool | int | float | str] = Field(min_length=1)

    @property
    def declared(self) -> Watchdog:
        """As a device kind would declare it."""
        return Watchdog(self.point, self.after_ms, "", self.safe)


class FitFile(Entry):
    """What `twin conform --fit` writes and `--profile FILE` reads."""

    fitted: Literal[1]
    profile: str
    target: str = ""
    times: dict[str, QuantilesEntry] = Field(default_factory=dict)
    watchdog: WatchdogEntry | None = None


Fit = FitFile


def load_fit(given: str) -> FitFile | None:
    """Return the timing profile if `given` is a file, None if it is a profile's name."""
    path = Path(given)
    if path.suffix not in (".yaml", ".yml", ".json") and not path.is_file():
        return None
    return load(path, FitFile)


def quantiles(taken: list[float]) -> dict[str, Any]:
    """Return count and quantiles of measured times."""
    low = [min(taken)] if taken else []
    rest = [quantile(taken, share) for share in SHARES[1:]]
    return {"count": len(taken), "ms": [round(ms, 2) for ms in low + rest]}


def write_fit(path: Path, document: Mapping[str, Any], latencies: Latencies) -> None:
    """Write the timing profile of what was measured; ValueError if nothing was."""
    if not latencies.taken:
        raise ValueError(f"`--fit {path}`: nothing was measured, so there is nothing to fit")
    content = {
        "fitted": 1,
        "profile": document["profile"],
        "target": document["target"],
        "times": {what: quantiles(ms) for what, ms in latencies.taken.items()},
    }
    yaml = YAML()
    yaml.default_flow_style = None
    with path.open("w", encoding="utf-8") as file:
        file.write("# Measured times (ms) at the quantiles 0, 5, 25, 50, 75, 95, 99 and 100 %.\n")
        yaml.dump(content, file)
