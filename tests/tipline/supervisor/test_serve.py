"""`tipline serve` without Tor, as a process: it starts, waits, is unlocked and ends."""

from pathlib import Path

from tests.tipline.processes import is_gone
from tests.tipline.served import ServedFolder, ask, send_tip
from tests.tipline.serving import OFF, serving_process, tipline


def test_without_tor_it_serves_on_loopback_says_so_loudly_and_ends_with_0(
    served: ServedFolder, tmp_path: Path
) -> None:
    with serving_process(served, tmp_path, *OFF) as serving:
        port = int(serving.await_said(r"^address: http://127\.0\.0\.1:(\d+)/$")[1])
        serving.await_said("^ready$")
        assert "warning: WITHOUT TOR" in serving.said()
        assert b"data-passphrase" in send_tip(port, "hello")
        second = tipline("serve", served.folder.path, "--passphrase-file", served.passphrase_file, *OFF)
        assert second.returncode == 1
        assert "tipline: error: another process serves" in second.stderr
        assert "stop it first" in second.stderr
        taken = ServedFolder(tmp_path / "other")
        clash = tipline(
            "serve", taken.folder.path, "--passphrase-file", taken.passphrase_file, *OFF[:3], f"127.0.0.1:{port}"
        )
        assert clash.returncode == 1
        assert f"tipline: error: another process listens on port {port}" in clash.stderr
        assert "tipline: hint:" in clash.stderr
        assert ask(port, "GET", "/robots.txt")[0] == 200, "the first goes on"
        below = serving.children()
        assert serving.end() == 0
        assert all(map(is_gone, below))


def test_a_server_that_waits_is_unlocked_by_its_operator_and_by_nobody_else(
    served: ServedFolder, tmp_path: Path
) -> None:
    site, wrong = served.folder.path, tmp_path / "wrong"
    wrong.write_text("another passphrase\n")
    with serving_process(served, tmp_path, *OFF, "--wait-for-unlock", passphrase=False) as serving:
        serving.await_said("^waiting for the passphrase: tipline unlock ")
        assert "ready" not in serving.said()
        assert tipline("unlock", site, "--passphrase-file", wrong).returncode == 1
        unlocked = tipline("unlock", site, "--passphrase-file", served.passphrase_file)
        assert (unlocked.returncode, unlocked.stderr) == (0, "")
        port = int(serving.await_said(r"^address: http://127\.0\.0\.1:(\d+)/$")[1])
        serving.await_said("^ready$")
        assert b"data-passphrase" in send_tip(port, "hello")
        late = tipline("unlock", site, "--passphrase-file", served.passphrase_file)
        assert late.returncode == 1
        assert "no server waits for a passphrase" in late.stderr
        assert serving.end() == 0
