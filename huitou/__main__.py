"""The command ``huitou``."""

import os
import sys


def main() -> None:
    """Run the command line and leave with its exit code: 0 done, 1 refused, 2 wrong usage."""
    from huitou.cli.main import run

    os.umask(0o077)  # what we write holds people's data: for its owner only
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
