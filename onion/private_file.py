"""Files and folders that only their owner may touch: keys, tor's data, its sockets."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from onion.errors import SocketPathTooLong, UnsafeKeyFile

SOCKET_PATH_LIMIT_BYTES = 107


def private_folder(folder: Path) -> Path:
    """Makes `folder` if it is missing, and its parents, each its parent's owner's; it is 0700, as tor demands.

    Raises UnsafeKeyFile where root finds a link on the way that another user may have put there.
    """
    with _opened(folder, makes=True) as number:
        os.fchmod(number, 0o700)
    return folder


def write_private(path: Path, content: bytes) -> None:
    """Writes `content` with mode 0600 from the first byte on, durable, whole or not at all.

    Raises UnsafeKeyFile as `private_folder` does.
    """
    beside = path.name + ".new"
    with _opened(path.parent) as folder:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside, dir_fd=folder)
        number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
        with open(number, "wb") as file:
            _give_to_owner_of(folder, beside)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        os.fsync(folder)


def remove_private(path: Path) -> None:
    """Removes a file for good: it does not come back when the power fails right after."""
    with _opened(path.parent) as folder:
        os.unlink(path.name, dir_fd=folder)
        os.fsync(folder)


@contextlib.contextmanager
def _opened(folder: Path, *, makes: bool = False) -> Iterator[int]:
    """The folder, as a descriptor. Root is led there by no link that lies in somebody else's folder: the server's
    user, or who broke in as that, could have put one to /etc there."""
    *parents, last = folder.absolute().parts
    number = os.open("/", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for name, access in (*((parent, os.O_PATH) for parent in parents[1:]), (last, os.O_RDONLY)):
            if makes:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(name, 0o700, dir_fd=number)
                    _give_to_owner_of(number, name)
            no_link = os.O_NOFOLLOW if _is_root() and os.fstat(number).st_uid != 0 else 0
            inner = os.open(name, access | os.O_DIRECTORY | os.O_CLOEXEC | no_link, dir_fd=number)
            os.close(number)
            number = inner
        yield number
    except NotADirectoryError as error:
        raise UnsafeKeyFile(f"expected a folder, and no link, at {folder}", hint="see who put it there") from error
    finally:
        os.close(number)


def _give_to_owner_of(folder: int, name: str) -> None:
    """What root made in it belongs to whom the folder belongs: the server's user could not read it else."""
    if _is_root():
        owner = os.fstat(folder)
        os.chown(name, owner.st_uid, owner.st_gid, dir_fd=folder, follow_symlinks=False)


def _is_root() -> bool:
    return os.geteuid() == 0


def read_private(path: Path, *, limit_bytes: int) -> bytes:
    """Reads a secret file, and refuses one that others may read or that is longer than any such file."""
    try:
        with open(path, "rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise UnsafeKeyFile(
                    f"expected {path} to be readable by its owner only, found mode {mode:03o}",
                    hint=f"if nobody else can have read it: chmod 600 {path}",
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
