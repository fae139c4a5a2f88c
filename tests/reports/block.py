"""A block of classrooms as a floor file: rooms along a corridor, a stair at each end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ROOM_W, ROOM_D, CORRIDOR_D = 9.0, 7.0, 2.4


@dataclass
class Layout:
    """A block: `storeys` floors, rooms on one side of a corridor, a stair at each end."""

    storeys: int = 3
    rooms: int = 4
    people: int = 10
    names: dict[str, str] = field(default_factory=dict)

    def floor(self) -> dict[str, Any]:
        spaces: list[dict[str, Any]] = []
        portals: list[dict[str, Any]] = []
        for f in range(1, self.storeys + 1):
            self._storey(f, spaces, portals)
        spaces.append(
            {
                "id": "yard",
                "name": "Yard",
                "kind": "yard",
                "storey": "a1",
                "area_m2": 2000.0,
                "outline": _box(-20, -40, self.width + 40, 30),
                "safe": True,
            }
        )
        for exit_ in ("a.x1", "a.x2"):
            c = "a.f1.c1" if exit_ == "a.x1" else f"a.f1.c{self.rooms}"
            portals.append(
                {
                    "id": exit_,
                    "name": f"Exit {exit_[-1]}",
                    "between": [c, "yard"],
                    "width_m": 1.8,
                    "at": [2.0, -2.4],
                    "kind": "door",
                }
            )
        storeys = [
            {"id": f"a{f}", "name": f"{f}F", "z_m": 3.6 * (f - 1)}
            for f in range(1, self.storeys + 1)
        ]
        return {
            "floor": 1,
            "name": "Synthetic block",
            "source": "test",
            "storeys": storeys,
            "spaces": spaces,
            "portals": portals,
        }

    @property
    def width(self) -> float:
        return self.rooms * ROOM_W

    def _storey(self, f: int, spaces: list[Any], portals: list[Any]) -> None:
        for r in range(1, self.rooms + 1):
            x = (r - 1) * ROOM_W
            room = f"a.f{f}.r{r}"
            spaces.append(
                {
                    "id": room,
                    "name": self.names.get(room, f"Class {f}-{r}"),
                    "kind": "room",
                    "storey": f"a{f}",
                    "area_m2": ROOM_W * ROOM_D,
                    "outline": _box(x, 0, ROOM_W, ROOM_D),
                }
            )
            spaces.append(
                {
                    "id": f"a.f{f}.c{r}",
                    "name": f"Corridor {f}F, part {r}",
                    "kind": "corridor",
                    "storey": f"a{f}",
                    "area_m2": round(ROOM_W * CORRIDOR_D, 2),
                    "outline": _box(x, -CORRIDOR_D, ROOM_W, CORRIDOR_D),
                }
            )
            portals.append(
                {
                    "id": f"a.f{f}.d{r}",
                    "name": f"Door {f}-{r}",
                    "width_m": 1.0,
                    "between": [room, f"a.f{f}.c{r}"],
                    "at": [x + 4.5, 0.0],
                }
            )
        if f < self.storeys:
            for stair, x in (("1", -4.0), ("2", self.width)):
                spaces.append(
                    {
                        "id": f"a.st{stair}.f{f}-f{f + 1}",
                        "kind": "stair",
                        "name": f"Stair {'AB'[int(stair) - 1]}, {f}F to {f + 1}F",
                        "storey": f"a{f}",
                        "area_m2": 14.0,
                        "width_m": 2.1,
                        "slope_length_m": 7.9,
                        "outline": _box(x, -2.4, 4, 7),
                    }
                )


def _box(x: float, y: float, w: float, h: float) -> list[list[float]]:
    return [[x, y], [x + w, y], [x + w, y + h], [x, y + h]]
