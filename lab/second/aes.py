"""AES-128 of one block, after FIPS 197: slow, and on no library."""


def _times(left: int, right: int) -> int:
    """Multiplication in the field of 256 elements."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left = (left << 1) ^ (0x11B if left & 0x80 else 0)
        right >>= 1
    return product


def _s_box() -> list[int]:
    box = []
    for value in range(256):
        inverse = next((other for other in range(256) if _times(value, other) == 1), 0)
        turned = inverse
        for shift in range(1, 5):
            turned ^= (inverse << shift | inverse >> 8 - shift) & 0xFF
        box.append(turned ^ 0x63)
    return box


S = _s_box()
DOUBLE = [_times(value, 2) for value in range(256)]


def _round_keys(key: bytes) -> list[bytes]:
    words, constant = [key[at : at + 4] for at in range(0, 16, 4)], 1
    while len(words) < 44:
        word = words[-1]
        if len(words) % 4 == 0:
            word = bytes(S[byte] for byte in word[1:] + word[:1])
            word = bytes([word[0] ^ constant]) + word[1:]
            constant = _times(constant, 2)
        words.append(bytes(a ^ b for a, b in zip(words[-4], word, strict=True)))
    return [b"".join(words[at : at + 4]) for at in range(0, 44, 4)]


def _mix(column: bytes) -> bytes:
    every = column[0] ^ column[1] ^ column[2] ^ column[3]
    return bytes(column[at] ^ every ^ DOUBLE[column[at] ^ column[(at + 1) % 4]] for at in range(4))


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def encrypt(key: bytes, block: bytes) -> bytes:
    first, *middle, last = _round_keys(key)
    state = _xor(block, first)
    for round_key in [*middle, last]:
        state = bytes(S[byte] for byte in state)
        state = bytes(state[(at + 4 * (at % 4)) % 16] for at in range(16))
        if round_key is not last:
            state = b"".join(_mix(state[at : at + 4]) for at in range(0, 16, 4))
        state = _xor(state, round_key)
    return state
