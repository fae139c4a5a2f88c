"""`make demo`: the school's fire on stair A over MQTT and Modbus, beside a drill without fire."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from controller.interface.clock import wall_ms
from evacuation import warm
from reports.dossier import Dossier
from reports.tables import stairs
from scenarios.catalog import find_scenario
from scenarios.run import Order, Result, run
from scenarios.words import run_text

FIRE, DRILL = "school-stair-a-fire", "school-fire-drill"


def main() -> None:
    """Compile the kernels, run the fire on `wire` and the drill on `memory`, and say what came."""
    start = wall_ms()
    _say("compiling the crowd's kernels (once) ...")
    warm(_say)
    _say(f"{DRILL}: the same school without a fire, rig memory ...")
    drill = _run(DRILL, "memory", report=False)
    _say(f"{FIRE}: real broker, real Modbus sockets, controller in its own process ...")
    fire = _run(FIRE, "wire", report=True)
    print(_stairs(fire, drill))
    print(run_text(fire))
    _say(f"the demo took {(wall_ms() - start) / 1_000:.0f} s")
    sys.exit(fire.exit_code)


def _run(name: str, rig: str, report: bool) -> Result:
    out = Path("runs") / f"demo-{name}"
    return run(Order(find_scenario(name), rig=rig, out=out, report=report))


def _stairs(fire: Result, drill: Result) -> str:
    with_fire, without = stairs(Dossier.load(fire.folder)), stairs(Dossier.load(drill.folder))
    lines = ["people per stair        with the fire   without"]
    for stair in sorted({*with_fire, *without}):
        lines.append(f"  {stair:22} {_at(with_fire, stair):>12} {_at(without, stair):>9}")
    return "\n".join(lines)


def _at(counts: Mapping[str, Any], stair: str) -> int:
    return int(counts.get(stair, 0))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
