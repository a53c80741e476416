"""Bills of materials: valid by CycloneDX's schema, equal twice, and as the lock files say."""

import json
import re
from pathlib import Path
from typing import Any

import cyclonedx.schema
import jsonschema
import pytest
from referencing import Registry, Resource

from release import ReleaseRefused
from release.bill import Package, bill_of
from release.checkout import Checkout
from release.wheels import read_lock, read_wheels
from tests.release.small_project import VERSION, make_project, write_wheel

ROOT = Path(__file__).parent.parent.parent
SCHEMAS = Path(cyclonedx.schema.__file__).parent / "_res"
SECONDS = 1_700_000_000


class Made:
    """A package of the small project, and what its bill is made from."""

    def __init__(self, folder: Path, part: str, pythons: tuple[str, ...]) -> None:
        self.project = make_project(folder)
        self.wheels = folder / "wheels" / part
        file = folder / "package"
        file.write_text("a package")
        self.package = Package(file, part, pythons, self.wheels)

    def bill(self) -> dict[str, Any]:
        checkout = Checkout(self.project, "0" * 40, SECONDS, VERSION)
        raw = bill_of(self.package, checkout)
        assert bill_of(self.package, checkout) == raw
        table: dict[str, Any] = json.loads(raw)
        return table


@pytest.fixture(params=[("server", ("3.11",)), ("reviewer", ("3.11", "3.12", "3.13"))], ids=["server", "reviewer"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    return Made(tmp_path, *request.param)


def test_a_bill_is_valid_by_the_schema_of_cyclonedx_1_6(made: Made) -> None:
    def schema(name: str) -> Any:
        return json.loads((SCHEMAS / f"{name}.SNAPSHOT.schema.json").read_text())

    beside = {f"{name}.SNAPSHOT.schema.json": schema(name) for name in ("spdx", "jsf-0.82")}
    whole = schema("bom-1.6")
    base = whole["$id"].rpartition("/")[0]
    registry: Registry[Any] = Registry().with_resources(
        (f"{base}/{name}", Resource.from_contents(one)) for name, one in beside.items()
    )
    validator = jsonschema.Draft7Validator(whole, registry=registry)
    bill = made.bill()
    validator.validate(bill)
    bill["components"][0]["licenses"][0]["license"]["id"] = "no licence of the list"
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(bill)


def test_a_bill_names_each_package_with_version_licence_and_the_digest_of_its_wheel(made: Made) -> None:
    bill = made.bill()
    names = ["sealwax", "tipline", "wick"]
    if made.package.part == "reviewer":
        names.insert(0, "pip")
    assert [one["name"] for one in bill["components"]] == names
    wheels = {wheel.name: wheel for wheel in read_wheels(made.wheels)}
    for one in bill["components"]:
        wheel = wheels[one["name"]]
        assert one["version"] == wheel.version
        assert one["purl"] == f"pkg:pypi/{wheel.name}@{wheel.version}"
        assert one["licenses"] == [{"license": {"id": wheel.licence}}]
        (file,) = one["components"]
        assert (file["name"], file["hashes"]) == (
            wheel.file_name,
            [{"alg": "SHA-256", "content": wheel.sha256}],
        )


def test_a_bill_tells_what_depends_on_what_with_markers_and_extras(made: Made) -> None:
    depends = {one["ref"]: one.get("dependsOn", []) for one in made.bill()["dependencies"]}
    assert depends[f"pkg:pypi/tipline@{VERSION}"] == ["pkg:pypi/sealwax@1.2"]
    assert depends["pkg:pypi/sealwax@1.2"] == ["pkg:pypi/wick@3.0"]
    on_top = [f"pkg:pypi/tipline@{VERSION}"]
    assert depends["package"] == (["pkg:pypi/pip@26.3", *on_top] if made.package.part == "reviewer" else on_top)


def test_a_bill_points_to_the_bill_that_a_wheel_brings(made: Made) -> None:
    (wick,) = (one for one in made.bill()["components"] if one["name"] == "wick")
    (reference,) = wick["externalReferences"]
    assert (reference["type"], reference["url"]) == ("bom", "wick-3.0.dist-info/sboms/a.json")


def test_time_and_serial_number_of_a_bill_follow_from_commit_and_package(made: Made) -> None:
    bill = made.bill()
    assert bill["metadata"]["timestamp"] == "2023-11-14T22:13:20+00:00"
    made.package.file.write_text("another package")
    other = made.bill()
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", bill["serialNumber"])
    assert other["serialNumber"] != bill["serialNumber"]


def test_a_wheel_with_other_bytes_than_the_locked_ones_is_refused(made: Made) -> None:
    write_wheel(made.wheels, "sealwax", "1.2", "License-Expression: MIT")
    with pytest.raises(ReleaseRefused, match="a digest that the lock file does not have"):
        made.bill()


def test_a_wheel_that_is_not_locked_is_refused(made: Made) -> None:
    write_wheel(made.wheels, "stranger", "1.0", "License-Expression: MIT")
    with pytest.raises(ReleaseRefused, match=r"stranger-1\.0-py3-none-any\.whl is not in the lock file"):
        made.bill()


def test_a_package_that_lacks_a_locked_wheel_is_refused(made: Made) -> None:
    (made.wheels / "wick-3.0-py3-none-any.whl").unlink()
    with pytest.raises(ReleaseRefused, match="the package lacks wick"):
        made.bill()


def test_a_licence_that_nobody_knows_is_refused(made: Made) -> None:
    write_wheel(made.wheels, "sealwax", "1.2", "License: see the file", "Classifier: License :: OSI Approved")
    with pytest.raises(ReleaseRefused, match="the licence of sealwax is unknown"):
        made.bill()


@pytest.mark.parametrize(
    ("name", "lines", "licence"),
    [
        ("one", ["License-Expression: MIT OR Apache-2.0", "License: another"], "MIT OR Apache-2.0"),
        ("one", ["Classifier: License :: OSI Approved :: MIT License", "License: UNKNOWN"], "MIT"),
        ("one", ["License: BSD-3-Clause", "Classifier: License :: OSI Approved :: BSD License"], "BSD-3-Clause"),
        ("stem", ["License: LGPLv3"], "LGPL-3.0-only"),
    ],
)
def test_a_licence_is_read_where_metadata_names_it(
    tmp_path: Path, name: str, lines: list[str], licence: str
) -> None:
    write_wheel(tmp_path, name, "1.0", *lines)
    (wheel,) = read_wheels(tmp_path)
    assert wheel.licence == licence


def test_the_wheel_of_a_package_that_comes_as_source_is_described_by_the_digest_of_the_source(made: Made) -> None:
    write_wheel(made.wheels, "stem", "1.8.2")
    lock = made.project / f"requirements-{made.package.part}.lock"
    lock.write_text(f"{lock.read_text()}stem==1.8.2 \\\n    --hash=sha256:{'a' * 64}\n")
    (stem,) = (one for one in made.bill()["components"] if one["name"] == "stem")
    assert stem["description"] == f"made from the source with SHA-256 {'a' * 64}"


@pytest.mark.parametrize(
    "lock", ["requirements-server.lock", "requirements-reviewer.lock", "requirements-build.lock"]
)
def test_every_entry_of_our_lock_files_is_read(lock: str) -> None:
    entries = read_lock(ROOT / lock)
    text = (ROOT / lock).read_text()
    assert [one.name for one in entries] == re.findall(r"^([a-z0-9.-]+)==", text, re.MULTILINE)
    assert sum(len(one.sha256) for one in entries) == text.count("--hash=sha256:")
    assert sum(one.marker is not None for one in entries) == text.count(" ; ")


def test_an_entry_with_a_marker_is_for_the_pythons_that_the_marker_names(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text(f"wick==1 ; python_full_version < '3.13' \\\n    --hash=sha256:{'a' * 64}\n")
    (entry,) = read_lock(lock)
    assert [entry.is_for(python) for python in ("3.11", "3.12", "3.13")] == [True, True, False]
