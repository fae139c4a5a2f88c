"""JuPedSim on a scene: how long it takes on the CPU and when everybody is out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from controller.interface.clock import cpu_ms
from evacuation.opinion.aims import aims_of
from evacuation.opinion.models import KNOWN, Model
from scenarios.benchmarks.scenes import Scene

RADIUS_M = 0.2
JAM_S, LIMIT_S = 60.0, 600.0


@dataclass(frozen=True, slots=True)
class Walk:
    """A run of a model: agent-steps (people inside, summed over steps), CPU s, last out s."""

    model: str
    agent_steps: int
    cpu_s: float
    last_out_s: float
    not_out: int
    note: str

    @property
    def span(self) -> dict[str, Any]:
        """What a reader compares: the time when all are out, or why there is none."""
        done = {"all_out_s": round(self.last_out_s, 2), "dt_s": KNOWN[self.model].dt_s}
        return done if not self.not_out else {"not_out": self.not_out, "note": self.note}


def walk(scene: Scene, name: str) -> Walk:
    """Run a model until all are out, nobody has left for 60 s, 600 s, or it fails.

    One `iterate(1)` per step, no trajectory written, set-up excluded.
    """
    model = KNOWN[name]
    simulation = _simulation(scene, model)
    begin, steps, agent_steps, last = cpu_ms(), 0, 0, 0
    note, inside = "", simulation.agent_count()
    try:
        while inside and (steps - last) * model.dt_s < JAM_S and steps * model.dt_s < LIMIT_S:
            simulation.iterate(1)
            steps += 1
            agent_steps += inside
            left = simulation.agent_count()
            last = steps if left < inside else last
            inside = left
    except Exception as error:  # whatever a model dies of is what it says
        note = f"stopped at {steps * model.dt_s:.1f} s: {' '.join(str(error).split())[:120]}"
    note = note or (f"nobody out for {JAM_S:.0f} s" if inside else "")
    return Walk(name, agent_steps, (cpu_ms() - begin) / 1_000, last * model.dt_s, inside, note)


def _simulation(scene: Scene, model: Model) -> Any:
    import jupedsim

    simulation = jupedsim.Simulation(model=model.build(), geometry=scene.walked, dt=model.dt_s)
    ways = {}
    for key, out in scene.exits.items():
        stage = simulation.add_exit_stage(out)
        journey = simulation.add_journey(jupedsim.JourneyDescription([stage]))
        ways[key] = {"journey_id": journey, "stage_id": stage}
    places = {person.id: person.xy for person in scene.people if person.xy}
    aims = aims_of(scene.floor, scene.people, places, list(scene.exits))
    for person in scene.people:
        way = ways[aims[person.id]]
        simulation.add_agent(model.agent(places[person.id], person.speed_m_s, RADIUS_M, way))
    return simulation
