"""Scenes of falls on the graph: a stairwell of a school, drawn here and standing nowhere."""

from evacuation.floor import Floor
from evacuation.people import Person
from evacuation.portal import Portal
from evacuation.space import Space
from evacuation.streams import stream
from evacuation.zone.body import BUILDS, Build

STOREYS, FLIGHT_M, LANDING_M2 = 5, 6.0, 5.0
LOWEST = "flight1"


def stairwell(width_m: float, storeys: int = STOREYS) -> Floor:
    """A stair of one flight per storey with landings; corridors lead in above, a door out below."""
    spaces = {
        "out": Space("out", "street", 1e6, safe=True),
        "hall0": Space("hall0", "landing", LANDING_M2 * width_m, storey="s0"),
    }
    portals = {"exit": Portal("exit", ("hall0", "out"), width_m, (0.0, -2.0), "opening")}
    for k in range(1, storeys):
        z, flight, hall, room = 3.4 * k, f"flight{k}", f"hall{k}", f"floor{k}"
        spaces[hall] = Space(hall, "landing", LANDING_M2 * width_m, storey=f"s{k}", z_m=z)
        spaces[room] = Space(
            room, "corridor", 90.0, storey=f"s{k}", z_m=z, width_m=3.0,
            outline=((2.0, 0.0), (32.0, 0.0), (32.0, 3.0), (2.0, 3.0)),
        )  # fmt: skip
        spaces[flight] = Space(
            flight, "stair", FLIGHT_M * width_m, storey=f"s{k - 1}", z_m=z - 3.4, width_m=width_m,
            slope_length_m=FLIGHT_M,
        )  # fmt: skip
        foot = f"hall{k - 1}"
        portals[f"head{k}"] = Portal(f"head{k}", (hall, flight), width_m, (0.0, 1.0), "opening")
        portals[f"foot{k}"] = Portal(f"foot{k}", (flight, foot), width_m, (0.0, -1.0), "opening")
        portals[f"door{k}"] = Portal(f"door{k}", (room, hall), 1.4, (2.0, 1.0), "opening")
    return Floor(spaces, portals, "stairwell")


def pupils(
    count: int, seed: int, build: Build = BUILDS["pupil"], wait_s: float = 0.0
) -> list[Person]:
    """Pupils in the corridors above, who set off within some seconds of the bell."""
    random = stream(seed, "pupils")
    speeds = random.normal(1.1, 0.15, count).clip(0.7, 1.6)
    waits = random.uniform(0.0, 1000.0 * wait_s, count)
    return [
        Person(
            f"p{k:03}", f"floor{1 + k % (STOREYS - 1)}", "all", "pupil", float(speed),
            build.area_m2, round(wait),
        )
        for k, (speed, wait) in enumerate(zip(speeds.tolist(), waits.tolist(), strict=True))
    ]  # fmt: skip
