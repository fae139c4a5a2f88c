"""A small building written as IFC, in millimetres: two storeys, one of everything that matters.

Ground floor: nook 106 (exit) touches hall 101; office 102, toilet 103 with a cubicle door, lift 104
behind a door-less opening of 102, stairwell 105. Upper floor: stairwell 201, office 202 with a
French window, store 203 without a door. The roof storey has no rooms.
"""

import uuid
from pathlib import Path
from typing import Any

import ifcopenshell
import ifcopenshell.guid

RISER_M = 3.0 / 17
GOING_M = 0.28
FLIGHT_M = 1.2

ROOMS = [  # storey, number, name, x0, y0, x1, y1
    (0, "101", "Hall", 0, 0, 6, 4),
    (0, "102", "Office", 6.2, 0, 10, 4),
    (0, "103", "WC", 0, 4.2, 6, 7),
    (0, "104", "Lift", 10.2, 0, 12, 4),
    (0, "105", "Stairwell", -5.2, 0, -0.2, 4),
    (0, "106", "Nook", 0, -2, 6, 0),
    (1, "201", "Stairwell", -5.2, 0, -0.2, 4),
    (1, "202", "Office", 0, 0, 6, 4),
    (1, "203", "Store", 6.2, 0, 10, 4),
]
WALLS = [  # storey, x0, y0, x1, y1; the longer side runs along the wall
    (0, 6, 0, 6.2, 4),
    (0, 10, 0, 10.2, 4),
    (0, 0, 4, 6, 4.2),
    (0, -0.2, 0, 0, 4),
    (0, 0, -2.2, 6, -2),
    (1, -0.2, 0, 0, 4),
    (1, 0, -0.2, 6, 0),
    (1, 6, 0, 6.2, 4),
    (0, 3, 5.4, 6, 5.5),
]
DOORS = [  # wall, name, x, y, width; both in the middle of the wall
    (0, "D102", 6.1, 2, 0.9),
    (2, "D103", 3, 4.1, 0.8),
    (3, "D105", -0.1, 3, 1.0),
    (4, "X1", 3, -2.1, 1.2),
    (5, "D202", -0.1, 3, 1.0),
    (6, "French", 3, -0.1, 0.9),
    (8, "Cubicle", 4.5, 5.45, 0.7),
]
LIFT_DOOR = (1, 10.1, 2, 1.1)


class Model:
    """Writes elements into an `ifcopenshell.file`, metres in, millimetres out."""

    def __init__(self, schema: str) -> None:
        self.file = ifcopenshell.file(schema=schema)
        self.origin = self._axes(0, 0, 0)
        context = self.make(
            "IfcGeometricRepresentationContext",
            ContextType="Model",
            CoordinateSpaceDimension=3,
            Precision=1e-5,
            WorldCoordinateSystem=self.origin,
        )
        self.context = context
        units = [
            self.make("IfcSIUnit", UnitType="LENGTHUNIT", Prefix="MILLI", Name="METRE"),
            self.make("IfcSIUnit", UnitType="AREAUNIT", Name="SQUARE_METRE"),
        ]
        self.project = self.root(
            "IfcProject",
            "project",
            RepresentationContexts=[context],
            UnitsInContext=self.make("IfcUnitAssignment", Units=units),
        )

    def make(self, kind: str, **values: Any) -> Any:
        return self.file.create_entity(kind, **values)

    def root(self, kind: str, name: str, **values: Any) -> Any:
        seed = uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}/{name}")
        guid = ifcopenshell.guid.compress(seed.hex)
        return self.make(kind, GlobalId=guid, Name=name, **values)

    def element(self, kind: str, name: str, boxes: list[Any], along_y: bool, **values: Any) -> Any:
        """An element of boxes (x0, y0, z0, x1, y1, z1); its x axis runs along the wall."""
        placement = self.make("IfcLocalPlacement", RelativePlacement=self._axes(0, 0, 0, along_y))
        solids = [self._box(box, along_y) for box in boxes]
        body = self.make(
            "IfcShapeRepresentation",
            ContextOfItems=self.context,
            RepresentationIdentifier="Body",
            RepresentationType="SweptSolid",
            Items=solids,
        )
        shape = self.make("IfcProductDefinitionShape", Representations=[body])
        return self.root(kind, name, ObjectPlacement=placement, Representation=shape, **values)

    def _box(self, box: Any, along_y: bool) -> Any:
        x0, y0, z0, x1, y1, z1 = box
        if along_y:  # the placement turns x to y and y to -x
            x0, x1, y0, y1 = y0, y1, -x1, -x0
        profile = self.make(
            "IfcRectangleProfileDef",
            ProfileType="AREA",
            Position=self.make(
                "IfcAxis2Placement2D",
                Location=self._point((x0 + x1) / 2, (y0 + y1) / 2),
            ),
            XDim=(x1 - x0) * 1000.0,
            YDim=(y1 - y0) * 1000.0,
        )
        up = self.make("IfcDirection", DirectionRatios=(0.0, 0.0, 1.0))
        return self.make(
            "IfcExtrudedAreaSolid",
            SweptArea=profile,
            Position=self._axes(0, 0, z0),
            ExtrudedDirection=up,
            Depth=(z1 - z0) * 1000.0,
        )

    def _axes(self, x: float, y: float, z: float, along_y: bool = False) -> Any:
        ahead = (0.0, 1.0, 0.0) if along_y else (1.0, 0.0, 0.0)
        return self.make(
            "IfcAxis2Placement3D",
            Location=self._point(x, y, z),
            Axis=self.make("IfcDirection", DirectionRatios=(0.0, 0.0, 1.0)),
            RefDirection=self.make("IfcDirection", DirectionRatios=ahead),
        )

    def _point(self, *metres: float) -> Any:
        return self.make("IfcCartesianPoint", Coordinates=[m * 1000.0 for m in metres])


def write(path: Path, schema: str = "IFC4", treads: bool = True) -> Path:
    """Write the building to ``path``; without ``treads`` the stair is one sloping-free block."""
    model = Model(schema)
    building = model.root("IfcBuilding", "building", LongName="Small house")
    levels = [("Ground", 0.0), ("Upper", 3.0), ("Roof", 6.0)]
    storeys = [model.root("IfcBuildingStorey", name, Elevation=z * 1000.0) for name, z in levels]
    _aggregate(model, model.project, [building])
    _aggregate(model, building, storeys)
    _rooms(model, storeys)
    walls = _walls(model, storeys)
    _doors(model, storeys, walls)
    _stair(model, storeys[0], treads)
    model.file.write(str(path))
    return path


def _rooms(model: Model, storeys: list[Any]) -> None:
    for level in (0, 1, 2):
        spaces = []
        for storey, number, name, x0, y0, x1, y1 in ROOMS:
            if storey == level:
                z = 3.0 * storey
                box = (x0, y0, z, x1, y1, z + 2.8)
                space = model.element("IfcSpace", number, [box], False, LongName=name)
                _quantity(model, space, (x1 - x0) * (y1 - y0))
                spaces.append(space)
        if spaces:
            _aggregate(model, storeys[level], spaces)


def _walls(model: Model, storeys: list[Any]) -> list[Any]:
    walls = []
    for number, (storey, x0, y0, x1, y1) in enumerate(WALLS):
        z = 3.0 * storey
        box = (x0, y0, z, x1, y1, z + 2.8)
        wall = model.element("IfcWall", f"wall {number}", [box], y1 - y0 > x1 - x0)
        _contain(model, storeys[storey], wall)
        walls.append(wall)
    _opening(model, walls, "lift opening", *LIFT_DOOR)
    return walls


def _doors(model: Model, storeys: list[Any], walls: list[Any]) -> None:
    for wall, name, x, y, width in DOORS:
        box, along_y = _hole(wall, x, y, width, 0.05)
        door = model.element(
            "IfcDoor", name, [box], along_y, OverallHeight=2100.0, OverallWidth=width * 1000.0
        )
        _contain(model, storeys[WALLS[wall][0]], door)
        opening = _opening(model, walls, f"opening of {name}", wall, x, y, width)
        model.root(
            "IfcRelFillsElement",
            f"fill {name}",
            RelatingOpeningElement=opening,
            RelatedBuildingElement=door,
        )


def _opening(model: Model, walls: list[Any], name: str, wall: int, *hole: float) -> Any:
    box, along_y = _hole(wall, *hole, 0.2)
    opening = model.element("IfcOpeningElement", name, [box], along_y)
    model.root(
        "IfcRelVoidsElement",
        f"void {name}",
        RelatingBuildingElement=walls[wall],
        RelatedOpeningElement=opening,
    )
    return opening


def _hole(wall: int, x: float, y: float, width: float, depth: float) -> tuple[Any, bool]:
    storey, x0, y0, x1, y1 = WALLS[wall]
    z = 3.0 * storey
    if y1 - y0 > x1 - x0:
        return (x - depth / 2, y - width / 2, z, x + depth / 2, y + width / 2, z + 2.1), True
    return (x - width / 2, y - depth / 2, z, x + width / 2, y + depth / 2, z + 2.1), False


def _stair(model: Model, storey: Any, treads: bool) -> None:
    boxes = [
        (-5.0 + GOING_M * k, 1.0, RISER_M * k, -5.0 + GOING_M * (k + 1), 1.0 + FLIGHT_M,
         RISER_M * (k + 1))
        for k in range(16)
    ] if treads else [(-5.0, 1.0, 0.0, -0.5, 1.0 + FLIGHT_M, 2.9)]  # fmt: skip
    stair = model.root("IfcStair", "Main stair")
    flight = model.element("IfcStairFlight", "flight", boxes, False)
    _aggregate(model, stair, [flight])
    _contain(model, storey, stair)


def _aggregate(model: Model, whole: Any, parts: list[Any]) -> None:
    name = f"parts of {whole.Name}"
    model.root("IfcRelAggregates", name, RelatingObject=whole, RelatedObjects=parts)


def _contain(model: Model, storey: Any, element: Any) -> None:
    model.root(
        "IfcRelContainedInSpatialStructure",
        f"{element.Name} in {storey.Name}",
        RelatedElements=[element],
        RelatingStructure=storey,
    )


def _quantity(model: Model, space: Any, area: float) -> None:
    figure = model.make("IfcQuantityArea", Name="NetFloorArea", AreaValue=area)
    sheet = model.root("IfcElementQuantity", f"sheet {space.Name}", Quantities=[figure])
    sheet.Name = "BaseQuantities"
    model.root(
        "IfcRelDefinesByProperties",
        f"quantities of {space.Name}",
        RelatedObjects=[space],
        RelatingPropertyDefinition=sheet,
    )
