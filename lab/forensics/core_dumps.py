"""Core dumps as far as this machine allows them, for programs that are started meanwhile."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PATTERN = Path("/proc/sys/kernel/core_pattern")


@contextmanager
def allowed_core_dumps() -> Iterator[None]:
    """A program that is started in this block may leave one; where ours does not, it is by its own doing."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))


def would_be_beside() -> bool:
    """True if the kernel would write one into the folder of a program that crashes here."""
    pattern = _PATTERN.read_text().strip()
    return "/" not in pattern and not pattern.startswith("|") and resource.getrlimit(resource.RLIMIT_CORE)[1] != 0
