"""How one broker is guarded, and what its clients must know to get in."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from controller.interface.points import PointList
from devices.serve.access import Access
from scenarios.security.accounts import ACL, PASSWORDS, Accounts
from scenarios.security.acl import CONTROLLER_USER
from scenarios.security.certificates import make_certificates
from scenarios.security.names import CA, CERTIFICATES, SERVER
from scenarios.security.reach import is_loopback


@dataclass(frozen=True, slots=True)
class Security:
    """Of a broker of our own: `accounts` with their folder, `certificates` (a folder).

    Of somebody else's: `login` that all clients share, `cafile` that its certificate hangs on
    (None: those of the system).
    """

    tls: bool = False
    cafile: Path | None = None
    login: tuple[str, str] | None = None
    accounts: Accounts | None = None
    accounts_folder: Path | None = None
    certificates: Path | None = None

    @classmethod
    def make(cls, points: PointList, folder: Path, host: str) -> Security:
        """New accounts and certificates for a site's own broker, below `folder`.

        On loopback it may also be called by name: clients take `localhost` unless told otherwise.
        """
        accounts, certificates = Accounts.make(points), folder / CERTIFICATES
        accounts.write(folder, points)
        names = [host, "localhost"] if is_loopback(host) and host != "localhost" else [host]
        make_certificates(certificates, names, ["controller"])
        return cls(
            tls=True,
            cafile=certificates / f"{CA}.pem",
            accounts=accounts,
            accounts_folder=folder,
            certificates=certificates,
        )

    def access(self, host: str, port: int, clients: list[str]) -> Access:
        """What the devices need to connect."""
        context = ssl.create_default_context(cafile=self.cafile) if self.tls else None
        logins = self.accounts.logins if self.accounts is not None else {}
        if self.login is not None:
            logins = dict.fromkeys(clients, self.login)
        return Access(host, port, context, logins)

    def environment(self) -> dict[str, str]:
        """What the controller needs, by environment: never in a file of the site."""
        login = self.login
        if self.accounts is not None:
            login = self.accounts.logins[CONTROLLER_USER]
        found = {}
        if login is not None:
            found = {"CAMPUS_MQTT_USERNAME": login[0], "CAMPUS_MQTT_PASSWORD": login[1]}
        if self.tls:
            found["CAMPUS_MQTT_TLS"] = "1"
        if self.cafile is not None:
            found["CAMPUS_MQTT_CAFILE"] = str(self.cafile)
        return found

    def mosquitto(self) -> str:
        """Lines of Mosquitto's configuration."""
        if self.accounts_folder is None:
            lines = ["allow_anonymous true"]
        else:
            lines = [
                "allow_anonymous false",
                "use_username_as_clientid true",
                f"password_file {self.accounts_folder / PASSWORDS}",
                f"acl_file {self.accounts_folder / ACL}",
            ]
        if self.certificates is not None:
            lines += [
                f"certfile {self.certificates / SERVER}.pem",
                f"keyfile {self.certificates / SERVER}.key",
                "tls_version tlsv1.2",
            ]
        return "\n".join(lines)
