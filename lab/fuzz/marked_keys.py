"""Documents of keys for the fuzzer: a real key is long, so that short marks stand for forty of them."""

import re

from crypto.keys.keys import HybridSecretKey

KEYS = [str(HybridSecretKey(bytes([place]) * 32).public_key()).encode() for place in range(40)]
_PLACE_OF_A_KEY = re.compile(rb"@([0-9]|[1-3][0-9])(?![0-9])")


def with_keys(raw: bytes) -> bytes:
    """A document of keys with each ``@0`` to ``@39`` replaced by a real key, which is long."""
    return _PLACE_OF_A_KEY.sub(lambda match: KEYS[int(match[1])], raw)


def without_keys(raw: bytes) -> bytes:
    """The other way round; keys that are none of the forty stay."""
    for number, key in enumerate(KEYS):
        raw = raw.replace(key, b"@%d" % number)
    return raw
