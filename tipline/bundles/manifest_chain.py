"""The run of manifests, written out as it was issued: for reviewers who lost theirs with a root medium.

Manifests are public to whoever runs a server, and signed: a copy of them needs no secrecy and no trust.
"""

from pathlib import Path

from crypto.manifests.manifest_chain import CHAIN_ENDING, SIGNATURE_ENDING, run_name
from system.atomic_files import write_whole
from system.errors import ProgramError
from tipline.store import Store


def write_run(store: Store, out: Path) -> int:
    """Write the newest manifest to ``out``, its signature beside it, and all earlier ones to ``out.chain/``; the
    version of the newest.

    Raises:
        ProgramError: no manifest was adopted yet, or a file cannot be written.
    """
    run = store.manifests.run()
    if not run:
        raise ProgramError("no manifest was adopted yet", hint="tipline manifest DIR FILE")
    *earlier, newest = run
    chain = out.with_name(f"{out.name}{CHAIN_ENDING}")
    if earlier:
        chain.mkdir(exist_ok=True)
    for each in earlier:
        path = chain / run_name(each.version)
        write_whole(path.with_name(f"{path.name}{SIGNATURE_ENDING}"), each.signature, mode=0o644)
        write_whole(path, each.raw, mode=0o644)
    write_whole(out.with_name(f"{out.name}{SIGNATURE_ENDING}"), newest.signature, mode=0o644)
    write_whole(out, newest.raw, mode=0o644)
    return newest.version
