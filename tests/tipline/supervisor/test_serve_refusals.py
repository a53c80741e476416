"""Refusals of `tipline serve`: with 1, by name, and with a hint."""

from pathlib import Path

import pytest

from onion.errors import TorNotInstalled
from onion.tor_program import find_program
from tests.tipline.served import ServedFolder
from tests.tipline.serving import OFF, tipline
from tipline.cli import main


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--tor", "off"], "without Tor there must be an address"),
        (["--bind", "127.0.0.1:8080"], "with Tor the site listens on a unix socket only"),
        (["--tor", "private"], "a private network must be named"),
        (["--tor", "off", "--bind", "0.0.0.0:80"], "expected unix:PATH or 127.0.0.1:PORT"),
    ],
)
def test_options_that_do_not_fit_together_are_refused_with_1_and_a_hint(
    served: ServedFolder, capsys: pytest.CaptureFixture[str], options: list[str], reason: str
) -> None:
    code = main(["serve", str(served.folder.path), "--passphrase-file", str(served.passphrase_file), *options])
    said = capsys.readouterr().err
    assert code == 1
    assert reason in said
    assert "tipline: hint:" in said


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--tor", "private", "--network", "/nonexistent"], "expected a running private network"),
        (["--control", "unix:/nonexistent/control"], "no tor listens for a control connection"),
    ],
)
def test_what_cannot_be_served_is_refused_with_1_and_a_hint(
    served: ServedFolder, options: list[str], reason: str
) -> None:
    command = tipline("serve", served.folder.path, "--passphrase-file", served.passphrase_file, *options)
    assert command.returncode == 1
    assert reason in command.stderr
    assert "tipline: hint:" in command.stderr
    assert "Traceback" not in command.stderr


def test_a_wrong_passphrase_a_missing_folder_and_a_debugger_are_named(
    served: ServedFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("another passphrase\n")
    refused = tipline("serve", served.folder.path, "--passphrase-file", wrong, *OFF)
    assert refused.returncode == 1
    assert "the passphrase does not open the database key" in refused.stderr
    assert main(["serve", str(tmp_path / "nowhere"), *OFF]) == 1
    assert "is not the folder of a tip line" in capsys.readouterr().err
    monkeypatch.setenv("FLASK_DEBUG", "1")
    debugging = tipline("serve", served.folder.path, "--passphrase-file", served.passphrase_file, *OFF)
    assert debugging.returncode == 1
    assert "FLASK_DEBUG is set" in debugging.stderr


def test_a_missing_tor_is_named_with_what_to_install() -> None:
    with pytest.raises(TorNotInstalled, match="expected the program tor-that-is-not-here") as caught:
        find_program("tor-that-is-not-here")
    assert caught.value.hint == "install it: apt install tor"
