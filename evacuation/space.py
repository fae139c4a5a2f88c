"""A space: where people can be, with its area, its path and its level."""

from dataclasses import dataclass

from evacuation.lift import Lift

Point = tuple[float, float]
NOT_WALKED = frozenset({"lift", "shaft"})
"""Kinds of space that nobody enters on foot, or uses in an evacuation unless its lift is for it."""
DEFAULT_RISER_M = 0.178
DEFAULT_TREAD_M = 0.279
"""The 7/11 inch stair of the SFPE tables, for a stair whose riser and tread are not given."""


@dataclass(frozen=True, slots=True)
class Space:
    """A room, corridor piece, landing, stair run, yard or street.

    ``z_m`` is the level of its storey. A stair is one run from storey to storey with
    ``slope_length_m`` along the walking line; ``safe`` means whoever enters has evacuated.
    ``refuge``: who can not take stairs waits for help here. ``lift`` is the service of a lift in
    an evacuation, without which nobody enters it.
    """

    id: str
    kind: str
    area_m2: float
    name: str = ""
    storey: str = ""
    z_m: float = 0.0
    outline: tuple[Point, ...] = ()
    width_m: float = 0.0
    slope_length_m: float = 0.0
    riser_m: float = DEFAULT_RISER_M
    tread_m: float = DEFAULT_TREAD_M
    safe: bool = False
    use: str = ""
    refuge: bool = False
    lift: Lift | None = None

    @property
    def is_walked(self) -> bool:
        """Whether anybody may come in: no lift out of service, and no shaft."""
        return self.kind not in NOT_WALKED or self.lift is not None

    @property
    def is_for_all(self) -> bool:
        """Whether everybody may come in: no shaft, and no lift but one in service for all."""
        only_some = self.lift is not None and self.lift.use != "everybody"
        return self.is_walked and not only_some

    @property
    def is_stair(self) -> bool:
        """Whether people walk along a slope here."""
        return self.kind == "stair"

    @property
    def walking_area_m2(self) -> float:
        """The area that density is counted on, never less than path length times width.

        An area smaller than its own path would throttle the flow by their ratio.
        """
        return max(self.area_m2, self.slope_length_m * self.width_m)
