"""Why something is refused, and what a disablement takes away, in words for the operator."""

from __future__ import annotations

from collections.abc import Iterator

from controller.alarms import Alarms
from controller.alarmzone import Watched, Zone
from controller.interface.points import Quality
from controller.matrixvalues import Confirm
from controller.service import NEVER


def blocking(zone: Zone, alarms: Alarms, now: int) -> Iterator[str]:
    """What keeps a zone from being reset; nothing if it can be."""
    yield from (f"{d.id} {_state(d)}" for d in zone.devices if not d.clear)
    clear_at = alarms.clear_at(zone)
    if now < clear_at < NEVER:
        yield f"zone {zone.id} must be normal for {(clear_at - now) / 1000:g} s more"


def weakened(target: str, alarms: Alarms, confirm: Confirm) -> str:
    """What a disablement makes of the coincidence of its zone; "" if nothing."""
    device = alarms.devices.get(target)
    if device is None:
        return ""
    heads = {d.head for d in alarms.zones[device.zone].devices if not d.out}
    if len(heads) > 1:
        return ""
    if not heads:
        return f"; nothing is left in zone {device.zone}"
    if confirm.when_disabled == "one":
        return f"; in zone {device.zone} one alarm is now a confirmed fire (when_disabled: one)"
    return f"; zone {device.zone} can no longer be confirmed (when_disabled: two)"


def _state(device: Watched) -> str:
    if device.quality is Quality.GOOD:
        return f"reads {device.value}"
    return f"is not known to be normal ({device.quality.value})"
