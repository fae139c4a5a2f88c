"""Where others are seen to go attracts, between ways that are equal otherwise."""

from evacuation.engine.company import count_heads
from evacuation.scene import TICK_STEPS, Scene


class Influence:
    """Counts once a second who heads where; each sees those in his own space only.

    It tilts the draw between ways that are equal to a person: one that all others in the space
    head for counts 1 + ``Laws.social`` times, one that half of them take half as much more.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def act(self, t: float) -> int:
        """Look; return after how many steps to look again."""
        count_heads(self._scene.hub(0))
        return TICK_STEPS
