"""Who bends down for his shoe: he stands still for a time, in everybody's way."""

from evacuation.zone.store import Store


class Bending:
    """Those who bend down now, until when, and how fast they went."""

    def __init__(self) -> None:
        """Nobody does."""
        self._until: dict[str, tuple[int, float]] = {}

    def down(self, store: Store, person: str, tick: int) -> None:
        """Let a person stand still until a tick."""
        free, i = store.people.free, store.slot[person]
        _, speed = self._until.get(person, (tick, float(free[i])))
        self._until[person] = (tick, speed)
        free[i] = 0.0

    def up(self, store: Store, tick: int) -> None:
        """Let those go on whose time is over; forget those who are gone."""
        for person, (until, speed) in list(self._until.items()):
            if person not in store.slot:
                del self._until[person]
            elif tick >= until:
                store.people.free[store.slot[person]] = speed
                del self._until[person]
