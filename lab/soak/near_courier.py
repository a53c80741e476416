"""The courier's own line to a server, without tor between: `python -m lab.soak.near_courier PORT pull|push FILE`.

What is fetched, brought, written and told is the courier's own code; only the way there is shorter, so that it can
be broken off hundreds of times.
"""

import sys
from pathlib import Path

import httpx

from courier.client import ServerLine
from system.errors import ProgramError


def main(port: str, way: str, file: str) -> int:
    """0 when it was done, 1 with a reason on standard error."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60.0, trust_env=False) as client:
        line = ServerLine(client)
        try:
            print(line.pull(Path(file)) if way == "pull" else line.push(Path(file)))
        except ProgramError as error:
            print(f"{error}; {error.hint}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
