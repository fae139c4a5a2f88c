"""`twin devices` fails on demand: from its command line, over HTTP, and through its relays."""

from __future__ import annotations

import json
import select
import socket
import threading
from urllib.parse import urlsplit

import pytest

from controller.interface.clock import wall_ms
from scenarios.emulate.addresses import Wanted
from scenarios.emulate.session import Order, emulate
from tests.contract.raw import RawMaster
from tests.contract.test_video_platform import Beside, site_with
from tests.devices.platform import DEVICE, field
from tests.scenarios.test_devices_command import at, devices
from tests.scenarios.test_failures import wait_for
from tests.scenarios.test_injection import ask

pytestmark = pytest.mark.wire
BOLTS = "0200000002"


def port_of(ends, device):
    return urlsplit(at(ends, device)).port


def trip_ms(master):
    began = wall_ms()
    assert master.ask(BOLTS, unit=2).startswith("02")
    return wall_ms() - began


def wait_for_line(process, *words):
    """The next event that has all these words."""
    guard = threading.Timer(20, process.terminate)
    guard.start()
    try:
        while True:
            line = process.stdout.readline()
            assert line, f"it has ended without {words}"
            if all(word in line for word in words):
                return json.loads(line)
    finally:
        guard.cancel()


def test_faults_of_a_network_come_and_go_over_http():
    with devices("device-hall", "--only", "doors-1", "--port", 0, "--control", 0) as (
        process,
        ends,
    ):
        url = process.web["http"]
        master = RawMaster(port_of(ends, "doors-1"))
        trip_ms(master)
        order = {"device": "doors-1", "fault": "latency", "delay": "150 ms"}
        assert ask(url, "POST", order)[0] == 202
        wait_for_line(process, '"begin"', '"latency"')
        assert trip_ms(master) >= 299, "150 ms there, 150 ms back"
        assert ask(f"{url}/doors-1/latency", "DELETE")[0] == 202
        wait_for_line(process, '"end"', '"latency"')
        assert min(trip_ms(master) for _ in range(3)) < 150
        assert ask(url, "POST", {"device": "at:*", "fault": "partition"})[0] == 202
        wait_for_line(process, '"begin"', '"partition"')
        master.send("0001000000060202" + "00000002")
        assert not select.select([master.sock], [], [], 0.3)[0], "nothing gets through"
        assert ask(f"{url}/at:*/partition", "DELETE")[0] == 202
        assert master.pdu().startswith("02"), "what was sent into the cut comes when it heals"
        assert ask(url, "POST", {"device": "doors-1", "fault": "off"})[0] == 202
        wait_for_line(process, '"begin"', '"off"')
        assert master.closed()
        master.close()
        wait_for(lambda: refused(port_of(ends, "doors-1")), 5)
        assert ask(f"{url}/doors-1/off", "DELETE")[0] == 202
        wait_for(lambda: not refused(port_of(ends, "doors-1")), 5)
        status, said = ask(url, "POST", {"device": "doors-1", "fault": "latancy"})
        assert (status, "did you mean `latency`?" in said["error"]) == (422, True)
        status, said = ask(url, "POST", {"device": "lock-1", "fault": "loss"})
        assert (status, "only its gateway doors-1 has" in said["error"]) == (422, True)


def refused(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_fault_of_the_command_line_has_a_start_and_an_end():
    options = ("--only", "sign-1", "--port", 0, "--fault", "sign-1:reboot=1s:300ms:800ms")
    with devices("device-hall", *options) as (process, _):
        begun = wait_for_line(process, '"fault"', '"begin"')
        assert begun["t_ms"] >= 300
        assert wait_for_line(process, '"link"', '"down"')["t_ms"] >= begun["t_ms"]
        ended = wait_for_line(process, '"fault"', '"end"')
        assert 800 <= ended["t_ms"] - begun["t_ms"] < 1500
        wait_for_line(process, '"link"', '"up"')


def test_the_printer_prints_and_the_cameras_stand_on_their_platform(tmp_path):
    beside = Beside()
    beside.start()
    site = site_with(beside, tmp_path)
    at_platform = "{}:{}".format(*beside.socket.getsockname())
    options = ("--only", "fire-g", "--only", "cam-*", "--port", 0)
    with devices(site, *options, "--fault", "g-sd-1:wrong=2:1s") as (_, ends):
        (printer,) = [end for end in ends if end["protocol"] == "printer"]
        (video,) = [end for end in ends if end["protocol"] == "gb28181"]
        line = socket.create_connection((urlsplit(printer["url"]).hostname,
                                         urlsplit(printer["url"]).port), timeout=15)  # fmt: skip
        with line, line.makefile("rb") as paper:
            said = b""
            while "火警".encode("gbk") not in said:
                said += paper.readline()
        wait_for(lambda: any(d.startswith(b"REGISTER") for d in beside.platform.got), 10)
    beside.socket.close()
    said = [d for d in beside.platform.got if d.startswith(b"REGISTER")]
    at, _, platform = video["url"].partition("?platform=")
    assert field(said[0], "Contact").strip("<>") == at
    assert at.startswith(f"sip:{DEVICE}@127.0.0.1:")
    assert platform == at_platform
    assert field(said[-1], "Expires") == "0", "it says goodbye"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--fault", "doors-1"], "write DEVICE:FAULT"),
        (["--fault", "doors-11:slow=1s"], "did you mean `doors-1`?"),
        (["--fault", "doors-1:half"], "did you mean"),
        (["--fault", "doors-1:stuck"], "it is only the way to its devices"),
        (["--fault", "at:hal:partition"], "did you mean `at:hall`?"),
        (["--fault", "doors-1:loss=2"], "a share of 0 to 1"),
        (["--fault", "lock-1:latency=1s"], "only its gateway doors-1 has"),
        (["--only", "sign-1", "--fault", "doors-1:latency=1s"], "no such device or gateway"),
    ],
)
def test_a_wrong_fault_is_one_sentence_before_anything_starts(words, said):
    only = tuple(words[1:2]) if words[0] == "--only" else ()
    order = Order("device-hall", only, faults=words[-1:], wanted=Wanted(port=0))
    with pytest.raises(ValueError, match="--fault") as refusal:
        emulate(order, as_json=True)
    assert said in str(refusal.value)
