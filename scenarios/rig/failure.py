"""The rig itself failed: never a verdict on the product."""

from __future__ import annotations


class RigFailure(Exception):
    """One sentence that names what failed, who was awaited, and since when."""
