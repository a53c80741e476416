"""The original envelope of a submission, available until its week is retired.

An opened one is not kept beside its contents: it is made again from them and its first bytes, by the key of its
week, and counts only when its SHA-256 is the one that the server signed.
"""

import hashlib
import io
from collections.abc import Callable
from typing import BinaryIO

from crypto.age.envelope import open_envelope
from crypto.age.envelope_rebuild import EnvelopeFrame
from crypto.errors import CryptoError
from crypto.primitives.week import Week
from crypto.submissions.submission import SubmissionRebuilder
from reviewer.casebook.arrival import Field, StoredFile
from reviewer.casebook.submission import Submission
from reviewer.errors import CasebookError
from reviewer.home.home import Home

_PIECE_BYTES = 1 << 20


def write_raw(home: Home, submission: Submission, sink: BinaryIO) -> None:
    """Write the envelope to ``sink``.

    It is rebuilt twice, the first time only to compare its digest. Other content sealed with the same file key
    would reveal both contents to a reader of both, so not a byte of it may reach a medium.

    Raises:
        CasebookError: its week was retired, or it is not what was taken in; nothing was written then.
    """
    digest = hashlib.sha256()
    _give(home, submission, digest.update)
    if digest.digest() != submission.envelope.sha256:
        raise CasebookError("the envelope is not what was taken in", hint="restore the casebook from a backup")
    _give(home, submission, sink.write)


def _give(home: Home, submission: Submission, put: Callable[[bytes], object]) -> None:
    if submission.unopened_file is not None:
        with (home.unopened / submission.unopened_file).open("rb") as source:
            while piece := source.read(_PIECE_BYTES):
                put(piece)
        return
    if home.casebook.unopened.is_wanted(submission.envelope.sha256):
        raise CasebookError(
            "the envelope of this submission is not here: a backup has only its digest",
            hint="it comes again with the next export of its server, which keeps unopened envelopes",
        )
    beginning, head = home.casebook.submissions.beginning(submission), submission.head
    if beginning is None or head is None or head.week not in home.keyring.intake_weeks():
        raise CasebookError(
            "the envelope of this submission is gone",
            hint="envelopes go when their week is retired or a file of them is deleted; show and save still have"
            " what was in them",
        )
    _write_again(home, submission, SubmissionRebuilder(put, frame=_frame(home, beginning, head.week), head=head))


def _frame(home: Home, beginning: bytes, week: Week) -> EnvelopeFrame:
    try:
        return open_envelope(io.BytesIO(beginning), keys=home.keyring.intake_keys(week)).frame
    except CryptoError as error:
        raise CasebookError(
            "the envelope is not what was taken in", hint="restore the casebook from a backup"
        ) from error


def _write_again(home: Home, submission: Submission, writer: SubmissionRebuilder) -> None:
    submissions = home.casebook.submissions
    parts: list[Field | StoredFile] = [*submissions.fields(submission), *submissions.stored_files(submission)]
    for part in sorted(parts, key=lambda one: one.place):
        if isinstance(part, Field):
            writer.field(part.name, part.value)
            continue
        writer.begin_file(part.name, part.media_type)
        for piece in submissions.read(submission, part):
            writer.data(piece)
        writer.end_file()
    writer.finish(submission.mailbox)
