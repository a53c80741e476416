"""Announcements at the server: kept from each reviewer, and passed on once every reviewer has announced."""

import os

import pytest

from crypto.bundles.announcement import READ_HERE, sign_announcement, verify_announcement
from crypto.bundles.bundle import ItemType
from crypto.bundles.bundle_statement import FORMAT_VERSION, LATER_FORMAT_VERSION
from crypto.keys.keys import PartySigningKey, RootSigningKey, RootVerifyKey
from tests.server import Server
from tests.tipline.bundles.carried import Reviewer, export, take_in
from tipline.errors import CarryRefused

Item = tuple[ItemType, bytes]


def root_of(server: Server) -> RootVerifyKey:
    return server.organisation.root.verify_key()


def announced_by(key: PartySigningKey, root: RootVerifyKey) -> Item:
    return ItemType.ANNOUNCEMENT, sign_announcement(key=key, root=root)


def test_announcements_are_passed_on_once_every_reviewer_has_announced_and_not_before(
    server: Server, reviewers: list[Reviewer]
) -> None:
    first, second = reviewers
    take_in(server, first.outbox(announced_by(first.keys.signing, root_of(server))))
    server.keep(os.urandom(100))
    second.read(export(server))
    assert (second.forms, second.announced) == ([FORMAT_VERSION], [])
    take_in(server, second.outbox(announced_by(second.keys.signing, root_of(server))))
    server.keep(os.urandom(100))
    second.read(export(server))
    found = [verify_announcement(one, root=root_of(server)) for one in second.announced]
    assert second.forms == [FORMAT_VERSION, LATER_FORMAT_VERSION]
    assert [one.party for one in found] == [server.keys.signing.verify_key()] + [
        reviewer.keys.signing.verify_key() for reviewer in reviewers
    ]
    assert {one.reads for one in found} == {READ_HERE}
    first.read(export(server))
    assert first.announced == second.announced


def test_an_announcement_of_a_later_program_takes_the_place_of_the_earlier_and_old_bundles_stay_as_they_were(
    server: Server, reviewers: list[Reviewer]
) -> None:
    first, second = reviewers
    for one in reviewers:
        take_in(server, one.outbox(announced_by(one.keys.signing, root_of(server))))
    server.keep(os.urandom(100))
    export(server)
    later = sign_announcement(key=first.keys.signing, root=root_of(server), reads=["duty", "letters"])
    take_in(server, first.outbox((ItemType.ANNOUNCEMENT, later)))
    server.keep(os.urandom(100))
    second.read(export(server))
    found = [verify_announcement(one, root=root_of(server)) for one in second.announced]
    by_first = [one.reads for one in found if one.party == first.keys.signing.verify_key()]
    assert by_first == [("duty",), ("duty", "letters")]
    assert second.deleted == second.withheld == []


def test_a_foreign_or_forged_announcement_refuses_the_outbox_and_one_of_another_party_has_no_effect(
    server: Server, reviewers: list[Reviewer]
) -> None:
    first, second = reviewers
    foreign = announced_by(first.keys.signing, RootSigningKey.generate().verify_key())
    kind, sound = announced_by(first.keys.signing, root_of(server))
    before = first.last
    for item in (foreign, (kind, sound[:-1] + b"\n")):
        with pytest.raises(CarryRefused):
            take_in(server, first.outbox(item))
        first.last = before
    take_in(server, first.outbox((kind, sound), announced_by(second.keys.signing, root_of(server))))
    server.keep(os.urandom(100))
    second.read(export(server))
    assert second.announced == []
