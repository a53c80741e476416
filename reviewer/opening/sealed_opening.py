"""Opens files that a source sealed, in the same step as their submission.

One that does not open is kept as it is, and noted with the reason: it never holds up the rest.
"""

from collections.abc import Iterator, Sequence

from crypto.errors import CryptoError, NoKeyOpens
from crypto.keys.keys import SealedSecretKey
from crypto.primitives.week import Quarter
from crypto.submissions.sealed_file import open_sealed_file
from reviewer.casebook.arrival import ArrivingSubmission, StoredFile
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.refusals import kind_of

SEALED_TYPE = "sealed"
"""The type that only a server gives to a file: ``docs/formats/container.md``, last section."""

_ENDING = ".age"


class SealedOpener:
    """Opens with all sealed keys that are here."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._keys: dict[SealedSecretKey, Quarter] | None = None

    def open_all(self, submission: Submission) -> list[str]:
        """Open the sealed files of one submission that was just kept; why each of the others did not open.

        Raises:
            CasebookError: there is no room, or the like; the caller's change is given up as a whole.
        """
        files = self._home.casebook.submissions.stored_files(submission)
        sealed = [file for file in files if file.media_type == SEALED_TYPE]
        return [reason for reason in self._open_each(submission, sealed) if reason is not None]

    def open_again(self, submission: Submission) -> bool:
        """Try those files of a submission that did not open; whether one does now."""
        sealed_files = self._home.casebook.sealed_files
        closed = {place for place, sealed in sealed_files.of(submission).items() if not sealed.is_open}
        files = [file for file in self._home.casebook.submissions.stored_files(submission) if file.place in closed]
        for file in files:
            sealed_files.forget(submission, file.place)
        return None in self._open_each(submission, files)

    def _open_each(self, submission: Submission, files: Sequence[StoredFile]) -> list[str | None]:
        """Yield None for each opened file, or the reason. The total text is counted and indexed once."""
        text_left = self._home.casebook.sealed_files.text_left(submission)
        outcomes = []
        for file in files:
            arrival = self._home.casebook.sealed_files.arrival(text_bytes=text_left)
            outcomes.append(self._open(submission, file, arrival))
            if outcomes[-1] is None and arrival.text_left is not None:
                text_left = arrival.text_left
        if None in outcomes:
            self._home.casebook.search.put(submission.number)
            self._home.casebook.text_languages.put(submission.number)
            self._home.casebook.text_sketches.put(submission.number)
        return outcomes

    def _open(self, submission: Submission, file: StoredFile, arrival: ArrivingSubmission) -> str | None:
        sealed_files = self._home.casebook.sealed_files
        keys = self._loaded()
        source = _Pieces(self._home.casebook.submissions.read(submission, file))
        try:
            try:
                opened = open_sealed_file(
                    source, keys=list(keys), into=arrival, plain_name=file.name.removesuffix(_ENDING)
                )
            except CryptoError as error:
                arrival.content.discard()
                missing = self._missing(submission) if isinstance(error, NoKeyOpens) else []
                sealed_files.keep_unopened(submission, file.place, kind_of(error), missing=missing)
                return kind_of(error)
            day = opened.head.day if opened.head else None
            sealed_files.keep_opened(submission, file.place, arrival, quarter=keys[opened.opened_by], day=day)
        finally:
            arrival.content.stop()
        return None

    def _loaded(self) -> dict[SealedSecretKey, Quarter]:
        if self._keys is None:
            ring = self._home.keyring
            quarters = reversed(ring.sealed_quarters())
            self._keys = {key: quarter for quarter in quarters for key in ring.sealed_keys(quarter)}
        return self._keys

    def _missing(self, submission: Submission) -> list[Quarter]:
        """Quarters begun by then whose keys are not here: retired, or earlier than this reviewer."""
        newest = self._home.casebook.manifests.newest(root=self._home.root_key)
        here = set(self._home.keyring.sealed_quarters())
        issued = [entry.quarter for entry in newest.manifest.sealed] if newest else []
        day = submission.day
        return [each for each in issued if each not in here and (day is None or each.first_day <= day)]


class _Pieces:
    """A source over pieces that come one after another."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = memoryview(b"")

    def read(self, size: int, /) -> bytes:
        if not self._piece:
            self._piece = memoryview(next(self._pieces, b""))
        taken, self._piece = self._piece[:size], self._piece[size:]
        return bytes(taken)
