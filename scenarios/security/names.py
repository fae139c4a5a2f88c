"""Names of the files of certificates."""

from __future__ import annotations

CA, SERVER = "ca", "server"
