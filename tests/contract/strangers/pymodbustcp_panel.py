"""`pymodbustcp_panel.py HOST PORT SECONDS`: a fire panel of pyModbusTCP, which has nothing of ours.

Holding 0 is a detector and 200 a call point, which somebody presses SECONDS after the first read;
both as Notifier words: 0x1400 is normal, 0x0C01 a fire alarm. Writing 1 to 1990 resets nothing:
the glass stays broken.
"""

from __future__ import annotations

import sys
import threading

from pyModbusTCP.server import DataBank, ModbusServer

NORMAL, FIRE = 0x1400, 0x0C01


class Panel(DataBank):
    """Registers of a panel whose call point is pressed a while after somebody first looks."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.looked = False
        self.set_holding_registers(0, [NORMAL] * 300)

    def get_holding_registers(self, address, number=1, srv_info=None):
        if srv_info is not None and not self.looked:
            self.looked = True
            threading.Timer(self.seconds, self.set_holding_registers, (200, [FIRE])).start()
        return super().get_holding_registers(address, number, srv_info)


server = ModbusServer(sys.argv[1], int(sys.argv[2]), no_block=True,
                      data_bank=Panel(float(sys.argv[3])))  # fmt: skip
server.start()
print("ready", flush=True)
threading.Event().wait()
