"""No command about supply chains makes a socket of a network; a control makes one, and is found."""

import re
import subprocess
import sys
from pathlib import Path

from tests.reviewer.desk_stage import PROGRAM, Desk
from tests.reviewer.diligence.voice_desk import DEBT, YES, VoiceDesk
from tests.reviewer.facilities.chain_stage import GOODS, NAMED, QUILLON, epcis, grown, made, steps_csv

CALLS = ("socket", "connect", "bind", "sendto", "sendmsg")
CONTROL = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()"


def traced(desk: Desk, code: str, *arguments: str | Path) -> list[str]:
    """The calls that name a network, of a program and its children. A pair of sockets joins two processes."""
    trace = desk.folder / "trace"
    words = [sys.executable, "-B", "-c", code, *map(str, arguments)]
    strace = ["strace", "-f", "-o", str(trace), "-e", f"trace={','.join(CALLS)}"]
    done = subprocess.run([*strace, *words], capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, (arguments, done.stderr)
    lines = trace.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if re.search(r"AF_(?!UNIX)[A-Z0-9]+", line)]


def test_no_command_about_supply_chains_makes_a_socket_of_a_network(desk: Desk) -> None:
    stage = VoiceDesk(desk)
    for tip in stage.tips(*[(DEBT, *YES)] * 3):
        stage.chain.link(tip)
    importing = stage.chain.importing
    (desk.folder / "answer.txt").write_text("We stopped it.", encoding="utf-8")
    home, out = desk.home, desk.folder
    report: tuple[str | Path, ...] = (
        *("supply", "report", home, QUILLON, "--for", "company", "--to", "Example Brand", "--asked"),
        *("--out", out / "report.html", "--on-disk"),
    )
    money: tuple[str | Path, ...] = ("supply", "ftm", home, QUILLON, "--out", out / "places.ftm.json", "--on-disk")
    commands: list[tuple[str | Path, ...]] = [
        importing("uflpa", NAMED.format(name="Quillon Garments Ltd", street="Plot 6 Marrow Road Vessby")),
        importing("us-goods", GOODS),
        importing("steps", steps_csv("a,origin,2026-03-01,F-1,out,COTTON-1,100,KGM,,")),
        importing("steps", epcis(grown("e0", "LOT-0"), made("e1", "LOT-0", "LOT-1")), ending="json"),
        ("supply", "lists", home),
        ("supply", "questions", home),
        ("supply", "show", home, QUILLON),
        ("supply", "row", home, "L-2", "2"),
        ("supply", "decide", home, QUILLON, "F-3", "same", "--because", "seen there"),
        ("supply", "undo", home, QUILLON, "F-3"),
        ("supply", "why", home, QUILLON),
        ("supply", "flags", home),
        ("supply", "find", home, "quillon"),
        ("supply", "trace", home, "LOT-1", "--up"),
        ("supply", "tell", home, QUILLON, "debt_bondage", "--for", "company", "--because", "asked"),
        ("supply", "diary", "add", home, QUILLON, "--step", "2", "--did", "Asked for records"),
        ("supply", "report", home, QUILLON, "--for", "company"),
        report,
        ("supply", "answered", home, QUILLON, "--day", "2026-10-02", "--text", out / "answer.txt"),
        ("supply", "reports", home),
        ("supply", "ftm", home, QUILLON),
        money,
        ("supply", "forget", home, "L-2"),
    ]
    assert traced(desk, CONTROL) != []
    for command in commands:
        code = ("--code", desk.code_of(*command)) if command in (report, money) else ()
        assert traced(desk, PROGRAM, "--beside-network", *command, *code) == [], command
