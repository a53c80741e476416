"""From one manifest to a later one: the table in ``docs/formats/manifest.md``."""

import dataclasses
import datetime as dt
from itertools import permutations

import pytest

from crypto.errors import Expired, Forked, OutOfOrder, RolledBack, TooEarly
from crypto.keys.party import PartyKeys
from crypto.manifests.manifest import Manifest, VerifiedManifest, adopt, sign_manifest, verify_manifest
from crypto.passphrases.mailbox import SiteDerivation
from tests.organisation import TODAY, Organisation

SERVER = PartyKeys.generate("server-1").party()
ORGANISATION = Organisation()
ROOT = ORGANISATION.root
FIRST, SECOND, THIRD, FOURTH = (ORGANISATION.issue(SERVER, weeks=1) for _ in range(4))


def signed(manifest: Manifest) -> VerifiedManifest:
    return verify_manifest(*sign_manifest(manifest, root=ROOT), root=ROOT.verify_key())


def changed(verified: VerifiedManifest, **change: object) -> VerifiedManifest:
    """The same root signs the same version with something else in it."""
    return signed(dataclasses.replace(verified.manifest, **change))  # type: ignore[arg-type]  # fields of Manifest


OTHER_SECOND = changed(SECOND, organisation="Someone Else")


def test_a_machine_without_a_manifest_starts_at_any_version() -> None:
    assert adopt(None, [FIRST], highest_seen=0, today=TODAY) is FIRST
    assert adopt(None, [THIRD], highest_seen=0, today=TODAY) is THIRD
    assert adopt(None, [SECOND, THIRD, FOURTH], highest_seen=0, today=TODAY) is FOURTH


def test_the_next_one_is_adopted() -> None:
    assert adopt(FIRST, [SECOND], highest_seen=1, today=TODAY) is SECOND


def test_a_run_leads_over_several_versions_in_any_order() -> None:
    for run in permutations([FIRST, SECOND, THIRD, FOURTH]):
        assert adopt(FIRST, run, highest_seen=1, today=TODAY) is FOURTH


def test_a_run_may_begin_before_the_manifest_at_hand() -> None:
    assert adopt(THIRD, [FIRST, SECOND, THIRD, FOURTH], highest_seen=3, today=TODAY) is FOURTH


def test_the_same_one_again_is_harmless() -> None:
    again = verify_manifest(SECOND.raw, SECOND.signature, root=ROOT.verify_key())
    assert adopt(SECOND, [again], highest_seen=2, today=TODAY) is SECOND
    assert adopt(SECOND, [FIRST, again, again], highest_seen=2, today=TODAY) is SECOND


def test_a_missing_version_is_out_of_order() -> None:
    with pytest.raises(OutOfOrder, match="manifest 2"):
        adopt(FIRST, [THIRD], highest_seen=1, today=TODAY)
    with pytest.raises(OutOfOrder, match="manifest 3"):
        adopt(FIRST, [SECOND, FOURTH], highest_seen=1, today=TODAY)
    with pytest.raises(OutOfOrder, match="manifest 2"):
        adopt(None, [FIRST, THIRD], highest_seen=0, today=TODAY)


def test_an_older_one_is_rolled_back() -> None:
    with pytest.raises(RolledBack):
        adopt(THIRD, [SECOND], highest_seen=3, today=TODAY)
    with pytest.raises(RolledBack):
        adopt(THIRD, [FIRST, SECOND], highest_seen=3, today=TODAY)


def test_a_restored_machine_does_not_go_below_the_highest_version_it_ever_saw() -> None:
    with pytest.raises(RolledBack):
        adopt(FIRST, [SECOND], highest_seen=3, today=TODAY)
    with pytest.raises(RolledBack):
        adopt(None, [SECOND], highest_seen=3, today=TODAY)
    assert adopt(FIRST, [SECOND, THIRD], highest_seen=3, today=TODAY) is THIRD


def test_two_manifests_of_one_version_are_a_fork() -> None:
    with pytest.raises(Forked):
        adopt(SECOND, [OTHER_SECOND], highest_seen=2, today=TODAY)
    with pytest.raises(Forked):
        adopt(FIRST, [SECOND, OTHER_SECOND], highest_seen=1, today=TODAY)
    with pytest.raises(Forked):
        adopt(SECOND, [OTHER_SECOND, THIRD], highest_seen=2, today=TODAY)


def test_a_chain_that_names_another_one_before_is_a_fork() -> None:
    with pytest.raises(Forked):
        adopt(FIRST, [OTHER_SECOND, THIRD], highest_seen=1, today=TODAY)
    with pytest.raises(Forked):
        adopt(OTHER_SECOND, [THIRD], highest_seen=2, today=TODAY)


@pytest.mark.parametrize(
    "derivation",
    [
        dataclasses.replace(FIRST.manifest.derivation, salt=bytes(16)),
        dataclasses.replace(FIRST.manifest.derivation, memory_kib=131072),
        dataclasses.replace(FIRST.manifest.derivation, passes=4),
        dataclasses.replace(FIRST.manifest.derivation, lanes=2),
    ],
)
def test_salt_and_costs_never_change(derivation: SiteDerivation) -> None:
    with pytest.raises(Forked):
        adopt(FIRST, [changed(SECOND, derivation=derivation)], highest_seen=1, today=TODAY)


def test_an_expired_one_is_not_adopted() -> None:
    last_day = SECOND.manifest.expires
    assert adopt(FIRST, [SECOND], highest_seen=1, today=last_day) is SECOND
    with pytest.raises(Expired):
        adopt(FIRST, [SECOND], highest_seen=1, today=last_day + dt.timedelta(days=1))


def test_only_the_last_of_a_run_has_to_hold_today() -> None:
    organisation = Organisation()
    old = [organisation.issue(SERVER, weeks=1, valid_days=10) for _ in range(2)]
    new = organisation.issue(SERVER, weeks=1, today=TODAY + dt.timedelta(days=100))
    assert adopt(old[0], [old[1], new], highest_seen=1, today=TODAY + dt.timedelta(days=100)) is new


def test_one_from_the_future_says_that_a_clock_is_wrong() -> None:
    adopt(FIRST, [SECOND], highest_seen=1, today=TODAY - dt.timedelta(days=1))
    with pytest.raises(TooEarly):
        adopt(FIRST, [SECOND], highest_seen=1, today=TODAY - dt.timedelta(days=2))


def test_nothing_to_adopt_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        adopt(FIRST, [], highest_seen=1, today=TODAY)
