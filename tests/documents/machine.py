"""The machine that a figure was measured on, in words for a page."""

import os
import platform
import re
from pathlib import Path

_GIB = 30


def machine() -> str:
    """Cores, processor, memory, system, kernel and Python, as one phrase."""
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> _GIB
    named = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    processor = named[1] if named else platform.machine()
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return (
        f"{os.cpu_count()} cores ({processor}), {memory_gib} GiB of memory, {system}, Linux {platform.release()}, "
        f"Python {platform.python_version()}"
    )


def load() -> float:
    """How many programs wanted a processor in the last minute, on average."""
    return round(os.getloadavg()[0], 1)


def commit(tree: Path) -> str:
    """The first digits of the commit that ``tree`` stands at; empty where it is no checkout."""
    head = tree / ".git"
    if head.is_file():
        head = Path(head.read_text(encoding="utf-8").removeprefix("gitdir: ").strip())
    try:
        named = (head / "HEAD").read_text(encoding="utf-8").strip()
    except OSError:
        return ""
    if not named.startswith("ref: "):
        return named[:7]
    shared = (
        head / (head / "commondir").read_text(encoding="utf-8").strip() if (head / "commondir").exists() else head
    )
    name = named.removeprefix("ref: ")
    if (shared / name).exists():
        return (shared / name).read_text(encoding="utf-8").strip()[:7]
    packed = shared / "packed-refs"  # `git gc` puts all references into one file
    lines = packed.read_text(encoding="utf-8").splitlines() if packed.exists() else []
    return next((line[:7] for line in lines if line.endswith(f" {name}")), "")
