"""The parts of pages that are made from results of long runs: fuzzer, traffic, soak and forensics."""

from collections.abc import Callable, Mapping

from lab.traffic.comparisons import COMPARISONS
from lab.traffic.judged import Judged
from tests.documents.runs import commit_of, machine_lines, machines, read, table

FUZZING, TRAFFIC, SOAK, FORENSICS = "fuzzing.parsers", "traffic.guesses", "soak.parts", "forensics.counts"
_FUZZING_HEAD = [
    "parser",
    "what",
    "inputs",
    "accepted",
    "line coverage",
    "slowest",
    "beside, by atheris",
    "on",
    "machine",
]
_TRAFFIC_HEAD = ["visits", "seen as", "right guesses", "by chance", "must be"]
_FORENSICS_HEAD = [
    "run",
    "searches",
    "searched",
    "findings where nothing may be",
    "not searched",
    "blind",
    "on",
    "commit",
    "machine",
]
_SOAK_HEAD = ["part", "points", "result", "seed", "on", "commit", "machine"]


def quotes_of_long_runs() -> Mapping[str, Callable[[], str]]:
    """Figures that pages may quote of them, by name."""
    return {FUZZING: _parsers, TRAFFIC: _guesses, SOAK: _parts, FORENSICS: _counts}


def _parsers() -> str:
    results = read("fuzzing")
    rows = [
        [
            f"`{name}`",
            run.get("what", ""),
            f"{run['executions']:,}",
            f"{run['accepted']:,}",
            f"{100 * run['line_coverage']:.0f} %",
            f"{max(1, round(run['slowest_ms']))} ms",
            f"{run['atheris']:,}" if run.get("atheris") else "–",
            run["day"],
            f"{machines(results).index(run['machine']) + 1}",
        ]
        for name, run in results.items()
    ]
    return table(_FUZZING_HEAD, rows) + machine_lines(results)


def _guesses() -> str:
    results = read("traffic")
    lines = [
        Judged(one, results[one.name]["right"], results[one.name]["guesses"]).line()
        for one in COMPARISONS
        if one.name in results
    ]
    ran = sorted({(run["day"], run["commit"], run["machine"]) for run in results.values()})
    heads = [f"On {day}, at `{commit}`, on {machine}." for day, commit, machine in ran]
    return "\n".join([*heads, "", table(_TRAFFIC_HEAD, []), *lines])


def _counts() -> str:
    results = read("forensics")
    rows = [
        [
            form,
            f"{run['searches']:,}",
            f"{run['mib']:,} MiB",
            f"{run['findings']}",
            f"{run['not_searched']}",
            f"{run['blind']}",
            run["day"],
            commit_of(run),
            f"{machines(results).index(run['machine']) + 1}",
        ]
        for form, run in results.items()
    ]
    rows = rows or [["not run yet", *[""] * (len(_FORENSICS_HEAD) - 1)]]
    return table(_FORENSICS_HEAD, rows) + machine_lines(results)


def _parts() -> str:
    results = read("soak")
    rows = [
        [
            *(part, f"{run['points']:,}", run["result"], f"{run['seed']}", run["day"], commit_of(run)),
            f"{machines(results).index(run['machine']) + 1}",
        ]
        for part, run in results.items()
    ]
    return table(_SOAK_HEAD, rows) + machine_lines(results)
