"""A permanent allow list of system calls for a process; the kernel refuses all others.

The filter is a seccomp program in the kernel's own little language (classic BPF). A refused call fails with an
error; the process is not killed, so that a library that tries something and can do without goes on.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Sequence
from typing import Final, NamedTuple

from system.call_numbers import MACHINES, number_of

_PR_SET_NO_NEW_PRIVS: Final = 38
_SET_MODE_FILTER, _ALL_THREADS = 1, 1
# Of <linux/bpf_common.h> and <linux/seccomp.h>.
_LOAD_WORD, _JUMP_IF_EQUAL, _AND, _RETURN = 0x20, 0x15, 0x54, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_MOST_STEPS: Final = 4096

_LIBC = ctypes.CDLL(None, use_errno=True)
_Step = tuple[int, int, int, int]


class NotFiltered(Exception):
    """The kernel does not take system calls away from this process."""


# Not dataclasses: those load the module inspect, a fifth of what a process loads that looks into one file.
class Allowed(NamedTuple):
    """An allowed system call.

    With ``argument`` (counted from 0), it is allowed only if the low 32 bits of that argument, masked with
    ``mask``, are one of ``values``. Use it only for arguments of which the kernel reads no more than 32 bits.
    """

    call: str
    argument: int | None = None
    values: tuple[int, ...] = ()
    mask: int = 0xFFFFFFFF


class AllowedWithout(NamedTuple):
    """A call that is allowed while this argument, a pointer, is null."""

    call: str
    argument: int


class Unknown(NamedTuple):
    """A call that fails as if the kernel were too old for it, so that the C library takes another way."""

    call: str


Rule = Allowed | AllowedWithout | Unknown


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def can_filter() -> bool:
    """True if this kernel supports the filters and the architecture is supported."""
    allowed = ctypes.c_uint32(_ALLOW)
    get_action_available = 2
    try:
        seccomp = number_of("seccomp", os.uname().machine)
    except (KeyError, ValueError):
        return False
    return bool(_LIBC.syscall(seccomp, get_action_available, 0, ctypes.byref(allowed)) == 0)


def keep_only(rules: Sequence[Rule]) -> None:
    """Permanently allow only these system calls, for all threads and all child processes.

    Any other call fails with EPERM.

    Raises:
        NotFiltered: the kernel refuses, or the architecture is not supported.
    """
    machine = os.uname().machine
    try:
        steps = program(rules, machine)
        seccomp = number_of("seccomp", machine)
    except (KeyError, ValueError) as error:
        raise NotFiltered(f"no filter is written for machines of the kind {machine}") from error
    filled = _Program(len(steps) // 8, steps)
    if (
        _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        or _LIBC.syscall(seccomp, _SET_MODE_FILTER, _ALL_THREADS, ctypes.byref(filled)) != 0
    ):
        raise NotFiltered("the kernel has no seccomp filters")


def program(rules: Sequence[Rule], machine: str) -> bytes:
    """The filter for ``machine``, as the kernel reads it: 8 bytes a step.

    Raises:
        KeyError, ValueError: a call or a machine that is not in our table.
    """
    steps: list[_Step] = [
        (_LOAD_WORD, 0, 0, _ARCHITECTURE_AT),
        # Calls in another machine's way (32 bits) have other numbers: all of them are refused.
        (_JUMP_IF_EQUAL, 1, 0, MACHINES[machine]),
        _refuse(errno.EPERM),
        (_LOAD_WORD, 0, 0, _NUMBER_AT),
    ]
    for rule in rules:
        number = number_of(rule.call, machine)
        if number is not None:
            answer = _answer(rule)
            steps += [(_JUMP_IF_EQUAL, 0, len(answer), number), *answer]
    steps.append(_refuse(errno.EPERM))
    if len(steps) > _MOST_STEPS:
        raise ValueError("a filter has at most 4096 steps")
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _answer(rule: Rule) -> list[_Step]:
    """The instructions after the number of a rule matched. Every path ends with a return."""
    allow: _Step = (_RETURN, 0, 0, _ALLOW)
    match rule:
        case Unknown():
            return [_refuse(errno.ENOSYS)]
        case Allowed(argument=None):
            return [allow]
        case Allowed(argument=int(argument), values=values, mask=mask):
            checks = [step for value in values for step in ((_JUMP_IF_EQUAL, 0, 1, value), allow)]
            return [(_LOAD_WORD, 0, 0, _low_word(argument)), (_AND, 0, 0, mask), *checks, _refuse(errno.EPERM)]
        case AllowedWithout(argument=argument):
            return [
                (_LOAD_WORD, 0, 0, _low_word(argument)),
                (_JUMP_IF_EQUAL, 0, 3, 0),
                (_LOAD_WORD, 0, 0, _low_word(argument) + 4),
                (_JUMP_IF_EQUAL, 0, 1, 0),
                allow,
                _refuse(errno.EPERM),
            ]
    raise TypeError(rule)


def _low_word(argument: int) -> int:
    """Both kinds of machine keep the low half of a number first."""
    return _ARGUMENTS_AT + 8 * argument


def _refuse(error: int) -> _Step:
    return (_RETURN, 0, 0, _ERROR | error)
