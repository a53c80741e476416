"""Every fault of the vectors of bundles, given to the real tools: a named refusal, and everything as it was."""

from collections import Counter
from pathlib import Path

from lab.soak.report import Row, Say
from lab.soak.spoilt_bundles import faults, item_faults, sound_file
from lab.soak.taking_home import TakingHome
from lab.soak.taking_site import TakingSite
from tests.vectors.book import OPENS


def play_faults(folder: Path, say: Say, *, each_to_both: bool = True) -> Row:
    """All of them, each to both tools or to one by turns.

    Raises:
        Lost: one is taken, or refused under another name, or something has changed.
    """
    taking = TakingHome(folder / "reviewer"), TakingSite(folder / "server")
    given: Counter[str] = Counter()
    for fault in faults():
        if fault.outcome == OPENS:
            continue  # what is in it is no envelope and no reply: sound by its form only
        judges = [tool for tool in taking if tool.judges(fault)]
        for tool in judges if each_to_both else judges[given.total() % len(judges) :][:1]:
            with tool.at(fault.place):
                tool.give(fault)
        given[fault.outcome] += 1
    for tool in taking:
        for fault in item_faults(*tool.items()):
            tool.give(fault)
            given[fault.outcome] += 1
        tool.take(sound_file(*tool.items()))
    say(f"{given.total()} faults of the vectors")
    taking[1].give_receipts()
    say("receipts for other bytes, and repeated ones")
    told = ", ".join(f"{name} {count}" for name, count in sorted(given.items()))
    return Row("faults in both tools", given.total(), f"each refused by its name, nothing changed: {told}")
