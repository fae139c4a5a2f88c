"""`twin crush`: a scene of the crush zone, recorded once a second and drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from controller.interface.files import nearest
from evacuation.zone import scenes
from evacuation.zone.body import BUILDS
from evacuation.zone.parameters import Parameters
from evacuation.zone.recording import Recording
from reports.crush import Crush, write_frames, write_gif

SCENES = ("stair", "gate")
FALL_AT_S, FALL_AT_M = 10, 3.5
PUPILS, STAIR_DENSITY = 250, 4.0


def crush(scene: str, seed: int, seconds: int, out: Path) -> dict[str, Any]:
    """Run a scene and write its table and pictures; ValueError names the nearest scene."""
    if scene not in SCENES:
        hint = nearest(scene, SCENES) or SCENES[0]
        raise ValueError(f"{scene!r}: no such scene of the crush zone; did you mean `{hint}`?")
    out.mkdir(parents=True, exist_ok=True)
    watch = _stair(seed) if scene == "stair" else scenes.Watch(scenes.gate(seed, scenes.URGENT))
    recording = Recording(watch.zone)
    waiting = [] if scene == "stair" else scenes.crowd(150, BUILDS["child"], "out", seed)
    for second in range(seconds):
        if scene == "stair" and second == FALL_AT_S:
            watch.zone.trip(scenes.lowest(watch.zone, FALL_AT_M))
        for _ in range(2):
            if waiting and watch.zone.offer("in", waiting[0]):
                waiting.pop(0)
        watch.go(1.0)
        recording.take()
    recording.write(out / "crush.parquet")
    drawn = Crush.read(out / "crush.parquet")
    write_frames(drawn, out / "crush.svg")
    write_gif(drawn, out / "crush.gif")
    return _document(scene, seed, watch, out)


def drawn(run: Path, out: Path) -> dict[str, Any]:
    """Draw the crush zones of a run; ValueError if none opened in it."""
    found = sorted(run.glob("crush-*.parquet"))
    if not found:
        raise ValueError(
            f"{run}: no crush zone opened in this run (scenarios ask with `zones: auto`)"
        )
    out.mkdir(parents=True, exist_ok=True)
    files = []
    for path in found:
        recording = Crush.read(path)
        write_frames(recording, out / f"{path.stem}.svg")
        write_gif(recording, out / f"{path.stem}.gif")
        files += [str(out / f"{path.stem}.{suffix}") for suffix in ("svg", "gif")]
    return {"run": str(run), "zones": len(found), "files": files}


def _stair(seed: int) -> scenes.Watch:
    return scenes.Watch(scenes.stairwell(PUPILS, STAIR_DENSITY, seed, Parameters()))


def _document(scene: str, seed: int, watch: scenes.Watch, out: Path) -> dict[str, Any]:
    came = watch.outcome()
    causes = [fall.cause for fall in came.falls]
    return {
        "scene": scene, "seed": seed, "sim_ms": watch.zone.now_ms, "inside": came.inside,
        "left": len(came.out_s), "falls": {name: causes.count(name) for name in sorted({*causes})},
        "most_n": round(came.most_n), "peak_wall_n": round(float(watch.zone.walls.peak.max())),
        "files": [str(out / name) for name in ("crush.parquet", "crush.svg", "crush.gif")],
    }  # fmt: skip


def crush_text(document: dict[str, Any]) -> str:
    """The document as lines to read."""
    if "run" in document:
        return "\n".join([f"{document['zones']} zones opened", *document["files"]])
    falls = ", ".join(f"{count} {name}" for name, count in document["falls"].items()) or "none"
    return (
        f"{document['left']} left, {document['inside']} inside; falls: {falls}; greatest force on "
        f"a person {document['most_n']} N, on a wall {document['peak_wall_n']} N\n"
        + "\n".join(document["files"])
    )
