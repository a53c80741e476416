"""The run of manifests, written out for reviewers who lost theirs."""

from pathlib import Path

import pytest

from crypto.keys.minisign import public_key_file
from crypto.keys.party import Party
from tests.organisation import Organisation
from tests.tipline.commands.test_commands_init_manifest import issue
from tipline.bundles.manifest_update import read_run
from tipline.cli import main


def test_the_run_is_written_as_it_was_signed_and_another_server_adopts_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    organisation = Organisation()
    root_key, secret = tmp_path / "root.pub", tmp_path / "passphrase"
    root_key.write_bytes(public_key_file(organisation.root.verify_key()))
    secret.write_text("a passphrase for tests\n")
    site, out = tmp_path / "site", tmp_path / "copy.json"
    entry = ["--passphrase-file", str(secret)]
    assert main(["init", str(site), "--root-key", str(root_key), *entry]) == 0
    assert main(["manifests", str(site), "--out", str(out), *entry]) == 1
    assert "no manifest was adopted yet" in capsys.readouterr().err
    assert not out.exists()
    server = Party.parse((site / "server.pub").read_bytes())
    for _ in "123":
        assert main(["manifest", str(site), issue(tmp_path, organisation, server), *entry]) == 0
    assert main(["manifests", str(site), "--out", str(out), *entry]) == 0
    assert "manifest version 3" in capsys.readouterr().out
    assert read_run(out) == organisation.run()
