"""A command whose output cannot be written says so by its exit code, and never by Python's own 120."""

import os
import subprocess
import sys

import pytest

COMMANDS = {
    "tipline": "import sys; from tipline.cli import main; sys.exit(main(['--version']))",
    "tipline-review": "import sys; from reviewer.cli import main; sys.exit(main(['--version']))",
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_command_whose_reader_is_gone_ends_with_1(name: str, unbuffered: str) -> None:
    near, far = os.pipe()
    os.close(near)
    try:
        done = subprocess.run(
            [sys.executable, "-c", COMMANDS[name]],
            stdout=far,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
            check=False,
        )
    finally:
        os.close(far)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_whose_standard_error_is_gone_too_ends_with_its_own_code(name: str) -> None:
    near, far = os.pipe()
    os.close(near)
    try:
        wrong = COMMANDS[name].replace("--version", "--no-such-option")
        done = subprocess.run(
            [sys.executable, "-c", wrong],
            stdout=far,
            stderr=far,
            env=os.environ | {"PYTHONUNBUFFERED": ""},
            check=False,
        )
    finally:
        os.close(far)
    assert done.returncode == 2
