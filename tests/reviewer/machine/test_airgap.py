"""The reviewer's machine has no network: it is looked for at the start, and no connection leaves while it runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.errors import NetworkTouched
from reviewer.machine.airgap import interfaces_up, require_no_network

UP, DOWN = "0x1003", "0x1002"


def _interface(folder: Path, name: str, *, state: str, flags: str) -> None:
    (folder / name).mkdir()
    (folder / name / "operstate").write_text(f"{state}\n", encoding="ascii")
    (folder / name / "flags").write_text(f"{flags}\n", encoding="ascii")


@pytest.mark.parametrize(
    ("state", "flags", "counts"),
    [
        ("up", UP, True),
        ("unknown", UP, True),
        ("dormant", UP, True),
        ("down", UP, False),
        ("lowerlayerdown", UP, False),
        ("up", DOWN, False),
        ("unknown", DOWN, False),
    ],
)
def test_an_interface_counts_when_it_could_carry_something(
    tmp_path: Path, state: str, flags: str, counts: bool
) -> None:
    _interface(tmp_path, "wlan0", state=state, flags=flags)
    assert interfaces_up(tmp_path) == (["wlan0"] if counts else [])


def test_loopback_alone_is_no_network(tmp_path: Path) -> None:
    _interface(tmp_path, "lo", state="unknown", flags="0x9")
    (tmp_path / "bonding_masters").write_text("", encoding="ascii")
    require_no_network(tmp_path)


def test_the_interface_that_is_up_is_named(tmp_path: Path) -> None:
    _interface(tmp_path, "tun0", state="unknown", flags=UP)
    with pytest.raises(NetworkTouched, match="tun0"):
        require_no_network(tmp_path)


def test_a_machine_that_cannot_be_looked_at_counts_as_connected(tmp_path: Path) -> None:
    with pytest.raises(NetworkTouched):
        require_no_network(tmp_path / "no such folder")


def test_an_interface_with_senseless_flags_counts_as_connected(tmp_path: Path) -> None:
    _interface(tmp_path, "eth0", state="up", flags="senseless")
    with pytest.raises(NetworkTouched):
        require_no_network(tmp_path)


def _python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('192.0.2.1', 80), timeout=1)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).connect(('2001:db8::1', 53))",
        "socket.getaddrinfo('example.org', 443)",
        "socket.gethostbyname('example.org')",
        "socket.socket().bind(('0.0.0.0', 0))",
        "__import__('urllib.request').request.urlopen('http://192.0.2.1/', timeout=1)",
    ],
)
def test_no_connection_leaves_this_machine(attempt: str) -> None:
    done = _python(
        "import socket, sys\n"
        "from reviewer.machine.airgap import refuse_connections\n"
        "from reviewer.errors import NetworkTouched\n"
        "refuse_connections()\n"
        f"try:\n    {attempt}\n"
        "except NetworkTouched:\n    sys.exit(7)\n"
        "except OSError as error:\n    sys.exit(7 if isinstance(error.__cause__ or error.__context__ or"
        " getattr(error, 'reason', None), NetworkTouched) else 8)\n"
    )
    assert done.returncode == 7, done.stderr


def test_the_program_itself_lets_no_command_connect(tmp_path: Path) -> None:
    """The whole program with a command that tries; connecting a datagram socket would send nothing."""
    done = _python(
        "import socket, sys\n"
        "from reviewer.cli import main\n"
        "from reviewer.commands import at_home\n"
        "def connect(*_arguments, **_named):\n"
        "    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 53))\n"
        "    print('connected')\n"
        "at_home.open_home = connect\n"
        f"sys.exit(main(['--beside-network', 'list', {str(tmp_path / 'home')!r}]))\n"
    )
    assert done.returncode == 1
    assert "something tried to reach the network" in done.stderr
    assert done.stdout == ""


def test_loopback_and_unix_sockets_stay_open_for_the_desk(tmp_path: Path) -> None:
    done = _python(
        "import socket\n"
        "from reviewer.machine.airgap import refuse_connections\n"
        "refuse_connections()\n"
        "listening = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(listening.getsockname()).close()\n"
        "listening.close()\n"
        f"unix = socket.socket(socket.AF_UNIX); unix.bind({str(tmp_path / 'desk')!r}); unix.close()\n"
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("client", ["httpx", "urllib3", "requests", "stem"])
def test_a_network_client_cannot_be_loaded(client: str) -> None:
    done = _python(
        "import sys\n"
        "from reviewer.machine.airgap import refuse_connections\n"
        "refuse_connections()\n"
        f"try:\n    import {client}\nexcept ImportError:\n    sys.exit(7)\n"
    )
    assert done.returncode == 7, done.stderr


def test_nothing_of_the_reviewer_loads_a_network_client_or_the_server() -> None:
    done = _python(
        "import importlib, pkgutil, sys\n"
        "import reviewer\n"
        "names = [module.name for module in pkgutil.walk_packages(reviewer.__path__, 'reviewer.')]\n"
        "unwanted = {'httpx', 'urllib3', 'requests', 'stem', 'tipline', 'onion', 'aiohttp', 'gunicorn', 'numpy'}\n"
        "def loaded(names, unwanted):\n"
        "    for name in names:\n"
        "        importlib.import_module(name)\n"
        "    return sorted(unwanted & {name.partition('.')[0] for name in sys.modules})\n"
        "desk = [name for name in names if name.startswith('reviewer.desk')]\n"
        "rest = loaded(set(names) - set(desk), unwanted | {'flask', 'werkzeug'})\n"
        "print(rest, loaded(desk, unwanted), bool(desk))\n"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[] [] True"


def test_the_program_refuses_beside_a_network_and_makes_nothing(tmp_path: Path) -> None:
    """Holds on machines with and without a network: what the guard says decides what is expected."""
    home = tmp_path / "home"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from reviewer.cli import main; sys.exit(main(sys.argv[1:]))",
            "init",
            home,
            "--root",
            tmp_path / "root",
            "--organisation",
            "Example Watch",
        ],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=60,
    )
    names = interfaces_up()
    assert done.returncode == (1 if names else 0)
    assert home.exists() == (not names)
    if names:
        assert f"a network interface is up: {', '.join(names)}" in done.stderr
        assert "--beside-network" in done.stderr
