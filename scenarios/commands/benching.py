"""The integrator's bench: emulators alone, the I/O list, conformance."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scenarios.commands.shell import ControlOption, FaultOption, Json, app, say, stop


@app.command("devices")
def devices_command(
    site: Annotated[str, typer.Argument(help="Name or folder of a site, or its points.yaml.")],
    only: Annotated[
        list[str] | None, typer.Option(help="Device or gateway (id or glob); repeatable.")
    ] = None,
    profile: Annotated[
        str, typer.Option(help="Only this profile; or a FILE that `conform --fit` wrote.")
    ] = "",
    force: Annotated[
        list[str] | None, typer.Option(help="POINT=VALUE, as sd-1.state=alarm; repeatable.")
    ] = None,
    broker: Annotated[
        str, typer.Option("--broker", help="auto, embedded, mosquitto or mqtt://HOST:PORT")
    ] = "auto",
    host: Annotated[str, typer.Option(help="Address to listen on; default: points.yaml.")] = "",
    port: Annotated[
        int | None, typer.Option(help="First port, the next for each; 0 = any that is free.")
    ] = None,
    own_addresses: Annotated[
        bool, typer.Option("--own-addresses", help="127.0.x.y for each gateway, all one port.")
    ] = False,
    expose: Annotated[
        bool, typer.Option("--expose", help="Listen beyond loopback without credentials.")
    ] = False,
    secure: Annotated[
        Path | None, typer.Option(help="Own broker with TLS and accounts; the FOLDER for them.")
    ] = None,
    cafile: Annotated[Path | None, typer.Option(help="CA of a broker at mqtts://.")] = None,
    fault: FaultOption = None,
    control: ControlOption = None,
    seed: Annotated[int, typer.Option(min=0, help="Root seed of the devices' draws.")] = 1,
    as_json: Json = False,
) -> None:
    """Emulate a site's devices alone, in real time, for somebody else's controller."""
    from scenarios.emulate.addresses import Wanted
    from scenarios.emulate.session import Order, emulate

    wanted = Wanted(host, port, own_addresses, expose)
    order = Order(
        site, only or (), profile, force or (), broker, seed, wanted, secure, cafile, fault or (),
        control,
    )  # fmt: skip
    emulate(order, as_json)


@app.command("conform")
def conform_command(
    target: Annotated[
        str,
        typer.Argument(
            help="modbus://HOST:PORT/UNIT, mqtt[s]://HOST:PORT/SITE/KIND/ID (a camera of another "
            "make: its topic), tcp://HOST:PORT of a printer, or sip:ID@HOST:PORT"
        ),
    ],
    profile: Annotated[str, typer.Option(help="Profile, or a FILE that `--fit` wrote.")],
    site: Annotated[
        str, typer.Option(help="Site whose I/O list says what is behind the gateway.")
    ] = "",
    device: Annotated[str, typer.Option(help="Which gateway of the site the target is.")] = "",
    test: Annotated[
        list[str] | None, typer.Option(help="Only this test; glob, repeatable.")
    ] = None,
    expect: Annotated[
        list[str] | None, typer.Option(help="POINT=VALUE that must be read; repeatable.")
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Write nothing.")] = False,
    soak: Annotated[float, typer.Option(min=0, help="Seconds of steady load at the end.")] = 0,
    power_cycle: Annotated[
        str, typer.Option(help="Command that switches the device off and on.")
    ] = "",
    provoke: Annotated[
        str, typer.Option(help="Command that makes a panel print or a camera see something.")
    ] = "",
    client_id: Annotated[
        str, typer.Option(help="The device's MQTT client id, if it is not its id.")
    ] = "",
    secure: Annotated[
        Path | None, typer.Option(help="FOLDER of `twin devices --secure`: CA and accounts.")
    ] = None,
    cafile: Annotated[Path | None, typer.Option(help="CA of a broker at mqtts://.")] = None,
    junit: Annotated[Path | None, typer.Option(help="JUnit XML file to write.")] = None,
    html: Annotated[Path | None, typer.Option(help="HTML page with the measured times.")] = None,
    fit: Annotated[Path | None, typer.Option(help="Timing profile to write.")] = None,
    as_json: Json = False,
) -> None:
    """Test an emulated or a real device against its profile, by address."""
    from scenarios.conform.conforming import Order, run
    from scenarios.conform.papers import text
    from scenarios.conform.target import UnreachableError
    from scenarios.conform.verdict import Limits

    limits = Limits(read_only, soak, power_cycle, client_id, provoke)
    tests, wanted = tuple(test or ()), tuple(expect or ())
    order = Order(target, profile, site, device, tests, wanted, limits, secure, cafile)
    try:
        document = run(order, junit, html, fit)
    except UnreachableError as error:
        stop(str(error), 3)
    say(document, as_json, lambda: text(document))
    raise typer.Exit(0 if document["passed"] and not document["failed"] else 1)


@app.command("points")
def points_command(
    site: Annotated[str, typer.Argument(help="Name or folder of a site, or its points.yaml.")],
    csv: Annotated[Path | None, typer.Option(help="CSV file to write.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="XLSX file to write.")] = None,
    sheet: Annotated[
        Path | None, typer.Option("--from", help="CSV or XLSX to make points.yaml of.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="With --from: points.yaml to write; default: the site's.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a site's I/O list, write it as a sheet, or take one in."""
    from scenarios.iolist.exchange import export, export_text, take_in, take_in_text

    if sheet is None:
        document = export(site, csv, xlsx)
        say(document, as_json, lambda: export_text(document))
        return
    if csv is not None or xlsx is not None:
        stop("`--from` reads a sheet, `--csv` and `--xlsx` write one: use one or the other", 2)
    document = take_in(site, sheet, out)
    say(document, as_json, lambda: take_in_text(document))
