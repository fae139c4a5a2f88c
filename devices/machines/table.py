"""Which machine each kind of device is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from numpy.random import Generator

from devices.machine import Machine
from devices.machines.board import IoBoard
from devices.machines.bollard import Bollard
from devices.machines.callpoint import CallPoint
from devices.machines.camera import Camera
from devices.machines.counter import PeopleCounter
from devices.machines.desk import DutyDesk
from devices.machines.detector import ELEMENTS, Detector
from devices.machines.holder import DoorHolder
from devices.machines.intrusion import IntrusionDetector
from devices.machines.lift import Lift
from devices.machines.light import EmergencyLight
from devices.machines.lock import DoorLock
from devices.machines.pa import PaZone
from devices.machines.panel import FirePanel
from devices.machines.panic import PanicButton, PanicPendant
from devices.machines.patrol import PatrolCheckpoint
from devices.machines.reader import CardReader
from devices.machines.receiver import NoticeReceiver
from devices.machines.relay import FireRelay
from devices.machines.shutter import RollerShutter
from devices.machines.sign import ExitSign
from devices.machines.sounder import Signal
from devices.machines.supply import PowerSupply
from devices.machines.turnstile import Turnstile
from devices.machines.vent import FireDamper, SmokeVent
from devices.wiring import Wiring

OnLoop = Callable[[Wiring, Generator, FirePanel], Machine]
ON_LOOP: Mapping[str, OnLoop] = {
    **dict.fromkeys(ELEMENTS, Detector),
    "call-point": CallPoint,
}
"""What hangs on the loop of a fire panel."""

ALONE: Mapping[str, Callable[[Wiring, Generator], Machine]] = {
    "bollard": Bollard,
    "camera": Camera,
    "card-reader": CardReader,
    "door-holder": DoorHolder,
    "door-lock": DoorLock,
    "duty-desk": DutyDesk,
    "emergency-light": EmergencyLight,
    "exit-sign": ExitSign,
    "fire-damper": FireDamper,
    "fire-relay": FireRelay,
    "io-board": IoBoard,
    "lift": Lift,
    "notice-receiver": NoticeReceiver,
    "pa-zone": PaZone,
    "panic-button": PanicButton,
    "panic-pendant": PanicPendant,
    "patrol-checkpoint": PatrolCheckpoint,
    "people-counter": PeopleCounter,
    "perimeter-beam": IntrusionDetector,
    "pir": IntrusionDetector,
    "power-supply": PowerSupply,
    "roller-shutter": RollerShutter,
    "smoke-vent": SmokeVent,
    "sounder": Signal,
    "strobe": Signal,
    "turnstile": Turnstile,
}
"""What stands alone, behind a board or on the broker. The fire panel is neither."""
