"""Which readings are faults of supply, line or wiring, by the name of the point.

GB 16806 and EN 54-2 want such faults shown within 100 s; a contact is polled every few seconds.
"""

from __future__ import annotations

from collections.abc import Mapping

from controller.interface.points import Value

IN_ORDER: Mapping[str, str] = {
    "mains-ok": "supply", "battery-ok": "supply", "charger-ok": "supply", "power": "supply",
    "earth-ok": "earth", "supply-ok": "supply", "pressure-ok": "supply",
}  # fmt: skip
"""Points that read true while all is well, and what is out of order when they do not."""

OUT_OF_ORDER: Mapping[str, str] = {
    "line": "line", "tamper": "tamper", "failures": "lamp", "trouble": "trouble",
}  # fmt: skip
"""Points that read 0, false or no text while all is well."""


def troubles(name: str, value: Value) -> Mapping[str, bool]:
    """What a point of this name tells about, and whether that is out of order; often nothing."""
    if name in IN_ORDER:
        return {IN_ORDER[name]: not value}
    return {OUT_OF_ORDER[name]: bool(value)} if name in OUT_OF_ORDER else {}
