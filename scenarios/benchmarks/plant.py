"""A synthetic site: call points and detectors behind two panels, locks behind twenty boards.

Each call point of the first hundred is a zone of its own that releases one lock, so that every
alarm is a first one and can be told at its own coil.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

PANELS, BOARDS, LOCKS = 2, 20, 5
"""Panels, door boards, and locks on each board."""

TRIALS = BOARDS * LOCKS
IN_ZONE = 32
"""Detectors in a zone (GB 50116: 32 points behind one isolator (m))."""

_PER_LOCK = 4
_POINTS = (
    "release: {{coil: {0}, write: true}}, contact: {{discrete: {1}}}, bolt: {{discrete: {2}}}, "
    "forced: {{discrete: {3}}}"
)
_PEOPLE = """people: 1
profiles: {pupil: {speed: {mean: 1.0, sd: 0.15, min: 0.6, max: 1.5}, body_area_m2: 0.05}}
pre_movement: {trained: {median_s: 25, sigma: 0.5, scatter_s: 4}}
timetable: [{id: day, from: "08:30", to: "10:10"}]
groups: [{id: c1, kind: class, profile: pupil, count: 1, pre_movement: trained, at: {day: a}}]
"""


def alarm_at(trial: int, points: int) -> tuple[str, int]:
    """Panel and register of the call point of a trial; trials spread over all registers."""
    return place_of(trial * (calls_in(points) // TRIALS))


def place_of(call: int) -> tuple[str, int]:
    """Panel and register of a call point: the panels take turns."""
    return f"fire-{call % PANELS}", call // PANELS


def lock_at(trial: int) -> tuple[str, int]:
    """Board and coil that a trial releases."""
    return f"doors-{trial % BOARDS}", 16 * (trial // BOARDS) + 1


def calls_in(points: int) -> int:
    """Call points of a site of so many points."""
    return points - BOARDS * LOCKS * _PER_LOCK


def write_site(folder: Path, points: int, ports: Sequence[int], poll_ms: int, dead: int) -> None:
    """points.yaml, people.yaml and matrix.yaml; `ports` for panels, boards and the dead boards."""
    names = [f"fire-{n}" for n in range(PANELS)] + [f"doors-{n}" for n in range(BOARDS)]
    names += [f"dead-{n}" for n in range(dead)]
    lines = ["points: 1", "site: bench", "mqtt: {host: 127.0.0.1, port: 9}", "gateways:"]
    for name, port in zip(names, ports, strict=True):
        profile = "fire-panel" if name.startswith("fire") else "door-board"
        lines.append(
            f"  - {{id: {name}, profile: {profile}, host: 127.0.0.1, port: {port}, at: a, "
            f"poll_ms: {poll_ms}, timeout_ms: 1000, retries: 1}}"
        )
    lines += ["devices:", *_calls(points), *_locks(), *_dead(dead)]
    (folder / "points.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "people.yaml").write_text(_PEOPLE, "utf-8")
    (folder / "matrix.yaml").write_text(_matrix(dead), "utf-8")


def _calls(points: int) -> list[str]:
    """A call point for each trial, in a zone of its own; between them detectors."""
    step = calls_in(points) // TRIALS
    lines = []
    for call in range(calls_in(points)):
        panel, register = place_of(call)
        pressed = call % step == 0 and call // step < TRIALS
        zone, kind = f"z{call // step}", "call-point"
        if not pressed:
            zone, kind = f"o{call // IN_ZONE}", "smoke-detector"
        lines.append(
            f"  - {{id: dev-{call}, kind: {kind}, at: a, zone: {zone}, gateway: {panel}, "
            f"points: {{state: {{holding: {register}, as: loop}}}}}}"
        )
    return lines


def _locks() -> list[str]:
    lines = []
    for trial in range(TRIALS):
        board, coil = lock_at(trial)
        points = _POINTS.format(coil, coil - 1, coil, coil + 3)
        lines.append(
            f"  - {{id: lock-{trial}, kind: door-lock, portal: p{trial}, gateway: {board}, "
            f"points: {{{points}}}}}"
        )
    return lines


def _dead(count: int) -> list[str]:
    points = _POINTS.format(1, 0, 1, 4)
    return [
        f"  - {{id: lost-{n}, kind: door-lock, portal: q{n}, gateway: dead-{n}, "
        f"points: {{{points}}}}}"
        for n in range(count)
    ]


def _matrix(dead: int) -> str:
    """Zone n releases lock n, and with it every lock behind the dead boards."""
    key = "{point: lock-0.forced, equals: true}"
    lines = ["matrix: 1", f"reset: {key}", f"operator: {key}", "causes:"]
    lines.append('  - {id: fire, say: "Confirmed fire", when: confirmed, zones: ["o*"]}')
    lines += [
        f'  - {{id: c{n}, say: "Call point {n}", when: call-point, zones: [z{n}]}}'
        for n in range(TRIALS)
    ]
    lines.append("effects:")
    lines += [
        f'  - {{id: e{n}, say: "Lock {n}", outputs: [lock-{n}.release], value: true}}'
        for n in range(TRIALS)
    ]
    lines.append('  - {id: all, say: "All", outputs: ["lock-*.release"], value: true}')
    if dead:
        lines.append('  - {id: lost, say: "Lost", outputs: ["lost-*.release"], value: true}')
    lost = ", lost: U" if dead else ""
    lines += ["rows:", f"  fire: {{all: U{lost}}}"]
    lines += [f"  c{n}: {{e{n}: U{lost}}}" for n in range(TRIALS)]
    return "\n".join(lines) + "\n"
