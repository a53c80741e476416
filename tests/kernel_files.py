"""Files of the kernel as another machine would show them: lists of swap areas, of mounts, and the like."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


@contextmanager
def other_machine(shown: Mapping[Path, Path]) -> Iterator[None]:
    """Within the block this process reads, in the place of each file, the one that it is mapped to."""
    open_one = Path.open

    def opened(path: Path, *given: Any, **named: Any) -> Any:
        return open_one(shown.get(path, path), *given, **named)

    with pytest.MonkeyPatch.context() as system:
        system.setattr(Path, "open", opened)
        yield
