"""The rig itself failed: never a verdict on the product."""

from __future__ import annotations


class RigFailure(Exception):  # noqa: N818 - the word of the field: the rig failed
    """One sentence that names what failed, who was awaited, and since when."""
