"""The parts of ``scripts/prove``: a name, what it shows, and the command.

In the commands ``{kept}`` is the folder for outputs that several parts share, ``{python}`` the Python of this
checkout and ``{processes}`` the number of test processes.
"""

from dataclasses import dataclass
from pathlib import Path

_PYTEST = ("{python}", "-m", "pytest", "-q", "-p", "no:cacheprovider")
_DEALT_OUT = ("--numprocesses", "{processes}", "--dist", "loadfile", "--no-loadscope-reorder")
_WRITE = "{write}"
_MEASURE = ("scripts/acceptance", "--kept", "{kept}", _WRITE)


@dataclass(frozen=True)
class Part:
    """One thing to run; an exit code of 0 says that it holds."""

    name: str
    shows: str
    commands: tuple[tuple[str, ...], ...]

    def filled(self, *, kept: Path, python: str, processes: int, write: bool = False) -> list[list[str]]:
        """The commands, with the names in braces replaced; with ``write`` figures go into ``docs/evidence/``."""
        values = {"{kept}": str(kept), "{python}": python, "{processes}": str(processes), _WRITE: "--write"}
        return [
            [values.get(word, word) for word in command if write or word != _WRITE] for command in self.commands
        ]


LONG = (
    Part(
        "tests",
        "journeys, Tor, Firefox, hostile requests, and programs that are killed at each step",
        (("scripts/corpora",), (*_PYTEST, *_DEALT_OUT, "lab", "--ignore=lab/second", "--ignore=lab/acceptance")),
    ),
    Part(
        "second implementation",
        "the program and a second reader agree on generated files",
        ((*_PYTEST, *_DEALT_OUT, "lab/second", "tests/lab/second"),),
    ),
    Part("fuzz", "100,000 inputs for each parser", (("scripts/fuzz", _WRITE),)),
    Part(
        "forensics",
        "nothing readable is left on a server, through Tor",
        ((*_MEASURE, "--measure", "lab/forensics"),),
    ),
    Part("radio", "a button on virtual Bluetooth controllers rings the duty desk", (("scripts/radio",),)),
    Part("traffic", "visits that must look alike do", (("scripts/traffic", _WRITE),)),
    Part(
        "soak",
        "kills, power cuts, couriers, a count of thousands, random walks",
        ((*_MEASURE, "--measure", "scripts/soak"), ("scripts/soak", "walks", _WRITE)),
    ),
    Part(
        "load",
        "crowds, junk, slow streams and large uploads",
        ((*_MEASURE, "--measure", "benchmarks/", "--measure", "lab/accessibility"),),
    ),
    Part("acceptance", "all rows; what was measured above is used again", (_MEASURE,)),
    Part("sabotage", "the rows fail when the program is spoilt", (("scripts/acceptance", "--sabotage", _WRITE),)),
)
"""In the order in which they run; ``acceptance`` comes after what it uses."""

SHORT = (
    Part("short pythons", "a page and a journey on each other Python", (("scripts/try-python",),)),
    Part(
        "short sabotage",
        "four rows fail when the program is spoilt",
        (("scripts/acceptance", "--sabotage", "--short"),),
    ),
    Part("short fuzz", "1,500 inputs for each parser, and planted faults", ((*_PYTEST, "lab/fuzz"),)),
    Part("short walks", "60 steps of a random walk", (("scripts/soak", "walks", "--short"),)),
    Part(
        "short forensics", "nothing readable is left on a server, without Tor", (("scripts/forensics", "--short"),)
    ),
)
