"""Whether a site's files may be taken anew while the controller runs."""

from __future__ import annotations

from pathlib import Path

from controller.decider import Decider
from controller.interface.files import BadFile
from controller.site import Site, load

MOST_NAMED = 5
"""How many of the things that are not at rest a refusal names."""


def new_site(folder: Path, decider: Decider) -> tuple[Site | None, str]:
    """The site as its files say now, or None and why not: a mistake with its place, or unrest."""
    try:
        site = load(folder)
    except BadFile as bad:
        return None, "; ".join(str(problem) for problem in bad.problems)
    unrest = restless(decider)
    if unrest:
        more = f" and {len(unrest) - MOST_NAMED} more" if len(unrest) > MOST_NAMED else ""
        return None, f"not normal: {', '.join(unrest[:MOST_NAMED])}{more}"
    return site, "valid, and every zone normal"


def restless(decider: Decider) -> list[str]:
    """What is not at rest: zones with an alarm or a device not known to be normal, outputs."""
    zones = [
        zone.id
        for zone in decider.image.alarms.zones.values()
        if zone.confirmed or any(d.latched or not d.clear for d in zone.devices)
    ]
    return [f"zone {name}" for name in zones] + [f"output {name}" for name in decider.claimed]
