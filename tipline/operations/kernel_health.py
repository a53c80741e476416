"""The doctor's look at what the kernel takes from the worker of the web process."""

from typing import Final

from tipline.operations.check_result import Finding, advice, danger, fine

WITHOUT_LANDLOCK: Final = (
    "there is no Landlock here: code that took over the web process could read the onion keys and the locked "
    "database key, and write wherever this user may"
)


def kernel_finding(*, filters_calls: bool, landlock: int) -> Finding:
    """``landlock``: its version, 0 where there is none."""
    about = "confinement"
    if not filters_calls:
        return danger(
            about,
            "this kernel filters no system calls: the web process does not start",
            "use Debian's own kernel, on a machine of the kind amd64 or arm64",
        )
    if not landlock:
        return advice(
            about,
            WITHOUT_LANDLOCK,
            "use Debian's own kernel; where it is started with the option lsm=, add landlock to that",
        )
    return fine(about, "the kernel keeps the web process to the store's files and to the calls that it needs")
