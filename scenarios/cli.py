"""The command line: `twin COMMAND`. Every command takes `--json`; progress goes to stderr."""

from __future__ import annotations

import sys

from controller.interface.files import BadFile
from scenarios.commands import (
    benching,
    crushing,
    egress,
    looking,
    modelling,
    mustering,
    planning,
    running,
    security,
    verify,
    warning,
)
from scenarios.commands.shell import app, filled, sentence
from scenarios.rig.failure import RigFailure

__all__ = [
    "app",
    "benching",
    "crushing",
    "egress",
    "looking",
    "main",
    "modelling",
    "mustering",
    "planning",
    "running",
    "security",
    "verify",
    "warning",
]


def main() -> None:
    """Run a command; bad input is one line per problem and exit 2, a failed rig exit 3."""
    try:
        app(filled(sys.argv[1:]))
    except BadFile as bad:
        for problem in bad.problems:
            print(sentence(problem), file=sys.stderr)
        sys.exit(2)
    except RigFailure as failure:
        print(f"the rig failed: {failure}", file=sys.stderr)
        sys.exit(3)
    except (ValueError, FileExistsError) as error:
        print(str(error), file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        if error.filename is None:
            raise
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
