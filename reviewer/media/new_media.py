"""Makes root media: complete, or without anything of ours. Other files on them are kept."""

import glob
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from crypto.errors import CryptoError
from crypto.keys import minisign
from crypto.keys.keys import RootSigningKey
from crypto.manifests.manifest import VerifiedManifest
from crypto.recovery.backup_key import casebook_backup_key
from reviewer.errors import MediumError
from reviewer.files.incomplete_marker import MARK, is_incomplete, mark_complete, mark_incomplete, marked_files
from reviewer.home.keyring import overwrite_and_unlink
from reviewer.media.root_medium import (
    BACKUP_KEYS,
    PUBLIC_FILE,
    RUN_FOLDER,
    SECRET_FILE,
    SECRET_MODE,
    RootMedium,
    backup_key_line,
    shown_root_key,
    write_chain_file,
)
from system.atomic_files import write_whole
from system.errors import system_reason


@contextmanager
def new_media(
    folders: Sequence[Path],
    key: RootSigningKey,
    *,
    secrets: Mapping[str, bytes],
    run: Sequence[VerifiedManifest] = (),
    abandoned: str = "",
) -> Iterator[list[RootMedium]]:
    """Media with ``key``, ``run`` and the files ``secrets``, complete if the block succeeds.

    The block tests them. If it fails, everything written to them is destroyed. The content of an interrupted
    attempt is destroyed first, and so is a medium with the public root key ``abandoned`` that never signed a
    manifest.

    Raises:
        MediumError: one of them holds a root key or another backup key already, or cannot be written.
    """
    require_new_media(folders, abandoned=abandoned)
    begun: dict[Path, frozenset[str]] = {}
    made = [folder for folder in folders if not folder.exists()]
    try:
        for folder in folders:
            begun[folder] = frozenset({*secrets, *_left_by_us(folder, abandoned=abandoned)})
            try:
                _fill(folder, key, secrets, run, ours=begun[folder])
            except OSError as error:
                raise MediumError(f"the root medium {folder} cannot be written: {system_reason(error)}") from error
        yield [RootMedium.open_unfinished(folder) for folder in folders]
        for folder in folders:
            write_whole(folder / PUBLIC_FILE, minisign.public_key_file(key.verify_key()), mode=0o644)
            mark_complete(folder)
    except BaseException:
        for folder, ours in begun.items():
            with suppress(OSError):  # a medium that was pulled out keeps its mark
                _destroy_content(folder, ours)
                (folder / MARK).unlink(missing_ok=True)
                if folder in made:
                    folder.rmdir()
        raise


def require_new_media(folders: Sequence[Path], *, abandoned: str = "") -> None:
    """Return if a root key can be written to each medium.

    Raises:
        MediumError: one of them holds a root key already, or another backup key.
    """
    for folder in folders:
        _require_none(folder, abandoned=abandoned)


def require_no_backup_key(folder: Path, *, abandoned: str = "") -> None:
    """Return if no backup key lies there that others may need.

    One that an interrupted run left, which was never used, is allowed.

    Raises:
        MediumError: there is one.
    """
    ours = _left_by_us(folder, abandoned=abandoned)
    for path in sorted(folder.glob(BACKUP_KEYS)):
        if path.name not in ours:
            raise MediumError(
                f"{folder} holds {path.name}, which opens other casebook backups, and is never overwritten",
                hint="name another, empty medium; if that file is not needed any more, remove it yourself",
            )


def _fill(
    folder: Path,
    key: RootSigningKey,
    secrets: Mapping[str, bytes],
    run: Sequence[VerifiedManifest],
    *,
    ours: frozenset[str],
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # The mark first: killed from here on, the next run knows by it which files are ours.
    mark_incomplete(folder, root_key=str(key.verify_key()), files=sorted(ours))
    _destroy_content(folder, ours)
    write_whole(folder / SECRET_FILE, minisign.secret_key_file(key), mode=SECRET_MODE)
    for name, content in secrets.items():
        write_whole(folder / name, content, mode=SECRET_MODE)
    (folder / RUN_FOLDER).mkdir()
    for verified in run:
        write_chain_file(folder / RUN_FOLDER, verified.signed, version=verified.version)


def _require_none(folder: Path, *, abandoned: str) -> None:
    require_no_backup_key(folder, abandoned=abandoned)
    if is_incomplete(folder) or _is_abandoned(folder, abandoned):
        return
    for name in (SECRET_FILE, PUBLIC_FILE, RUN_FOLDER):
        if (folder / name).exists():
            raise MediumError(
                f"{folder} holds a {name} already, which is never overwritten",
                hint="a root key is made once; name another, empty medium if this is a new organisation",
            )


def _is_abandoned(folder: Path, abandoned: str) -> bool:
    return bool(abandoned) and shown_root_key(folder) == abandoned and not any((folder / RUN_FOLDER).glob("*"))


def _left_by_us(folder: Path, *, abandoned: str) -> frozenset[str]:
    """Names of backup keys that an interrupted run left.

    The mark names them. If the medium was finished, or the mark is of an earlier version, they follow from the root
    key beside them.
    """
    if not is_incomplete(folder) and not _is_abandoned(folder, abandoned):
        return frozenset()
    marked = marked_files(folder)
    return frozenset(path.name for path in folder.glob(BACKUP_KEYS) if path.name in marked or _follows(path))


def _follows(path: Path) -> bool:
    """True if a backup key follows from the root key on the same medium."""
    before, after = BACKUP_KEYS.split("*")
    try:
        root = minisign.parse_secret_key_file((path.parent / SECRET_FILE).read_bytes())
        key = casebook_backup_key(root, name=path.name.removeprefix(before).removesuffix(after))
        return path.read_bytes() == backup_key_line(key)
    except (OSError, CryptoError):
        return False


def _destroy_content(folder: Path, ours: Iterable[str]) -> None:
    """Destroy our files on a medium, the root key first; ``ours`` names backup keys."""
    secret = [SECRET_FILE, *ours]
    for path in [*(folder / name for name in secret), *_half_written(folder, secret)]:
        if path.exists():
            path.chmod(0o600)
        overwrite_and_unlink(path)
    for path in [folder / PUBLIC_FILE, *_half_written(folder, [MARK, PUBLIC_FILE])]:
        path.unlink(missing_ok=True)
    if (folder / RUN_FOLDER).is_dir():
        for name in ("[0-9]*.json*", ".[0-9]*.json*.part"):
            for path in (folder / RUN_FOLDER).glob(name):
                path.unlink()
        (folder / RUN_FOLDER).rmdir()


def _half_written(folder: Path, names: Iterable[str]) -> list[Path]:
    return [path for name in names for path in folder.glob(f".{glob.escape(name)}.*.part")]
