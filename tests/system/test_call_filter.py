"""The kernel's little programs, run here step by step for both kinds of machine, and by the kernel on this one."""

import errno
import struct
import subprocess
import sys

import pytest

from system.call_filter import Allowed, AllowedWithout, Rule, Unknown, program
from system.call_numbers import MACHINES, NUMBERS, number_of
from tipline.web.confinement import rules

ALLOWED = 0x7FFF0000
REFUSED, UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
RULES: list[Rule] = [
    Allowed("read"),
    Allowed("kill", 0, (77, 78)),
    Allowed("clone", 0, (0x100,), mask=0x180),
    AllowedWithout("sendto", 4),
    Unknown("clone3"),
    Allowed("open"),
]
FAR = 1 << 40


def answer_of(steps: bytes, machine: str, number: int, arguments: tuple[int, ...] = ()) -> int:
    """The answer of the program to one call, as the kernel's own interpreter would."""
    call = struct.pack("=iIQ6Q", number, MACHINES[machine], 0, *arguments, *([0] * (6 - len(arguments))))
    accumulator, place = 0, 0
    while True:
        code, if_true, if_false, value = struct.unpack_from("=HBBI", steps, 8 * place)
        place += 1
        match code:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", call, value)
            case 0x54:
                accumulator &= value
            case 0x15:
                place += if_true if accumulator == value else if_false
            case 0x06:
                return int(value)
            case _:
                raise ValueError(code)


def said(call: str, machine: str, *arguments: int) -> int:
    number = number_of(call, machine)
    assert number is not None
    return answer_of(program(RULES, machine), machine, number, arguments)


@pytest.mark.parametrize("machine", MACHINES)
def test_what_is_on_the_list_is_allowed_and_nothing_else_is(machine: str) -> None:
    assert said("read", machine) == ALLOWED
    listed = {rule.call for rule in RULES}
    others = [call for call in NUMBERS if call not in listed and number_of(call, machine) is not None]
    assert {said(call, machine) for call in others} == {REFUSED}
    assert answer_of(program(RULES, machine), machine, 5000) == REFUSED


@pytest.mark.parametrize("machine", MACHINES)
def test_an_argument_is_looked_at_where_the_rule_says_so(machine: str) -> None:
    assert [said("kill", machine, number) for number in (77, 78, 79, 0)] == [ALLOWED, ALLOWED, REFUSED, REFUSED]
    assert [said("kill", machine, FAR + 77), said("kill", machine, 79, 77)] == [ALLOWED, REFUSED]
    assert [said("clone", machine, flags) for flags in (0x100, 0x11F, 0x180, 0)] == [
        ALLOWED,
        ALLOWED,
        REFUSED,
        REFUSED,
    ]
    assert [said("sendto", machine, 1, 1, 1, 0, address) for address in (0, 1, FAR)] == [ALLOWED, REFUSED, REFUSED]
    assert said("clone3", machine) == UNKNOWN


def test_a_call_that_one_machine_never_had_is_left_out_there() -> None:
    number = number_of("open", "x86_64")
    assert number is not None
    assert number_of("open", "aarch64") is None
    assert answer_of(program(RULES, "x86_64"), "x86_64", number) == ALLOWED
    assert answer_of(program(RULES, "aarch64"), "aarch64", number) == REFUSED


def test_calls_in_the_way_of_another_machine_are_refused() -> None:
    read = number_of("read", "x86_64")
    assert read is not None
    assert answer_of(program(RULES, "x86_64"), "aarch64", read) == REFUSED
    x32 = 0x40000000
    assert answer_of(program(RULES, "x86_64"), "x86_64", x32 | read) == REFUSED


@pytest.mark.parametrize("machine", MACHINES)
def test_the_worker_may_make_a_thread_and_no_process_on_either_machine(machine: str) -> None:
    steps = program(rules(77), machine)
    clone, clone3, kill = (number_of(call, machine) for call in ("clone", "clone3", "kill"))
    assert clone is not None
    assert clone3 is not None
    assert kill is not None
    of_a_thread = 0x003D0F00  # what glibc asks for
    assert answer_of(steps, machine, clone, (of_a_thread,)) == ALLOWED
    for of_a_process in (17, 0x01200011, 0x4111, of_a_thread | 0x10000000, of_a_thread | 0x1000):
        assert answer_of(steps, machine, clone, (of_a_process,)) == REFUSED
    assert answer_of(steps, machine, clone3) == UNKNOWN
    assert [answer_of(steps, machine, kill, (process,)) for process in (77, 1, 0, 0xFFFFFFFF)] == [
        ALLOWED,
        REFUSED,
        REFUSED,
        REFUSED,
    ]


def test_threads_that_run_already_are_filtered_too() -> None:
    code = (
        "import ctypes, os, threading\n"
        "from system.call_filter import Allowed, can_filter, keep_only\n"
        "from tipline.web.confinement import rules\n"
        "assert can_filter()\n"
        "go, done = threading.Event(), []\n"
        "def other():\n"
        "    go.wait()\n"
        "    done.append(ctypes.CDLL(None, use_errno=True).socket(1, 1, 0))\n"
        "thread = threading.Thread(target=other)\n"
        "thread.start()\n"
        "keep_only(rules(os.getpid()))\n"
        "go.set()\n"
        "thread.join()\n"
        "assert done == [-1], done\n"
        "later = threading.Thread(target=lambda: done.append(7))\n"
        "later.start()\n"
        "later.join()\n"
        "assert done == [-1, 7], done\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
