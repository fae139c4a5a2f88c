"""The models of JuPedSim that are asked, by short names, and how each person enters them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

MISSING = "A second opinion needs the extra `jupedsim`: pip install campus-twin[jupedsim]"
SEED = 1
"""For models that draw; JuPedSim draws one at import otherwise, so that no two runs are alike."""


class NoOpinion(Exception):  # noqa: N818  (there is nobody to ask; the program is not at fault)
    """The second opinion cannot be had; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model of JuPedSim: its class there, its time step in s, and what it is."""

    name: str
    kind: str
    dt_s: float
    title: str
    seeded: bool = False
    heading: bool = False

    def build(self) -> Any:
        """The model with JuPedSim's own default parameters."""
        import jupedsim

        given: dict[str, Any] = {"rng_seed": SEED} if self.seeded else {}
        return getattr(jupedsim, self.kind)(**given)

    def agent(
        self, at: tuple[float, float], speed: float, radius: float, way: Mapping[str, int]
    ) -> Any:
        """A person for this model: place m, desired speed m/s, radius m, journey and stage."""
        import jupedsim

        given: dict[str, Any] = {"position": at, "desired_speed": speed, **way}
        given |= {"orientation": (1.0, 0.0)} if self.heading else {"radius": radius}
        make: Callable[..., Any] = getattr(jupedsim, f"{self.kind}AgentParameters")
        return make(**given)


KNOWN = {
    model.name: model
    for model in (
        Model("cfsm", "CollisionFreeSpeedModel", 0.05, "collision-free speed (Tordeux 2016)"),
        Model("cfsm3", "CollisionFreeSpeedModelV3", 0.05, "collision-free speed, version 3"),
        Model("avm", "AnticipationVelocityModel", 0.05, "anticipation velocity (Xu 2021)", True),
        Model("warp", "WarpDriverModel", 0.05, "warp driver (Wolinski 2016)"),
        Model("sfm", "SocialForceModel", 0.01, "social force (Helbing 2000)"),
        Model(
            "gcfm",
            "GeneralizedCentrifugalForceModel",
            0.01,
            "generalized centrifugal force (Chraibi 2010)",
            heading=True,
        ),
    )
}
DEFAULT = ("cfsm", "avm", "warp", "sfm")
"""JuPedSim's own default, and three of other families."""


def peer_version() -> str:
    """JuPedSim's version; NoOpinion with the way to install it if it is missing."""
    if any(find_spec(name) is None for name in ("jupedsim", "shapely")):
        raise NoOpinion(MISSING)
    return version("jupedsim")
