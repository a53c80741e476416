"""Files and folders that only their owner may touch: keys, tor's data, its sockets."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from onion.errors import SocketPathTooLong, UnsafeKeyFile

SOCKET_PATH_LIMIT_BYTES = 107
_MOST_LINKS = 40  # on the way to a folder; as many as the kernel follows


def private_folder(folder: Path) -> Path:
    """Make `folder` and its missing parents with mode 0700, each owned by the owner of its parent.

    Raises UnsafeKeyFile if root finds a link on the path that another user may have made.
    """
    with _named(folder), _opened(folder, makes=True) as number:
        os.fchmod(number, 0o700)
    return folder


def write_private(path: Path, content: bytes) -> None:
    """Writes `content` with mode 0600 from the first byte on, durable, whole or not at all.

    Raises UnsafeKeyFile as `private_folder` does.
    """
    beside = path.name + ".new"
    with _named(path), _opened(path.parent) as folder:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside, dir_fd=folder)
        number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
        with open(number, "wb") as file:
            _give_to_owner_of(folder, number)
            file.write(content)
            file.flush()
            os.fsync(number)
        os.replace(beside, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        os.fsync(folder)


def remove_private(path: Path) -> None:
    """Removes a file for good: it does not come back when the power fails right after.

    Raises UnsafeKeyFile as `private_folder` does.
    """
    with _named(path), _opened(path.parent) as folder:
        os.unlink(path.name, dir_fd=folder)
        os.fsync(folder)


@contextlib.contextmanager
def _opened(folder: Path, *, makes: bool = False) -> Iterator[int]:
    """Open the folder as a descriptor, step by step, so that no link of others leads root elsewhere.

    The server's user, or an intruder with its rights, could have put a link to /etc there.
    """
    with contextlib.ExitStack() as opened:

        def step(name: str, access: int, *, at: int | None = None) -> int:
            flags = access | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            number = os.open(name, flags, dir_fd=at)
            opened.callback(os.close, number)
            return number

        here = step(folder.anchor or ".", os.O_PATH)
        ahead, links = [*reversed(folder.parts)], 0
        while ahead:
            name = ahead.pop()
            try:
                here = step(name, os.O_PATH, at=here)
            except NotADirectoryError:
                links += 1
                target = _led_to(name, here)
                if target is None or links > _MOST_LINKS or (_is_root() and _is_others(here)):
                    raise UnsafeKeyFile(
                        f"expected folders only on the way to {folder}: {name} is none", hint="see who put it there"
                    ) from None
                ahead += reversed(Path(target).parts)
            except FileNotFoundError:
                if not makes:
                    raise
                with contextlib.suppress(FileExistsError):
                    os.mkdir(name, 0o700, dir_fd=here)
                above, here = here, step(name, os.O_RDONLY, at=here)
                _give_to_owner_of(above, here)
        # Not by its name ".", which a folder that may not be searched does not have: its mode is mended here.
        yield step(f"/proc/self/fd/{here}/", os.O_RDONLY)


def _led_to(name: str, folder: int) -> str | None:
    """The target of a link; None if it is no link."""
    try:
        return os.readlink(name, dir_fd=folder)
    except OSError:
        return None


def _is_others(folder: int) -> bool:
    """True if another user than root can write there."""
    rights = os.fstat(folder)
    return rights.st_uid != 0 or bool(rights.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


def _give_to_owner_of(folder: int, made: int) -> None:
    """Give files that root made to the owner of the folder; the server's user could not read them else."""
    if _is_root():
        owner = os.fstat(folder)
        os.fchown(made, owner.st_uid, owner.st_gid)


def _is_root() -> bool:
    return os.geteuid() == 0


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Add the whole path to an error."""
    try:
        yield
    except OSError as error:
        error.filename = str(path)
        del error.filename2  # set to None, it would be told
        raise


def read_private(path: Path, *, limit_bytes: int) -> bytes:
    """Read a secret file; refuse one that others may read or that is too long."""
    try:
        with open(path, "rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise UnsafeKeyFile(
                    f"expected {path} to be readable by its owner only, found mode {mode:03o}",
                    hint=f"if no other user can have read it: chmod 600 {path}",
                )
            content = file.read(limit_bytes + 1)
    except OSError as error:
        raise UnsafeKeyFile(f"expected to read the key file {path}: {error.strerror}") from error
    if len(content) > limit_bytes:
        raise UnsafeKeyFile(f"expected at most {limit_bytes} bytes in {path}")
    return content


def socket_path(path: Path) -> Path:
    """`path`, if the kernel can bind a socket there and a torrc line can name it."""
    if len(os.fsencode(path)) > SOCKET_PATH_LIMIT_BYTES:
        raise SocketPathTooLong(f"expected a socket path of at most {SOCKET_PATH_LIMIT_BYTES} bytes: {path}")
    if any(sign.isspace() or sign == '"' for sign in str(path)):
        raise SocketPathTooLong(
            f"expected a socket path without blanks: {path}", hint="use a folder without blanks"
        )
    return path
