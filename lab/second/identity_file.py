"""Private keys in letters, one a line, after docs/formats/identity-file.md."""

from lab.second import bech32
from lab.second.refused import malformed

LIMIT = 65_536
MOST_KEYS = 256
HYBRID = "age-secret-key-pq-"
CLASSICAL = b"age-secret-key-1"
BLANKS = b" \t\r"


def read_hybrid(line: bytes) -> bytes:
    """The seed in a line that is one key, in capitals or in small letters."""
    if not line.isascii() or line not in (line.upper(), line.lower()):
        raise malformed()
    seed = bech32.decode(line.decode("ascii").lower(), HYBRID)
    if len(seed) != 32:
        raise malformed()
    return seed


def read_identity_file(raw: bytes) -> tuple[list[bytes], int]:
    """The seeds of the hybrid keys in the order of their lines, and how many keys are classical."""
    if len(raw) > LIMIT:
        raise malformed()
    seeds: list[bytes] = []
    classical = 0
    for line in (line.strip(BLANKS) for line in raw.split(b"\n")):
        if not line or line.startswith(b"#"):
            continue
        if line.lower().startswith(CLASSICAL):
            classical += 1
        else:
            seeds.append(read_hybrid(line))
        if len(seeds) + classical > MOST_KEYS:
            raise malformed()
    if not seeds and not classical:
        raise malformed()
    return seeds, classical
