"""A small campus for the tests: two classes, a hall, a locked exit, devices of several kinds.

near -- hall -- (x1, magnetic lock; x2, plain door) -- yard
        hall -- d2 -- lobby -- d3 -- far        (d2 and d3 can be shut)
"""

from pathlib import Path
from typing import Any

from twin.site import Site
from twin.twin import Twin

FLOOR = """
floor: 1
name: Small campus
source: drawn for a test
storeys: [{id: g, name: Ground, z_m: 0}]
spaces:
  - {id: near, name: Near, kind: room, storey: g, area_m2: 36, use: classroom, height_m: 3,
     outline: [[0,0],[6,0],[6,6],[0,6]]}
  - {id: hall, name: Hall, kind: corridor, storey: g, area_m2: 36, height_m: 3,
     outline: [[6,0],[12,0],[12,6],[6,6]]}
  - {id: lobby, name: Lobby, kind: corridor, storey: g, area_m2: 36, height_m: 3,
     outline: [[6,6],[12,6],[12,12],[6,12]]}
  - {id: far, name: Far, kind: room, storey: g, area_m2: 36, use: classroom, height_m: 3,
     outline: [[6,12],[12,12],[12,18],[6,18]]}
  - {id: yard, name: Yard, kind: yard, storey: g, area_m2: 400, safe: true,
     outline: [[12,0],[32,0],[32,20],[12,20]]}
portals:
  - {id: d1, name: Door near, between: [near, hall], width_m: 1.0, at: [6, 3], kind: door}
  - {id: d2, name: Door hall, between: [lobby, hall], width_m: 1.0, at: [9, 6], kind: door,
     holds_smoke: true, normally: closed-fire}
  - {id: d3, name: Door far, between: [far, lobby], width_m: 1.0, at: [9, 12], kind: door}
  - {id: x1, name: Locked exit, between: [hall, yard], width_m: 1.2, at: [12, 2], kind: door}
  - {id: x2, name: Side exit, between: [hall, yard], width_m: 1.0, at: [12, 5], kind: door}
"""
POINTS = """
points: 1
site: small-campus
mqtt: {host: 127.0.0.1, port: 11883}
gateways:
  - {id: fire-1, profile: fire-panel, host: 127.0.0.1, port: 15020, at: hall,
     poll_ms: 500, timeout_ms: 1000, retries: 1}
  - {id: doors-1, profile: door-board, host: 127.0.0.1, port: 15021, at: hall,
     poll_ms: 500, timeout_ms: 1000, retries: 1}
  - {id: sounders-1, profile: sounder-board, host: 127.0.0.1, port: 15022, at: hall,
     poll_ms: 500, timeout_ms: 1000, retries: 1}
devices:
  - {id: sd-near, kind: smoke-detector, at: near, zone: z1, gateway: fire-1, unit: 1,
     points: {state: {holding: 0, as: loop}}}
  - {id: mcp-hall, kind: call-point, at: hall, zone: z1, gateway: fire-1, unit: 1,
     points: {state: {holding: 200, as: loop}}}
  - {id: lock-x1, kind: door-lock, at: hall, portal: x1, gateway: doors-1, unit: 1,
     points: {release: {coil: 1, write: true}, bolt: {discrete: 1}, contact: {discrete: 0},
              fire-input: {discrete: 8}}}
  - {id: hold-d2, kind: door-holder, at: hall, portal: d2, gateway: doors-1, unit: 1,
     points: {hold: {coil: 17, write: true}, closed: {discrete: 16}}}
  - {id: snd-near, kind: sounder, at: near, gateway: sounders-1, unit: 1,
     points: {on: {coil: 0, write: true}, sounding: {discrete: 0}, line: {input: 0}}}
  - {id: pa-far, kind: pa-zone, at: hall, covers: [far], bus: mqtt,
     points: {message: {topic: cmd/message, as: text}, playing: {topic: state/playing, as: text}}}
  - {id: sign-hall, kind: exit-sign, at: hall, shows: {left: x1, right: x2}, near: x2, bus: mqtt,
     points: {show: {topic: cmd/show, as: text}, showing: {topic: state/showing, as: text}}}
"""
PEOPLE = """
people: 1
profiles:
  pupil: {speed: {mean: 1.0, sd: 0.15, min: 0.6, max: 1.4}, body_area_m2: 0.05}
  teacher: {speed: {mean: 1.25, sd: 0.2, min: 0.8, max: 1.8}, body_area_m2: 0.1}
pre_movement:
  trained: {median_s: 10, sigma: 0.3, scatter_s: 2}
timetable:
  - {id: lesson, from: "08:00", to: "09:00"}
  - {id: night, from: "20:00", to: "21:00"}
groups:
  - {id: c-near, kind: class, profile: pupil, count: 20, pre_movement: trained,
     at: {lesson: near}, leader: {profile: teacher, count: 1, role: teacher}, assembly: yard}
  - {id: c-far, kind: class, profile: pupil, count: 20, pre_movement: trained,
     at: {lesson: far}, leader: {profile: teacher, count: 1, role: teacher}, assembly: yard}
  - {id: watch, kind: staff, profile: teacher, count: 1, pre_movement: trained, at: hall}
"""


class Journal:
    """Keeps records as mappings in the order in which they were made."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []

    def __call__(self, t_ms: int, phase: int, kind: str, entity: str, **data: object) -> None:
        self.records.append({"t": t_ms, "p": phase, "k": kind, "e": entity, **data})

    def of(self, kind: str, **wanted: object) -> list[dict[str, Any]]:
        """Records of a kind whose keys hold what is wanted."""
        return [
            r
            for r in self.records
            if r["k"] == kind and all(r.get(key) == value for key, value in wanted.items())
        ]


def small_campus(folder: Path, at: str = "hall") -> Site:
    """Write the four files and load them; `at` is where the watch stands."""
    people = PEOPLE.replace("at: hall}", f"at: {at}}}")
    texts = {"floor": FLOOR, "points": POINTS, "people": people, "matrix": "matrix: 1\n"}
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)
    return Site.load(folder)


class Drill:
    """A twin driven slice by slice without a controller."""

    def __init__(self, site: Site, period: str = "lesson", seed: int = 1) -> None:
        self.journal = Journal()
        self.twin = Twin(site, period, seed, 250, self.journal)
        self.now = 0

    def run(self, until_ms: int) -> None:
        """Slices up to and including `until_ms`."""
        while self.now <= until_ms:
            self.twin.advance(self.now)
            self.twin.bank.advance(self.now)
            self.twin.bank.apply(self.now)
            self.twin.sample(self.now)
            self.now += 250

    def run_out(self, give_up_ms: int) -> None:
        """Slices until nobody can move any more."""
        while not self.twin.settled and self.now <= give_up_ms:
            self.run(self.now)

    def sound(self, device: str, cause: str = "snd.on#1") -> None:
        """Let a sounder sound without asking anybody."""
        self.twin.world.actuate(f"sound:{device}", "on", device, cause)

    def alarm(self) -> None:
        """Sounder and voice together: everybody on the campus hears one of them."""
        self.sound("snd-near")
        self.twin.world.actuate("voice:pa-far", "evacuate", "pa-far", "pa-far.message#1")

    def out(self) -> list[dict[str, Any]]:
        """The records of those who are out."""
        return self.journal.of("person", what="out")
