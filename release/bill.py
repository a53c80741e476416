"""A bill of materials of one package, as CycloneDX 1.6 in JSON. The same package gives the same bytes.

It lists what is in the package: each Python package with version, licence and dependencies, and each of its wheels
with a digest. What ``apt`` installs beside the server's package (Python, tor, systemd) is not in it.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.contact import OrganizationalEntity
from cyclonedx.model.lifecycle import LifecyclePhase, PredefinedLifecycle
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release import wheels as found
from release.checkout import Checkout

_SUPPLIER = OrganizationalEntity(name="Tip line developers")

_LEFT_OUT = "the server's package leaves parts of this wheel out, as scripts/build-deb shows"


@dataclass(frozen=True)
class Package:
    """One installable file of a release."""

    file: Path
    part: str
    """The extra of ``pyproject.toml`` that it installs: ``server`` or ``reviewer``."""
    pythons: tuple[str, ...]
    """The versions of Python that it serves, as ``3.11``."""
    wheels: Path
    """The folder with the wheels that it was made from."""

    def locks(self, checkout: Path) -> list[found.Locked]:
        """The locked entries that the package must contain; the reviewer's medium also brings ``pip``."""
        locked = found.read_lock(checkout / f"requirements-{self.part}.lock")
        if self.part == "reviewer":
            locked += [one for one in found.read_lock(checkout / "requirements-build.lock") if one.name == "pip"]
        return locked


def bill_of(package: Package, checkout: Checkout) -> bytes:
    """The bill of ``package``, whose wheels must agree with the lock files of ``checkout``.

    Raises:
        ReleaseRefused: a wheel differs from the lock, or its licence is unknown.
    """
    there = found.read_wheels(package.wheels)
    locks = package.locks(checkout.folder)
    found.check_against_locks(there, locks, pythons=package.pythons)
    digest = hashlib.sha256(package.file.read_bytes()).hexdigest()
    root = Component(
        name=package.file.name,
        type=ComponentType.APPLICATION,
        bom_ref=package.file.name,
        version=checkout.version,
        supplier=_SUPPLIER,
        hashes=[_sha256(digest)],
        licenses=[LicenseFactory().make_from_string("AGPL-3.0-or-later")],
    )
    bill = Bom(
        # Nothing here comes from chance or from the clock.
        serial_number=uuid.uuid5(uuid.NAMESPACE_OID, digest),
        metadata=BomMetaData(
            component=root,
            supplier=_SUPPLIER,
            lifecycles=[PredefinedLifecycle(phase=LifecyclePhase.POST_BUILD)],
            timestamp=dt.datetime.fromtimestamp(checkout.seconds, dt.UTC),
        ),
    )
    by_name: dict[str, list[found.Wheel]] = {}
    for wheel in there:
        by_name.setdefault(wheel.name, []).append(wheel)
    sources = {entry.name: entry.sha256 for entry in locks if entry.name in found.MADE_FROM_SOURCE}
    components = {
        name: _component(name, files, source=sources.get(name, frozenset())) for name, files in by_name.items()
    }
    for name, component in components.items():
        bill.components.add(component)
        extras = _extras(name, there, package)
        wanted = _wanted(by_name[name], extras, package.pythons) & components.keys()
        bill.register_dependency(component, [components[one] for one in sorted(wanted)])
    # The programs of this project, and what only installs them.
    on_top = [found.OURS, "pip"] if package.part == "reviewer" else [found.OURS]
    bill.register_dependency(root, [components[name] for name in on_top])
    return JsonV1Dot6(bill).output_as_string(indent=2).encode() + b"\n"


def _component(name: str, files: Sequence[found.Wheel], *, source: Iterable[str]) -> Component:
    """One Python package, with a part for each of its wheels."""
    first = files[0]
    purl = PackageURL("pypi", None, name, first.version)
    bills = sorted({path for wheel in files for path in wheel.bills})
    made_from = next((f"made from the source with SHA-256 {digest}" for digest in sorted(source)), None)
    return Component(
        name=name,
        type=ComponentType.LIBRARY,
        bom_ref=str(purl),
        version=first.version,
        purl=purl,
        description=_LEFT_OUT if name == found.OURS else made_from,
        licenses=[LicenseFactory().make_from_string(first.licence)],
        external_references=[
            ExternalReference(type=ExternalReferenceType.BOM, url=XsUri(path), comment="inside of the wheel")
            for path in bills
        ],
        components=[
            Component(
                name=wheel.file_name,
                type=ComponentType.FILE,
                bom_ref=wheel.file_name,
                hashes=[_sha256(wheel.sha256)],
            )
            for wheel in files
        ],
    )


def _extras(name: str, there: Sequence[found.Wheel], package: Package) -> set[str]:
    """The extras of ``name`` that the package installs, as ``socks`` of httpx."""
    if name == found.OURS:
        return {package.part}
    return {
        extra
        for wheel in there
        for one in wheel.requires
        if canonicalize_name(one.name) == name and _applies(one, {package.part}, package.pythons)
        for extra in one.extras
    }


def _wanted(files: Sequence[found.Wheel], extras: set[str], pythons: Sequence[str]) -> set[str]:
    return {
        canonicalize_name(one.name) for wheel in files for one in wheel.requires if _applies(one, extras, pythons)
    }


def _applies(requirement: Requirement, extras: set[str], pythons: Sequence[str]) -> bool:
    return requirement.marker is None or any(
        requirement.marker.evaluate(found.environment(python, extra=extra))
        for python in pythons
        for extra in ("", *extras)
    )


def _sha256(digest: str) -> HashType:
    return HashType(alg=HashAlgorithm.SHA_256, content=digest)
