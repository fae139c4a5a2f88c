"""The profiles that a target can be tested by: their names, and the nearest for a wrong one."""

from __future__ import annotations

from controller.interface.cameras.dialects import CAMERA_DIALECTS
from controller.interface.files import nearest
from controller.interface.kinds import KINDS
from controller.interface.panels import PANELS
from devices.profile import PROFILES

GST_PRINTER, GB28181 = "gst-printer", "gb28181"
"""What is neither a board, a panel, a device on MQTT nor a camera on MQTT."""


def all_profiles() -> list[str]:
    """Every name that `--profile` takes, in alphabetical order."""
    on_mqtt = (kind.name for kind in KINDS.values() if kind.bus == "mqtt")
    return sorted((*PROFILES, *PANELS, *on_mqtt, *CAMERA_DIALECTS, GST_PRINTER, GB28181))


def unknown_profile(name: str) -> str:
    """Say that there is no such profile, and which is nearest."""
    known = all_profiles()
    close = nearest(name, known)
    hint = f"; did you mean `{close}`?" if close else f"; there are {', '.join(known)}"
    return f"no such profile{hint}"
