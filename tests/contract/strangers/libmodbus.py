"""Programs around libmodbus (C, by ctypes), which share nothing with ours:

`libmodbus.py tcp HOST PORT [stuck]`      a door board on Modbus/TCP
`libmodbus.py rtu SERIAL [stuck]`         the same board on a serial line
`libmodbus.py gateway HOST PORT SERIAL`   Modbus/TCP in, Modbus RTU out
"""

from __future__ import annotations

import ctypes
import select
import socket
import sys
from ctypes import POINTER, Structure, c_char_p, c_int, c_uint8, c_uint16, c_void_p

lib = ctypes.CDLL("libmodbus.so.5", use_errno=True)
FOR_EVERY_QUERY = 260


class Mapping(Structure):
    """`modbus_mapping_t` of libmodbus 3.1."""

    _fields_ = [
        ("nb_bits", c_int), ("start_bits", c_int),
        ("nb_input_bits", c_int), ("start_input_bits", c_int),
        ("nb_input_registers", c_int), ("start_input_registers", c_int),
        ("nb_registers", c_int), ("start_registers", c_int),
        ("tab_bits", POINTER(c_uint8)), ("tab_input_bits", POINTER(c_uint8)),
        ("tab_input_registers", POINTER(c_uint16)), ("tab_registers", POINTER(c_uint16)),
    ]  # fmt: skip


for name in ("modbus_new_tcp", "modbus_new_rtu"):
    getattr(lib, name).restype = c_void_p
lib.modbus_mapping_new.restype = POINTER(Mapping)
lib.modbus_new_tcp.argtypes = [c_char_p, c_int]
lib.modbus_new_rtu.argtypes = [c_char_p, c_int, ctypes.c_char, c_int, c_int]
for name in ("modbus_connect", "modbus_get_socket", "modbus_close"):
    getattr(lib, name).argtypes = [c_void_p]
lib.modbus_listen = lib.modbus_tcp_listen
lib.modbus_tcp_listen.argtypes = [c_void_p, c_int]
lib.modbus_set_slave.argtypes = lib.modbus_set_socket.argtypes = [c_void_p, c_int]
lib.modbus_receive.argtypes = [c_void_p, c_char_p]
lib.modbus_receive_confirmation.argtypes = [c_void_p, c_char_p]
lib.modbus_send_raw_request.argtypes = [c_void_p, c_char_p, c_int]
lib.modbus_reply.argtypes = [c_void_p, c_char_p, c_int, POINTER(Mapping)]


class Door:
    """Coil 1 releases the lock; discrete 0 contact, 1 bolt, 8 fire wire."""

    def __init__(self, stuck):
        self.map = lib.modbus_mapping_new(16, 16, 16, 16)
        self.stuck = stuck
        self.settle()

    def settle(self):
        cells = self.map.contents
        cells.tab_input_bits[0] = 1
        cells.tab_input_bits[1] = int(self.stuck or not cells.tab_bits[1])


def listening(host, port):
    context = lib.modbus_new_tcp(host.encode(), port)
    server = lib.modbus_tcp_listen(context, 8)
    assert server >= 0
    return context, socket.socket(fileno=server)


def serve(context, server, answer):
    """One thread, any number of masters, as libmodbus' own many-up example does."""
    query = ctypes.create_string_buffer(FOR_EVERY_QUERY)
    open_ones = {}
    print("ready", flush=True)
    while True:
        for ready in select.select([server, *open_ones.values()], [], [])[0]:
            if ready is server:
                master, _ = server.accept()
                open_ones[master.fileno()] = master
                continue
            lib.modbus_set_socket(context, ready.fileno())
            size = lib.modbus_receive(context, query)
            if size > 0:
                answer(context, query, size, ready)
            elif size < 0:
                del open_ones[ready.fileno()]
                ready.close()


def tcp(host, port, stuck):
    door = Door(stuck)

    def answer(context, query, size, _):
        lib.modbus_reply(context, query, size, door.map)
        door.settle()

    serve(*listening(host, port), answer)


def serial(line):
    context = lib.modbus_new_rtu(line.encode(), 19200, b"N", 8, 1)
    lib.modbus_set_slave(context, 1)
    assert lib.modbus_connect(context) == 0, line
    return context


def rtu(line, stuck):
    context, door = serial(line), Door(stuck)
    query = ctypes.create_string_buffer(FOR_EVERY_QUERY)
    print("ready", flush=True)
    while True:
        size = lib.modbus_receive(context, query)
        if size > 0:
            lib.modbus_reply(context, query, size, door.map)
            door.settle()


def gateway(host, port, line):
    bus = serial(line)
    reply = ctypes.create_string_buffer(FOR_EVERY_QUERY)

    def answer(_context, query, size, master):
        asked = query.raw[6:size]
        lib.modbus_send_raw_request(bus, asked, len(asked))
        got = lib.modbus_receive_confirmation(bus, reply)
        pdu = reply.raw[: got - 2] if got > 0 else bytes((asked[0], asked[1] | 0x80, 0x0B))
        master.sendall(query.raw[:4] + len(pdu).to_bytes(2) + pdu)

    serve(*listening(host, port), answer)


if __name__ == "__main__":
    what, *words = sys.argv[1:]
    stuck = "stuck" in words
    if what == "tcp":
        tcp(words[0], int(words[1]), stuck)
    elif what == "rtu":
        rtu(words[0], stuck)
    else:
        gateway(words[0], int(words[1]), words[2])
