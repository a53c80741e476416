"""The relay's line to the server: one post at a time, of one length, through Tor.

An answer of 204 says that the server keeps the post durably. Any other end is no answer.
"""

from dataclasses import dataclass

from crypto.beacon.relay_post import POST_BYTES
from onion.socks_connection import ask

_SECONDS = 90.0
_NO_CONTENT = 204
_LONGEST_ANSWER_BYTES = 4096
_HEADERS = {"Content-Type": "application/octet-stream", "User-Agent": "tipline-relay"}


@dataclass(frozen=True, slots=True)
class RelayLine:
    """Posts through the relay's own tor; usable by several threads.

    ``address`` is that of the server's service for relays, ``socks_port`` that of tor on loopback.
    """

    address: str
    socks_port: int

    def post(self, sealed: bytes) -> bool:
        """Bring one post; True if the server keeps it. Errors of the line are False: the ids are posted again.

        Raises:
            ValueError: another length than that of a post.
        """
        if len(sealed) != POST_BYTES:
            raise ValueError(f"a post has {POST_BYTES} bytes")
        answer = ask(
            self.address,
            "POST",
            "/post",
            socks_port=self.socks_port,
            longest_answer=_LONGEST_ANSWER_BYTES,
            body=sealed,
            headers=_HEADERS,
            seconds=_SECONDS,
        )
        return answer is not None and answer.status == _NO_CONTENT
