"""Certificates and accounts for a bench."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scenarios.commands.shell import Json, app, say


@app.command("certs")
def certs_command(
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("certificates"),
    host: Annotated[
        list[str] | None, typer.Option(help="Name or address of the server; repeatable.")
    ] = None,
    client: Annotated[
        list[str] | None, typer.Option(help="Name of a client with a certificate; repeatable.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a throw-away CA with server and client certificates, for benches only."""
    from scenarios.security.certificates import DAYS, make_certificates

    names = host or ["127.0.0.1", "localhost"]
    written = [str(path) for path in make_certificates(out, names, client or ["controller"])]
    text = "\n".join([*written, f"valid {DAYS} days; the CA's key is gone, nobody can sign more"])
    say({"written": written, "days": DAYS}, as_json, lambda: text)


@app.command("accounts")
def accounts_command(
    site: Annotated[str, typer.Argument(help="Name or folder of a site.")],
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("accounts"),
    as_json: Json = False,
) -> None:
    """Write Mosquitto's password file and ACL for a site, with new passwords for every device."""
    from controller.interface.points import PointList
    from scenarios.catalog import find_site
    from scenarios.security.accounts import ACCOUNTS, ACL, PASSWORDS, Accounts

    points = PointList.load(find_site(site) / "points.yaml")
    accounts = Accounts.make(points)
    accounts.write(out, points)
    written = [str(out / name) for name in (PASSWORDS, ACL, ACCOUNTS)]
    document = {"written": written, "users": sorted(accounts.passwords)}
    say(document, as_json, lambda: "\n".join(written))
