"""Destroys the bytes of one file of a submission and keeps its row, with name, length and digest.

One key seals all files of a content. So the others are sealed again under a new key, with zeros in place of the
file, and the old key is overwritten with the row that held it: the old pieces cannot be opened any more.
"""

from collections.abc import Iterator

from crypto.keys.at_rest import PieceKey
from reviewer.casebook.arrival import StoredFile
from reviewer.casebook.contents import PIECE_BYTES, ContentReader, ContentWriter
from reviewer.casebook.database import CasebookFiles
from reviewer.casebook.sealed_files import SealedFile
from reviewer.casebook.submission import Submission


class ContentDestroyer:
    """In the caller's transaction; after it the caller sweeps the casebook, which removes the old pieces."""

    def __init__(self, files: CasebookFiles) -> None:
        self._files = files
        self._small = files.small

    def destroy(self, submission: Submission, file: StoredFile) -> None:
        """Destroy a file that came by itself. Its envelope can then not be made again."""
        if submission.content is None or submission.content_key is None:
            return
        length = self._small.row(
            "SELECT max(first_byte + length_bytes) FROM files WHERE submission = ?", (submission.number,)
        )
        with self._files.changing():
            number, key = self._seal_again(
                submission.content, submission.content_key, file, int(length[0]) if length else 0
            )
            self._small.run(
                "UPDATE submissions SET content = ?, content_key = ? WHERE number = ?",
                (number, key.seed(), submission.number),
            )
            self._files.envelopes.run(
                "DELETE FROM beginnings WHERE envelope_sha256 = ?", (submission.envelope.sha256,)
            )

    def destroy_inside(self, submission: Submission, sealed: SealedFile, file: StoredFile) -> None:
        """Destroy a file that lies in a sealed one; the sealed one has to be destroyed too."""
        if sealed.content is None or sealed.content_key is None:
            return
        length_bytes = max((one.first_byte + one.length_bytes for one in sealed.files), default=0)
        with self._files.changing():
            number, key = self._seal_again(sealed.content, sealed.content_key, file, length_bytes)
            self._small.run(
                "UPDATE sealed_files SET content = ?, content_key = ? WHERE submission = ? AND place = ?",
                (number, key.seed(), submission.number, sealed.place),
            )

    def _seal_again(
        self, content: int, key: PieceKey, doomed: StoredFile, length_bytes: int
    ) -> tuple[int, PieceKey]:
        writer = ContentWriter(self._files.contents)
        try:
            for piece in self._pieces(content, key, doomed, length_bytes):
                writer.write(piece)
            writer.finish()
        finally:
            writer.stop()
        return writer.number, writer.key

    def _pieces(self, content: int, key: PieceKey, doomed: StoredFile, length_bytes: int) -> Iterator[bytes]:
        reader = ContentReader(self._files.contents)
        behind = doomed.first_byte + doomed.length_bytes
        yield from reader.read(content, key=key, first_byte=0, length_bytes=doomed.first_byte)
        left = doomed.length_bytes
        while left:
            zeros = min(left, PIECE_BYTES)
            yield bytes(zeros)
            left -= zeros
        yield from reader.read(content, key=key, first_byte=behind, length_bytes=length_bytes - behind)
