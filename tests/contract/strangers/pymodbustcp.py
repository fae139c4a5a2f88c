"""`pymodbustcp.py HOST PORT`: a sounder board on pyModbusTCP's server."""

from __future__ import annotations

import sys

from pyModbusTCP.server import DataBank, ModbusServer


class Sounder(DataBank):
    """Coil 0 on; discrete 0 sounding; input 0 line in order."""

    def on_coils_change(self, address, from_value, to_value, srv_info):
        if address == 0:
            self.set_discrete_inputs(0, [to_value])


if __name__ == "__main__":
    bank = Sounder(coils_size=16, d_inputs_size=16, h_regs_size=16, i_regs_size=16)
    server = ModbusServer(sys.argv[1], int(sys.argv[2]), data_bank=bank, no_block=True)
    server.start()
    print("ready", flush=True)
    sys.stdin.read()
