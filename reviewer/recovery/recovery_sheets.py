"""Makes and tests recovery sheets: their secret is compared, and never displayed."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from crypto.errors import CryptoError
from crypto.keys.identity_file import IdentityFile
from crypto.keys.keys import HybridSecretKey, RootSigningKey
from crypto.recovery.backup_key import casebook_backup_key, reviewer_keys
from crypto.recovery.recovery_sheet import (
    FEWEST_NEEDED,
    MOST_SHEETS,
    OpenedSet,
    RecoverySecret,
    SecretKind,
    Sheet,
    SheetSet,
    split,
)
from reviewer.errors import MediumError
from reviewer.home.home import Home
from reviewer.media.known_copies import SHEETS_MADE_SETTING, SHEETS_TRIED_SETTING
from reviewer.media.root_medium import RootMedium
from reviewer.recovery.key_ceremony import BACKUP_KEY_SETTING
from reviewer.recovery.printed_sheet import PrintedSheet
from reviewer.recovery.sheet_pdf import sheet_pdf
from system.atomic_files import whole_folder, write_whole
from system.errors import ProgramError

_LONGEST_KEY_FILE_BYTES = 4096


def root_secret(home: Home, medium: RootMedium) -> RecoverySecret:
    """The secret on the organisation's sheets.

    Raises:
        MediumError: the medium of another organisation.
    """
    if medium.verify_key != home.root_key:
        raise MediumError("the root key on this medium is not the one that this home pins")
    return RecoverySecret(SecretKind.ROOT, medium.signing_key.seed())


def backup_secret(home: Home, key_file: Path) -> RecoverySecret:
    """The secret on the sheets of a reviewer who joined.

    Raises:
        MediumError: the file is not the casebook-backup key of this home.
    """
    try:
        with key_file.open("rb") as file:
            (key,) = IdentityFile.parse(file.read(_LONGEST_KEY_FILE_BYTES)).keys
    except (OSError, CryptoError, ValueError) as error:
        raise MediumError(f"{key_file} holds no casebook-backup key") from error
    if str(key.public_key()) != home.casebook.settings.require(BACKUP_KEY_SETTING):
        raise MediumError(f"{key_file} is not the casebook-backup key of this home")
    return RecoverySecret(SecretKind.CASEBOOK_BACKUP, key.seed())


def gives_own_keys(home: Home, secret: RecoverySecret) -> bool:
    """True if the keys of this home's reviewer follow from these sheets.

    In older homes they are random, and come back from a casebook backup only.
    """
    own = home.party_keys()
    match secret.kind:
        case SecretKind.ROOT:
            backup_key = casebook_backup_key(RootSigningKey(secret.seed), name=own.name)
        case SecretKind.CASEBOOK_BACKUP:
            backup_key = HybridSecretKey(secret.seed)
    return reviewer_keys(backup_key, name=own.name).seeds() == own.seeds()


def write_sheets(
    home: Home,
    secret: RecoverySecret,
    folder: Path,
    *,
    need: int,
    of: int,
    label: str,
    as_text: bool,
    today: dt.date,
) -> list[Path]:
    """Split the secret, test every sheet, and write one private file for each to ``folder``.

    Raises:
        ProgramError: impossible numbers, a label that cannot be printed, or a folder that is not empty.
    """
    if not FEWEST_NEEDED <= need <= of <= MOST_SHEETS:
        raise ProgramError(
            f"of {of} sheets {need} cannot be needed",
            hint=f"at least {FEWEST_NEEDED}, at most all, and at most {MOST_SHEETS} in all; 3 of 5 is usual",
        )
    sheets = split(secret, need=need, of=of)
    _try_all(sheets, secret)
    printed = [PrintedSheet(sheet, of, today, label) for sheet in sheets]
    with whole_folder(folder) as made:
        for one in printed:
            if as_text:
                write_whole(made / f"{one.file_name}.txt", one.to_text())
            else:
                write_whole(made / f"{one.file_name}.pdf", sheet_pdf(one))
    with home.casebook.changing():
        home.casebook.settings.set(SHEETS_MADE_SETTING, f"{need} of {of}, {today.isoformat()}")
        home.casebook.settings.forget(SHEETS_TRIED_SETTING)
        home.casebook.log.add("recovery sheets made", f"{need} of {of}", today=today)
    return [folder / f"{one.file_name}.{'txt' if as_text else 'pdf'}" for one in printed]


def check_sheets(home: Home, collected: SheetSet, *, today: dt.date) -> OpenedSet:
    """Return if these sheets give back a key of this home.

    Raises:
        CryptoError: they open nothing.
        ProgramError: they open a key of another home, or one of them is false.
    """
    opened = collected.open()
    if not _is_ours(home, opened.secret):
        raise ProgramError(
            "these sheets are sound, but hold the key of another organisation or reviewer",
            hint="are they of an older organisation? only sheets that this home confirms are of use to it",
        )
    if opened.false:
        raise ProgramError(
            f"sheet {', '.join(map(str, opened.false))} is false; the others open the right key",
            hint="it was changed or forged: find out by whom, destroy this set, and make a new one",
        )
    with home.casebook.changing():
        home.casebook.settings.set(SHEETS_TRIED_SETTING, today.isoformat())
        home.casebook.log.add("recovery sheets tried", ", ".join(map(str, collected.numbers)), today=today)
    return opened


def _is_ours(home: Home, secret: RecoverySecret) -> bool:
    match secret.kind:
        case SecretKind.ROOT:
            return RootSigningKey(secret.seed).verify_key() == home.root_key
        case SecretKind.CASEBOOK_BACKUP:
            public_key = str(HybridSecretKey(secret.seed).public_key())
            return public_key == home.casebook.settings.require(BACKUP_KEY_SETTING)


def _try_all(sheets: Sequence[Sheet], secret: RecoverySecret) -> None:
    """Test all sheets from their words: a wrong split must show before anything is printed."""
    collected = SheetSet()
    for sheet in sheets:
        collected.add(Sheet.parse(" ".join(sheet.words)))
    opened = collected.open()
    if opened.secret != secret or opened.false:
        raise ProgramError("sheets were made that do not give the key back", hint="nothing was written")
