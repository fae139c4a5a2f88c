"""The shape of floor.yaml: storeys, spaces and portals as a person writes them.

This module knows the file and nothing else: whether a portal's spaces exist, or a room reaches
an exit, is asked of the floor graph. Lengths in metres, areas in square metres, and one
horizontal coordinate system for the whole site, so that every plan can be drawn from it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Id = Annotated[str, Field(pattern=r"^[a-z0-9.-]{1,48}$")]
Text = Annotated[str, Field(max_length=2000)]
Notes = Text | tuple[Text, ...]
Metres = Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)]
Place = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Xy = tuple[Place, Place]

SpaceKind = Literal[
    "room", "corridor", "landing", "stair", "hall", "yard", "street", "lift", "shaft"
]
PortalKind = Literal["door", "opening", "gate", "turnstile"]
PortalState = Literal["open", "locked", "closed-fire"]


class _Entry(BaseModel):
    """What every entry of the file has in common: unknown keys are refused, values are final."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_id: Text = ""
    """The entry's name in the model it came from (an IFC GlobalId, a drawing number)."""
    notes: Notes = ""


class StoreyEntry(_Entry):
    """One storey: spaces of one storey lie at one level and are drawn on one sheet."""

    id: Id
    name: Text
    z_m: Place


class LiftEntry(_Entry):
    """What a lift does in an evacuation: who may ride, how many at once, and how fast."""

    use: Literal["assisted", "everybody"] = "assisted"
    capacity: Annotated[int, Field(ge=1, le=100)]
    speed_m_s: Annotated[float, Field(gt=0, le=20)] = 1.0
    acceleration_m_s2: Annotated[float, Field(gt=0, le=5)] = 0.8
    open_s: Annotated[float, Field(ge=0, le=60)] = 2.5
    close_s: Annotated[float, Field(ge=0, le=60)] = 3.0
    dwell_s: Annotated[float, Field(ge=0, le=600)] = 3.0


class SpaceEntry(_Entry):
    """A place where people can be. A stair is one whole run from one storey to the next.

    `refuge`: who can not take stairs waits for help here. A lift without `evacuation_lift` is out
    of service in an evacuation.
    """

    id: Id
    name: Text
    kind: SpaceKind
    storey: Id | None = None
    area_m2: Annotated[float, Field(gt=0, le=1e8, allow_inf_nan=False)]
    outline: Annotated[tuple[Xy, ...], Field(min_length=3)] | None = None
    safe: bool = False
    use: Text = ""
    height_m: Metres | None = None
    width_m: Metres | None = None
    slope_length_m: Metres | None = None
    riser_m: Annotated[float, Field(gt=0, le=0.5)] | None = None
    tread_m: Annotated[float, Field(gt=0, le=2.0)] | None = None
    rises_m: Annotated[float, Field(ge=-100, le=100)] | None = None
    refuge: bool = False
    evacuation_lift: LiftEntry | None = None

    @model_validator(mode="after")
    def _stair_is_measured(self) -> Self:
        """A stair without width or length cannot be walked."""
        if self.kind == "stair" and (self.width_m is None or self.slope_length_m is None):
            raise ValueError("a stair needs width_m and slope_length_m")
        return self

    @model_validator(mode="after")
    def _lift_is_a_lift(self) -> Self:
        """Only a lift can be used as one."""
        if self.evacuation_lift is not None and self.kind != "lift":
            raise ValueError("evacuation_lift belongs to a space of kind: lift")
        return self


class PortalEntry(_Entry):
    """A way between two spaces: `between` is [inner side, outer side], `width_m` is clear."""

    id: Id
    name: Text
    between: tuple[Id, Id]
    width_m: Metres
    at: Xy | None = None
    kind: PortalKind
    normally: PortalState = "open"
    opens_for: Literal["people", "vehicles"] = "people"
    holds_smoke: bool = False
    nominal_width_m: Metres | None = None
    height_m: Metres | None = None
    use: Text = ""


class FloorFile(_Entry):
    """A whole floor.yaml."""

    floor: Literal[1]
    name: Text
    source: Text
    storeys: tuple[StoreyEntry, ...]
    spaces: Annotated[tuple[SpaceEntry, ...], Field(min_length=1)]
    portals: tuple[PortalEntry, ...]

    def mapping(self) -> dict[str, Any]:
        """Return the plain mapping that `evacuation.Floor.from_mapping` reads."""
        return self.model_dump(mode="json", exclude_none=True)
