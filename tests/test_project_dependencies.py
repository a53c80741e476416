"""Installed, locked and documented packages are the same list."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DOCUMENT = (ROOT / "docs" / "develop" / "dependencies.md").read_text(encoding="utf-8")
LOCKS = ["requirements.lock", "requirements-build.lock", "requirements-traffic.lock", "requirements-radio.lock"]
PARTS = [
    "requirements-server.lock",
    "requirements-reviewer.lock",
    "requirements-outreach.lock",
    "requirements-relay.lock",
    "requirements-duty.lock",
]


def declared() -> dict[str, tuple[str, set[str]]]:
    """Each direct dependency: its floor, and the extras that bring it (``all`` for the plain ones).

    A dependency with a ceiling is written ``27.0, below 27.1``.
    """
    groups = {"all": PROJECT["project"]["dependencies"], **PROJECT["project"]["optional-dependencies"]}
    found: dict[str, tuple[str, set[str]]] = {}
    for group, requirements in groups.items():
        for requirement in requirements:
            match = re.fullmatch(r"([A-Za-z0-9-]+)(?:\[[a-z]+\])?>=([0-9.]+)(?:,<([0-9.]+))?", requirement)
            assert match, f"a dependency is a name and a floor: {requirement}"
            versions = f"{match[2]}, below {match[3]}" if match[3] else match[2]
            floor, extras = found.setdefault(match[1].lower(), (versions, set()))
            assert floor == versions, f"{match[1]} has two floors"
            extras.add(group)
    return found


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its two head lines."""
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert section, f"docs/develop/dependencies.md has no section {heading!r}"
    lines = [line for line in section[1].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_table_of_python_packages_is_what_pyproject_declares() -> None:
    documented = {
        name.strip("`"): (floor, set(extra.split(", "))) for name, floor, extra, *_ in rows("Python packages")
    }
    assert documented == declared()


def test_every_row_gives_a_licence_a_place_and_a_reason() -> None:
    for heading in ("Python packages", "Debian packages", "npm packages"):
        assert all(cell for row in rows(heading) for cell in row)


def test_the_table_of_debian_packages_is_what_the_scripts_install() -> None:
    script = (ROOT / "scripts" / "prepare").read_text(encoding="utf-8")
    installed = set(re.findall(r"^([a-z0-9.+-]+) +\| +[^|\n]+ \| ", script, re.MULTILINE)) | {
        "python3",
        "python3-venv",
    }
    assert {name.strip("`") for name, *_ in rows("Debian packages")} == installed


@pytest.mark.parametrize("lock", [*LOCKS, *PARTS])
def test_every_locked_package_is_held_to_hashes_and_to_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(entries) > 3
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==\S+", entry), entry.splitlines()[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry.splitlines()[0]
    assert not re.search(r"https?:|--(extra-)?index-url|--find-links|file:", text)


def locked(lock: str) -> dict[str, tuple[str, set[str]]]:
    """By name: version, and digests of its files."""
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text(encoding="utf-8").strip())
    found = {}
    for entry in entries:
        name, _, rest = entry.partition("==")
        found[name] = (rest.split()[0], set(re.findall(r"sha256:([0-9a-f]{64})", entry)))
    return found


@pytest.mark.parametrize("part", PARTS)
def test_what_people_install_is_a_part_of_what_is_tested(part: str) -> None:
    everything = locked("requirements.lock")
    assert {name: everything.get(name) for name in locked(part)} == locked(part)
    groups = {"all", part.removeprefix("requirements-").removesuffix(".lock")}
    wanted = {name for name, (_, extras) in declared().items() if extras & groups}
    assert wanted <= set(locked(part))


def test_no_client_of_a_network_is_on_the_reviewers_medium_and_nothing_to_open_tips_in_the_servers_package() -> (
    None
):
    assert not {"httpx", "httpcore", "stem", "gunicorn", "anyio", "socksio"} & set(
        locked("requirements-reviewer.lock")
    )
    assert 'rm -rf "$packages/reviewer"' in (ROOT / "scripts" / "build-deb").read_text(encoding="utf-8")


def test_the_npm_packages_are_held_to_hashes_and_to_no_registry() -> None:
    folder = ROOT / "tests" / "foreign"
    declared_there = json.loads((folder / "package.json").read_text(encoding="utf-8"))["dependencies"]
    locked = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    locked.pop("")
    assert {name.strip("`"): version for name, version, *_ in rows("npm packages")} == declared_there
    for name, version in declared_there.items():
        assert locked[f"node_modules/{name}"]["version"] == version, "a version, not a range"
    for name, entry in locked.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name
        assert f"`{name.rpartition('node_modules/')[2]}`" in DOCUMENT, f"{name} is not in the document"


def test_the_lock_holds_every_declared_package_at_or_above_its_floor_and_below_its_ceiling() -> None:
    locked = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", (ROOT / LOCKS[0]).read_text(encoding="utf-8"), re.MULTILINE))
    for name, (versions, _) in declared().items():
        assert name in locked, f"{name} is not locked: run scripts/lock"
        floor, _, ceiling = versions.partition(", below ")
        assert numbers(locked[name]) >= numbers(floor), name
        assert not ceiling or numbers(locked[name]) < numbers(ceiling), name


def numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


@pytest.mark.parametrize(
    "script",
    [
        "scripts/prepare",
        "scripts/test",
        "scripts/acceptance",
        "scripts/lock",
        "scripts/fuzz",
        "scripts/demo",
        "scripts/languages",
        "scripts/soak",
        "scripts/release",
        ".ci/run",
    ],
)
def test_a_script_is_executable_and_parses(script: str) -> None:
    assert (ROOT / script).stat().st_mode & 0o111 == 0o111
    subprocess.run(["bash", "-n", ROOT / script], check=True)
