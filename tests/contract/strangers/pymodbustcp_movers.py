"""`pymodbustcp_movers.py lift|shutter HOST PORT [falls]`: movers on pyModbusTCP's server.

lift: holding 0 recall; discrete 0 at floor, 2 door open, 4 power; input 0 floor, 2 mode (0 in
service, 1 under way, 2 recalled). shutter: holding 0 move (1 up, 2 to 1.8 m, 3 floor); discrete 0
top, 1 middle, 2 bottom; input 0 position (%), 1 height (cm). `falls`: sent to 1.8 m, the curtain
drops to the floor.
"""

from __future__ import annotations

import sys
import threading

from pyModbusTCP.server import DataBank, ModbusServer

TRAVEL_S = 0.6


class Mover(DataBank):
    """Something that takes a while to do what holding 0 says."""

    def __init__(self):
        super().__init__(d_inputs_size=16, i_regs_size=16, h_regs_size=16)

    def on_holding_registers_change(self, address, from_value, to_value, srv_info):
        if address == 0:
            self.begin(to_value)
            threading.Timer(TRAVEL_S, self.end, (to_value,)).start()


class Lift(Mover):
    def __init__(self, falls):
        super().__init__()
        self.set_discrete_inputs(0, [False, False, False, False, True])
        self.set_input_registers(0, [3, 0, 0])

    def begin(self, recall):
        self.set_input_registers(1, [2 if recall else 0, 1 if recall else 0])

    def end(self, recall):
        self.set_input_registers(0, [1, 0, 2] if recall else [1, 0, 0])
        self.set_discrete_inputs(0, [bool(recall), False, bool(recall)])


class Shutter(Mover):
    def __init__(self, falls):
        super().__init__()
        self.falls = falls
        self.end(1)

    def begin(self, move):
        self.set_discrete_inputs(0, [False, False, False, True])

    def end(self, move):
        move = 3 if move == 2 and self.falls else move
        self.set_discrete_inputs(0, [move == 1, move == 2, move == 3, False])
        percent = {1: 100, 2: 60, 3: 0}.get(move, 50)
        self.set_input_registers(0, [percent, 3 * percent])


what, host, port, *rest = sys.argv[1:]
bank = {"lift": Lift, "shutter": Shutter}[what]("falls" in rest)
server = ModbusServer(host, int(port), no_block=True, data_bank=bank)
server.start()
print("ready", flush=True)
threading.Event().wait()
