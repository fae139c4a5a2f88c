"""Small zones for tests: a straight way with an open end, a shut gate, people in a row."""

from evacuation.zone.body import BUILDS, Body
from evacuation.zone.layout import Gate, Layout, Line, Piece, rectangle
from evacuation.zone.parameters import Parameters
from evacuation.zone.zone import Zone


def way(parameters: Parameters | None = None, width: float = 1.5, seed: int = 1, most: int = 80):
    """10 m, in at x = 0, out at x = 10, a gate at x = 8 that stands open."""
    layout = Layout(
        walls=(((0.0, 0.0), (10.0, 0.0)), ((0.0, width), (10.0, width))),
        lines=(
            Line("in", (0.0, 0.0), (0.0, width), (1.0, 0.0), into=True),
            Line("out", (10.0, 0.0), (10.0, width), (-1.0, 0.0), out=True),
        ),
        pieces=(Piece("way", rectangle(0.0, 0.0, 10.0, width)),),
        gates=(Gate("gate", (8.0, 0.0), (8.0, width)),),
    )
    return Zone(layout, seed, parameters, most)


def pupils(count: int, first: int = 0, speed: float = 1.2, kind: str = "pupil") -> list[Body]:
    return [Body(f"p{k}", BUILDS[kind], speed, "out") for k in range(first, first + count)]


def filled(zone: Zone, bodies: list[Body], seconds: int) -> dict[str, list[str]]:
    """Offer people for some seconds; who was taken, refused last, and left."""
    waiting, told = list(bodies), {"in": [], "left": []}
    for _ in range(10 * seconds):
        while waiting and zone.offer("in", waiting[0]):
            told["in"].append(waiting.pop(0).id)
        told["left"] += [one.id for one in zone.advance(100).left]
    told["waiting"] = [one.id for one in waiting]
    return told
