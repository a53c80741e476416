"""Ways for readable text to a disk are refused by name, and closed in the worker."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.tipline.processes import ended_after
from tests.tipline.served import ServedFolder, ask, raw, send_tip
from tests.tipline.site_stage import Upload
from tipline.instance.folder import SiteFolder
from tipline.machine import no_plaintext
from tipline.machine.listener import ListenAddress
from tipline.machine.no_plaintext import PlaintextRisk
from tipline.web.application import WebApplication
from tipline.web.order import WebOrder
from tipline.web.settings import require_settings

WRITING_CALLS = "open,openat,creat,memfd_create,mknod,write,pwrite64,writev,pwritev,sendfile,splice"
NO_SWAP = "Filename\tType\tSize\tUsed\tPriority\n"


def _in_a_process(code: str, *options: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs it in a process of its own: what is switched off there stays off."""
    return subprocess.run(
        [sys.executable, *options, "-c", code, str(folder)], capture_output=True, text=True, check=False, timeout=60
    )


def test_a_development_mode_is_refused(tmp_path: Path) -> None:
    code = "import os; from tipline.machine.no_plaintext import require_safe_start as r; r(os.environ)"
    run = _in_a_process(code, "-X", "dev", folder=tmp_path)
    assert "PlaintextRisk: python runs in a development mode" in run.stderr


@pytest.mark.parametrize("name", ["FLASK_DEBUG", "WERKZEUG_DEBUG_PIN", "PYTHONINSPECT"])
def test_a_debugger_in_the_environment_is_refused_by_name(name: str) -> None:
    with pytest.raises(PlaintextRisk, match=name):
        no_plaintext.require_safe_start({name: "1"})


def test_swap_on_a_disk_is_refused_where_memory_cannot_be_locked() -> None:
    code = (
        "import resource, sys, ctypes\n"
        "from pathlib import Path\n"
        "from tipline.machine import no_plaintext as n\n"
        "resource.setrlimit(resource.RLIMIT_MEMLOCK, (65536, 65536))\n"
        "ctypes.CDLL(None).setuid(65534)\n"  # without the privilege to lock more
        "swaps = Path(sys.argv[1]) / 'swaps'\n"
        "for check in (lambda: n.require_safe_start({}, swaps=swaps), lambda: n.stay_in_memory(swaps=swaps)):\n"
        "    try:\n"
        "        check()\n"
        "    except n.PlaintextRisk as risk:\n"
        "        print(risk)\n"
    )
    # pytest's own folders are closed to other users.
    with tempfile.TemporaryDirectory() as made:
        (folder := Path(made)).chmod(0o755)
        (folder / "swaps").write_text(NO_SWAP + "/dev/sda2 partition 100 0 -2\n")
        run = _in_a_process(code, folder=folder)
    assert run.stdout.count("swap is on") == 2, run.stderr


def _machine(folder: Path, *, group: str, limits: dict[str, str]) -> dict[str, Path]:
    """One with swap on a disk, where this process is in a control group, and some groups have limits of swap."""
    (folder / "swaps").write_text(NO_SWAP + "/dev/sda2 partition 100 0 -2\n")
    (folder / "cgroup").write_text(group)
    for name, limit in limits.items():
        (folder / "groups" / name).mkdir(parents=True, exist_ok=True)
        (folder / "groups" / name / "memory.swap.max").write_text(limit + "\n")
    return {"swaps": folder / "swaps", "own_group": folder / "cgroup", "groups": folder / "groups"}


IN_A_TERMINAL = "0::/user.slice/session-1.scope\n"
IN_THE_SERVICE = "0::/system.slice/tipline.service\n"


@pytest.mark.parametrize(
    ("group", "limits"),
    [
        (IN_A_TERMINAL, {"user.slice/session-1.scope": "max"}),
        (IN_A_TERMINAL, {"system.slice/tipline.service": "0"}),
        (IN_THE_SERVICE, {"system.slice/tipline.service": "1048576"}),
        (IN_THE_SERVICE, {}),
        ("4:memory:/system.slice/tipline.service\n", {"system.slice/tipline.service": "0"}),
        ("0::/../other\n", {"other": "0", "": "0"}),
        ("", {}),
    ],
    ids=["by hand", "another group", "some swap", "no limit", "old groups", "outside of what is seen", "no group"],
)
def test_swap_on_a_disk_is_refused_where_it_could_take_a_tor_of_ours(
    tmp_path: Path, group: str, limits: dict[str, str]
) -> None:
    machine = _machine(tmp_path, group=group, limits=limits)
    with pytest.raises(PlaintextRisk, match="swap is on, and nothing keeps tor out of it") as refused:
        no_plaintext.require_safe_start({}, starts_tor=True, **machine)
    assert "swapoff -a" in str(refused.value.hint)
    assert "tipline setup" in str(refused.value.hint)
    machine["own_group"].unlink()
    with pytest.raises(PlaintextRisk, match="nothing keeps tor out of it"):
        no_plaintext.require_safe_start({}, starts_tor=True, **machine)
    machine["swaps"].write_text(NO_SWAP)
    no_plaintext.require_safe_start({}, starts_tor=True, **machine)


@pytest.mark.parametrize("limits", [{"system.slice/tipline.service": "0"}, {"system.slice": "0"}])
def test_a_control_group_without_swap_keeps_tor_out_of_it_too(tmp_path: Path, limits: dict[str, str]) -> None:
    machine = _machine(tmp_path, group="1:name=systemd:/\n" + IN_THE_SERVICE, limits=limits)
    assert no_plaintext.group_has_no_swap(machine["own_group"], machine["groups"])


def test_serve_with_a_tor_of_its_own_is_refused_beside_swap_whoever_starts_it(tmp_path: Path) -> None:
    served = ServedFolder(tmp_path / "site")
    machine = _machine(tmp_path, group=IN_A_TERMINAL, limits={})
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from tipline.machine import no_plaintext\n"
        "from tipline.cli import main\n"
        "places = {name: Path(sys.argv[1]) / file for name, file in "
        f"{ {name: path.name for name, path in machine.items()} }.items()}}\n"
        "no_plaintext.require_safe_start.__kwdefaults__.update(places)\n"
        "site, passphrase = (str(Path(sys.argv[1]) / name) for name in ('site', 'site.passphrase'))\n"
        "sys.exit(main(['serve', site, '--passphrase-file', passphrase, '--tor', 'public']))\n"
    )
    run = _in_a_process(code, folder=tmp_path)
    assert served.folder.path.is_dir()
    assert run.returncode == 1
    assert "tipline: error: swap is on, and nothing keeps tor out of it" in run.stderr


def test_compressed_memory_without_a_disk_is_no_swap_on_a_disk(tmp_path: Path) -> None:
    swaps = tmp_path / "swaps"
    swaps.write_text(NO_SWAP)
    assert no_plaintext.disk_swaps(swaps) == []
    swaps.write_text(NO_SWAP + "/swapfile file 100 0 -2\n/dev/zram77 partition 100 0 100\n")
    assert no_plaintext.disk_swaps(swaps) == ["/swapfile", "/dev/zram77"]  # nothing says that this zram has no disk


def test_a_process_that_stays_in_memory_has_no_core_dump_and_no_temporary_file(tmp_path: Path) -> None:
    code = (
        "import ctypes, resource, tempfile\n"
        "from tipline.machine.no_plaintext import stay_in_memory\n"
        "stay_in_memory()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))\n"
        "for make in (tempfile.TemporaryFile, tempfile.NamedTemporaryFile, tempfile.mkdtemp, tempfile.mkstemp):\n"
        "    try:\n"
        "        make()\n"
        "        print('made')\n"
        "    except OSError:\n"
        "        print('refused')\n"
    )
    run = _in_a_process(code, folder=tmp_path)
    assert run.stdout.split("\n")[:5] == ["(0, 0) 0", *["refused"] * 4], run.stderr


def test_after_the_hook_no_key_can_be_opened_by_whatever_name(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "onion" / "public").mkdir(parents=True)
    (tmp_path / "onion" / "public" / "hs_ed25519_secret_key").write_text("secret")
    (tmp_path / "database.key").write_text("secret")
    (tmp_path / "store" / "link").symlink_to("../database.key")
    (tmp_path / "onions").write_text("x")
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from tipline.machine.no_plaintext import PlaintextRisk, refuse_writes\n"
        "folder = Path(sys.argv[1])\n"
        "keys = [folder / 'database.key', folder / 'onion']\n"
        "refuse_writes(allowed_beside=folder / 'store', never_read=keys)\n"
        "os.chdir(folder / 'store')\n"
        "key = 'onion/public/hs_ed25519_secret_key'\n"
        "for name in (folder / key, folder / 'database.key', 'link', f'../{key}', b'../database.key'):\n"
        "    for opens in (open, lambda path: os.open(path, os.O_RDONLY), lambda path: os.open(path, os.O_PATH)):\n"
        "        try:\n"
        "            opens(name); print('opened')\n"
        "        except PlaintextRisk:\n"
        "            print('refused')\n"
        "print((folder / 'onions').read_text())\n"
    )
    run = _in_a_process(code, folder=tmp_path)
    assert run.stdout.split() == [*["refused"] * 15, "x"], run.stderr


def test_after_the_hook_nothing_can_be_written_started_or_called(tmp_path: Path) -> None:
    code = (
        "import _posixsubprocess, multiprocessing.util, os, posix, socket, ssl, subprocess, sys, syslog\n"
        "from importlib import import_module\n"
        "from pathlib import Path\n"
        "from tipline.machine.no_plaintext import PlaintextRisk, refuse_writes\n"
        "folder = Path(sys.argv[1]); (folder / 'old').write_text('x')\n"
        "refuse_writes(allowed_beside=folder)\n"
        "tls = ssl.create_default_context()\n"
        "datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "tries = [\n"
        "    lambda: (folder / 'new').write_text('secret'),\n"
        "    lambda: open(folder / 'old', 'r+'),\n"
        "    lambda: open(folder / 'old', 'ab'),\n"
        "    lambda: os.open(folder / 'new', os.O_WRONLY | os.O_CREAT),\n"
        "    lambda: os.open(folder, os.O_RDWR | os.O_TMPFILE),\n"
        "    lambda: open(folder / 'manifest-version' / '..' / 'new', 'w'),\n"
        "    lambda: subprocess.run(['true']),\n"
        "    lambda: os.posix_spawn('/bin/true', ['true'], {}),\n"
        "    lambda: os.execv('/bin/true', ['true']),\n"
        "    lambda: os.system('true'),\n"
        "    lambda: os.fork(),\n"
        "    lambda: os.forkpty(),\n"
        "    lambda: socket.create_connection(('127.0.0.1', 1)),\n"
        "    lambda: datagrams.connect_ex(('127.0.0.1', 9)),\n"
        "    lambda: datagrams.sendto(b'secret', ('127.0.0.1', 9)),\n"
        "    lambda: datagrams.sendmsg([b'secret'], [], 0, ('127.0.0.1', 9)),\n"
        "    lambda: socket.socket(socket.AF_UNIX).bind(str(folder / 'new')),\n"
        "    lambda: socket.getaddrinfo('localhost', 80),\n"
        "    lambda: socket.gethostbyname('localhost'),\n"
        "    lambda: socket.gethostbyaddr('127.0.0.1'),\n"
        "    lambda: socket.getnameinfo(('127.0.0.1', 80), 0),\n"
        "    lambda: os.setxattr(folder, 'user.secret', b'secret'),\n"
        "    lambda: multiprocessing.util.spawnv_passfds(b'/bin/true', [b'true'], []),\n"
        "    lambda: subprocess._fork_exec(),\n"
        "    lambda: os.mkfifo(folder / 'pipe'),\n"
        "    lambda: posix.mkfifo(folder / 'another pipe'),\n"
        "    lambda: os.mknod(folder / 'node'),\n"
        "    lambda: posix.mknod(folder / 'another node'),\n"
        "    lambda: os.memfd_create('secret'),\n"
        "    lambda: posix.memfd_create('secret'),\n"
        "    lambda: syslog.openlog('secret'),\n"
        "    lambda: syslog.syslog('secret'),\n"
        "    lambda: setattr(ssl.create_default_context(), 'keylog_filename', str(folder / 'keys')),\n"
        "    lambda: import_module('dbm.gnu').open(str(folder / 'gnu'), 'c'),\n"
        "    lambda: import_module('dbm.ndbm').open(str(folder / 'ndbm'), 'c'),\n"
        "    lambda: ssl._ssl._SSLContext.keylog_filename.__set__(tls, str(folder / 'keys')),\n"
        "    lambda: __import__('uuid').uuid1(),\n"
        "    lambda: import_module('readline').write_history_file(str(folder / 'history')),\n"
        "    lambda: import_module('_tkinter'),\n"
        "    lambda: import_module('_curses'),\n"
        "    lambda: import_module('nis'),\n"
        "    lambda: import_module('_posixshmem').shm_unlink('/nonexistent'),\n"
        "    lambda: import_module('_multiprocessing').SemLock(1, 1, 1, '/secret', True),\n"
        "    lambda: import_module('_xxsubinterpreters').create(),\n"
        "    lambda: import_module('_interpreters').create(),\n"
        "]\n"
        "for each in tries:\n"
        "    try:\n"
        "        each(); print('done')\n"
        "    except PlaintextRisk:\n"
        "        print('refused')\n"
        "    except ImportError as error:\n"  # one that this Python lacks is refused as well; Debian's adds a hint
        "        print('refused' if 'halted' in str(error) else error)\n"
        "    except Exception as error:\n"
        "        print(repr(error))\n"
        "(folder / 'manifest-version').write_text('3')\n"
        "print((folder / 'old').read_text())\n"
    )
    run = _in_a_process(code, folder=tmp_path)
    assert run.stdout.split() == [*["refused"] * 45, "x"], run.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest-version", "old"]


def test_no_hook_is_set_beside_a_module_that_writes_unseen_and_was_loaded_before(tmp_path: Path) -> None:
    code = (
        "import _posixshmem, sys\n"
        "from pathlib import Path\n"
        "from tipline.machine.no_plaintext import refuse_writes\n"
        "refuse_writes(allowed_beside=Path(sys.argv[1]))\n"
    )
    run = _in_a_process(code, folder=tmp_path)
    assert run.returncode == 1
    assert "PlaintextRisk: loaded already, and could write to a disk: _posixshmem" in run.stderr


def test_after_the_hook_no_name_that_only_begins_like_an_allowed_one_can_be_written(tmp_path: Path) -> None:
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from tipline.machine.no_plaintext import PlaintextRisk, refuse_writes\n"
        "from system.atomic_files import write_whole\n"
        "folder = Path(sys.argv[1])\n"
        "refuse_writes(allowed_beside=folder)\n"
        "part = f'.manifest-version.{os.getpid()}.part'\n"
        "names = ['ballast-of-plaintext.txt', 'manifest-version.spooled', 'serve.lock', 'serve.lock.log']\n"
        "names += ['import.lock-', part + '.txt', '.manifest-version.', '.manifest-version.1.part', 'x' + part]\n"
        "for name in names:\n"
        "    try:\n"
        "        (folder / name).write_text('secret'); print('written:', name)\n"
        "    except PlaintextRisk:\n"
        "        pass\n"
        "write_whole(folder / 'manifest-version', b'3')\n"
        "for name in ('ballast', 'import.lock'):\n"
        "    os.close(os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600))\n"
        "try:\n"
        "    os.rename(folder / 'ballast', folder / 'ballast.txt'); print('renamed')\n"
        "except PlaintextRisk:\n"
        "    print('refused')\n"
    )
    run = _in_a_process(code, folder=tmp_path)
    assert run.stdout == "refused\n", run.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ballast", "import.lock", "manifest-version"]


def test_a_server_whose_folder_is_named_by_way_of_the_one_above_takes_in_an_outbox(
    tmp_path: Path,
) -> None:
    served = ServedFolder(tmp_path / "site")
    served.folder = SiteFolder(tmp_path / "site" / ".." / "site")
    courier = tmp_path / "courier"
    with served.web(courier=courier):
        outbox = served.outbox(receipted=[bytes(32)])
        head = f"POST /outbox HTTP/1.1\r\nHost: courier\r\nContent-Length: {len(outbox)}\r\n\r\n".encode()
        assert raw(courier, head + outbox).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("worker_class", "sync"),
        ("worker_class", "gthread"),
        ("workers", 2),
        ("reload", True),
        ("preload_app", True),
        ("accesslog", "-"),
        ("capture_output", True),
        ("control_socket_disable", False),
        ("tmp_upload_dir", "/tmp"),  # noqa: S108 -- a value to be refused
        ("worker_tmp_dir", "/var/tmp"),  # noqa: S108
        ("forwarder_headers", "SCRIPT_NAME"),
    ],
)
def test_another_way_to_run_the_web_server_is_refused(setting: str, value: object) -> None:
    order = WebOrder(Path("/nonexistent"), bytes(32), ListenAddress(None, 0), None, behind_tor=True)
    settings = WebApplication(order).cfg
    require_settings(settings)
    settings.set(setting, value)
    with pytest.raises(PlaintextRisk, match="not set as it must be"):
        require_settings(settings)


def test_an_upload_makes_the_server_write_to_its_store_only(tmp_path: Path) -> None:
    served = ServedFolder(tmp_path / "site")
    with served.web() as web:
        assert web.port is not None
        worker = Path(f"/proc/{web.process_id}/task/{web.process_id}/children").read_text().split()[0]
        tracer = subprocess.Popen(
            [
                "strace",
                "-f",
                "-qq",
                "-s",
                "65536",  # of each string; it would show 32 bytes
                "-o",
                str(tmp_path / "trace"),
                "-p",
                worker,
                "-y",
                "-e",
                f"trace={WRITING_CALLS}",
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        with ended_after(tracer):
            while ask(web.port, "GET", "/left")[0] == 200 and not _has_lines(tmp_path / "trace"):
                assert tracer.poll() is None
            page = send_tip(web.port, "canary-in-the-text", [Upload("canary.bin", b"canary-in-a-file" * 100_000)])
            assert b"data-passphrase" in page
    trace = (tmp_path / "trace").read_text(errors="replace")
    opened = re.findall(r'open(?:at)?\(.*?"([^"]*)", [^)]*(?:O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE)', trace)
    site = str(tmp_path / "site" / "store")
    stores = {
        f"{site}/{name}"
        for name in ("tipline.db", "tipline.db-wal", "tipline.db-shm", "bulk.db", "bulk.db-journal")
    }
    # The ballast is made, and as the last line shows nothing is ever written to it.
    assert set(opened) <= stores | {f"{site}/ballast"}
    written = set(re.findall(r"(?:write|pwrite64|writev|pwritev)\(\d+<(/[^>]*)>", trace))
    assert written, "the trace saw no write at all"
    assert written - {"/dev/null"} <= stores
    assert "memfd_create(" not in trace
    assert "canary" not in "".join(line for line in trace.splitlines() if "</" in line)


def _has_lines(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0
