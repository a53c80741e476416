"""The part ``duty`` of a manifest: issued only when every server and reviewer has announced that it reads it."""

from pathlib import Path

import pytest

from crypto.bundles.announcement import sign_announcement, verify_announcement
from crypto.bundles.bundle import ItemType
from crypto.keys import minisign
from crypto.keys.keys import DutySecretKey, PartySigningKey, RootVerifyKey
from crypto.manifests.manifest_body import FORMAT_VERSION, FORMAT_VERSION_WITH_DUTY
from reviewer.beacon.week import duty_keys
from reviewer.errors import BeaconRefused
from reviewer.keys.duty_part import duty_part
from tests.fakes_server import FakeServer
from tests.reviewer.beacon.beacon_home import unlocked
from tests.reviewer.colleagues import a_colleague
from tests.reviewer.desk_stage import Desk

KEYS = [DutySecretKey(bytes([place]) * 32).public_key() for place in (31, 32)]


@pytest.fixture
def duty(desk: Desk) -> list[str | Path]:
    """The options of keys issue that name both duty machines."""
    options: list[str | Path] = []
    for place, key in enumerate(KEYS):
        path = desk.folder / f"duty-{place}.pub"
        path.write_text(f"{key}\n")
        options += ["--duty", path]
    return options


def root_of(desk: Desk) -> RootVerifyKey:
    return minisign.parse_public_key_file((desk.root / "root.pub").read_bytes())


def announced(desk: Desk, *keys: PartySigningKey) -> bytes:
    """The server's next bundle, with the announcements of these parties."""
    items = [(ItemType.ANNOUNCEMENT, sign_announcement(key=key, root=root_of(desk))) for key in keys]
    return desk.server.bundle(*items)


def refused(desk: Desk, *options: str | Path) -> str:
    """Issuing with these options is refused and issues nothing; what was said."""
    version = desk.server.manifest.version if desk.server.manifest else 0
    code = desk.run("keys", "issue", desk.home, "--root", desk.root, "--out", desk.folder / "no.json", *options)
    assert (code, (desk.folder / "no.json").exists()) == (1, False)
    assert not (desk.root / "manifests" / f"{version + 1:08d}.json").exists()
    return desk.err


def test_the_part_is_issued_once_every_server_and_reviewer_has_announced_and_each_other_one_is_named(
    desk: Desk, duty: list[str | Path]
) -> None:
    colleague = a_colleague(desk)
    said = refused(desk, *duty)
    assert "reviewer second, server server have not announced" in said
    with unlocked(colleague) as home:
        signing = home.party_keys().signing
    desk.do("import", desk.home, desk.write(announced(desk, signing)))
    assert "error: server server has not announced" in refused(desk, *duty)
    stranger = PartySigningKey.generate()
    desk.do("import", desk.home, desk.write(announced(desk, stranger, desk.server.keys.signing)))
    desk.issue(*duty)
    assert desk.server.manifest is not None
    assert desk.server.manifest.manifest.format_version == FORMAT_VERSION_WITH_DUTY
    assert set(desk.server.manifest.manifest.duty) == set(KEYS)
    colleague.do("manifest", colleague.home, desk.folder / "manifest.json")
    desk.issue()
    assert set(desk.server.manifest.manifest.duty) == set(KEYS)
    desk.know_server(FakeServer("third"))
    assert "server third has not announced" in refused(desk)
    desk.issue("--without-duty")
    assert desk.server.manifest.manifest.format_version == FORMAT_VERSION


def test_an_announcement_by_another_key_or_for_another_organisation_is_none(
    desk: Desk, duty: list[str | Path]
) -> None:
    server = desk.server.keys.signing
    foreign = sign_announcement(key=server, root=RootVerifyKey(bytes(range(32))))
    forged = bytearray(sign_announcement(key=server, root=root_of(desk)))
    forged[-1] ^= 1
    for item in (foreign, bytes(forged)):
        server_before = desk.server.last
        assert desk.run("import", desk.home, desk.write(desk.server.bundle((ItemType.ANNOUNCEMENT, item)))) == 1
        desk.server.last = server_before
    assert "server server has not announced" in refused(desk, *duty)
    other_part = sign_announcement(key=server, root=root_of(desk), reads=["letters"])
    desk.do("import", desk.home, desk.write(desk.server.bundle((ItemType.ANNOUNCEMENT, other_part))))
    assert "server server has not announced" in refused(desk, *duty)


def test_the_part_needs_two_different_keys_and_one_word_about_it(desk: Desk, duty: list[str | Path]) -> None:
    assert "two duty machines" in refused(desk, *duty[:2])
    assert "two duty machines" in refused(desk, *duty[:2], *duty[:2])
    assert desk.run("keys", "issue", desk.home, "--root", desk.root, "--out", "no", *duty, "--without-duty") == 2
    with unlocked(desk) as home:
        assert duty_part(home, None, servers=(), reviewers=(), asked=None) == ()


def test_an_outbox_announces_to_each_server_what_this_program_reads(desk: Desk) -> None:
    out = desk.folder / "outbox.bundle"
    desk.do("outbox", desk.home, "--out", out)
    [item] = [raw for kind, raw in desk.server.take_outbox(out.read_bytes()) if kind is ItemType.ANNOUNCEMENT]
    found = verify_announcement(item, root=root_of(desk))
    assert desk.server.manifest is not None
    assert [found.party] == [party.verify_key for party in desk.server.manifest.manifest.reviewers]
    assert found.reads == ("duty",)


def test_week_and_relay_files_are_sealed_to_the_duty_keys_of_the_manifest(
    desk: Desk, duty: list[str | Path]
) -> None:
    other = DutySecretKey.generate().public_key()
    with unlocked(desk) as home:
        assert duty_keys(home, []) == ()
        assert duty_keys(home, [other, KEYS[0]]) == (other, KEYS[0])
    desk.do("import", desk.home, desk.write(announced(desk, desk.server.keys.signing)))
    desk.issue(*duty)
    with unlocked(desk) as home:
        named = duty_keys(home, [])
        assert set(named) == set(duty_keys(home, KEYS)) == set(KEYS)
        with pytest.raises(BeaconRefused, match="manifest 2 names other duty keys"):
            duty_keys(home, [other, KEYS[0]])
