"""A quiet world: nobody there, no fire, mains on. What devices sense when nothing happens."""

from __future__ import annotations

from controller.interface.points import Device
from devices.surroundings import Probe
from devices.vision.view import NOBODY, Look

AT_REST = {
    "extinction_per_m": 0.0,
    "temperature_c": 20.0,
    "people": 0.0,
    "density_per_m2": 0.0,
    "mains": 1.0,
    "passes": 0.0,
}
"""What each quantity is at every place; a quantity that is not named here is 0."""


class QuietWorld:
    """Implements `devices.surroundings.Surroundings`; what devices do changes nothing in it."""

    def probe(self, place: str, quantity: str) -> Probe:
        """Return what tells the quantity at rest."""
        value = AT_REST.get(quantity, 0.0)
        return lambda: value

    def look(self, camera: Device) -> Look:
        """Nobody is in any camera's view."""
        return lambda: NOBODY

    def actuate(self, element: str, state: str, by: str, cause: str) -> None:
        """Nobody is there to notice; the device has put it on record."""
