"""``tipline outreach``, from the file that a server prints to the folder that staff carry away."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.outreach.example_site import ADDRESS, write_site_file
from tipline.cli import main


def test_one_command_makes_cards_poster_page_and_headers_of_a_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "made"
    assert (
        main(["outreach", "--site", str(write_site_file(tmp_path)), "--out", str(folder), "--language", "en"]) == 0
    )
    made = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert made == {
        *("cards-en.pdf", "poster-en.pdf", "page/index.html", "page/style.css"),
        *("page/en/index.html", "page/en/style.css"),
        *("headers/nginx.conf", "headers/apache.conf", "headers/Caddyfile"),
    }
    assert f"{len(made)} files in {folder}" in capsys.readouterr().out


def test_a_code_is_made_with_a_warning_for_staff(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = [
        "outreach",
        "--site",
        str(write_site_file(tmp_path)),
        "--out",
        str(tmp_path / "made"),
        "--language",
        "en",
    ]
    assert main([*asked, "--qr"]) == 0
    assert "an ordinary camera opens the code in an ordinary browser" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (["--language", "xx"], "there is no language 'xx'"),
        (["--style", "plain", "--qr"], "the plain style has no QR code"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], reason: str
) -> None:
    folder = tmp_path / "made"
    assert main(["outreach", "--site", str(write_site_file(tmp_path)), "--out", str(folder), *more]) == 1
    assert reason in capsys.readouterr().err
    assert not folder.exists()


def test_a_folder_with_something_in_it_is_refused_and_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = write_site_file(tmp_path)
    assert main(["outreach", "--site", str(site), "--out", str(tmp_path), "--language", "en"]) == 1
    assert "is not empty" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [site]


def test_a_missing_font_is_named_with_its_package(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    is_file = Path.is_file
    monkeypatch.setattr(Path, "is_file", lambda path: path.suffix != ".ttf" and is_file(path))
    asked = [
        "outreach",
        "--site",
        str(write_site_file(tmp_path)),
        "--out",
        str(tmp_path / "made"),
        "--language",
        "en",
    ]
    assert main(asked) == 1
    said = capsys.readouterr().err
    assert "the font DejaVuSans.ttf is missing" in said
    assert "apt-get install fonts-dejavu-core" in said


def test_a_computer_without_the_extra_says_what_to_install(tmp_path: Path) -> None:
    # As on the server, whose package has neither: a process of its own, as this one has loaded them.
    program = "import sys; sys.modules['fpdf'] = None; from tipline.cli import main; sys.exit(main(sys.argv[1:]))"
    asked = ["outreach", "--site", write_site_file(tmp_path), "--out", tmp_path / "made"]
    done = subprocess.run([sys.executable, "-c", program, *asked], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "tipline: error: this computer has no fpdf, which draws the cards",
        "tipline: hint: on a staff computer: pip install --require-hashes -r requirements-outreach.lock",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "must be the JSON object"),
        ("[]", "must be the JSON object"),
        ("[" * 100_000, "must be the JSON object"),
        ('{"onion_address": null, "emergency_numbers": []}', "has no onion address yet"),
        (f'{{"onion_address": "{ADDRESS}"}}', "emergency_numbers is missing"),
        (f'{{"onion_address": "{ADDRESS}", "emergency_numbers": [1]}}', "must have place and number"),
        (f'{{"onion_address": "{ADDRESS}", "emergency_numbers": [], "leave_url": "javascript:1"}}', "leave_url"),
    ],
)
def test_a_file_that_no_server_printed_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, reason: str
) -> None:
    path = tmp_path / "SITE.json"
    path.write_text(content, encoding="utf-8")
    assert main(["outreach", "--site", str(path), "--out", str(tmp_path / "made")]) == 1
    assert reason in capsys.readouterr().err
