"""Traces the writes of the receiving process during one large upload: ``python lab/forensics/traced_upload.py``.

Ends with 1 when that is anywhere but the store.
"""

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

from lab.forensics.traced import STORE, Trace, traced
from lab.forensics.visitor import Address, Visitor
from tests.tipline.processes import eventually
from tests.tipline.served import ServedFolder
from tipline.store.ballast import FILE_NAME as BALLAST

_BLOCK_BYTES = 1 << 20
_PATHS_ONLY = 32


def elsewhere(folder: Path, mebibytes: int) -> list[str]:
    """Every file beside the store that was written to, opened for it or made while a file of this size came in.

    Raises:
        RuntimeError: it did not come in, or nothing was seen of it.
    """
    served = ServedFolder(folder / "site")
    out = folder / "trace"
    with served.web() as web:
        # The first heartbeat makes it, a moment after the start; no upload does.
        if not eventually((served.folder.store / BALLAST).exists):
            raise RuntimeError("there is no ballast")
        with traced(web, out, string_bytes=_PATHS_ONLY):
            visitor = Visitor(Address("127.0.0.1", web.port or 0))
            visitor.get("/")
            fields = [("nonce", visitor.hidden("nonce")), ("text", "words")]
            block = secrets.token_bytes(_BLOCK_BYTES)
            visitor.upload_large("/", fields, "file", block, mebibytes, goes_on=lambda: True)
            if len(visitor.words()) != 8:
                raise RuntimeError("there is no receipt")
    trace = Trace(out)
    store = {str(served.folder.store / name) for name in STORE}
    if not trace.written & store:
        raise RuntimeError("the trace saw nothing of it")
    return sorted((trace.written | trace.opened_to_write) - store) + trace.made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mebibytes", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="traced-") as folder:
        found = elsewhere(Path(folder), options.mebibytes)
    for each in found:
        print(each)
    print(f"places beside the store that {options.mebibytes} MiB were written to: {len(found)}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
