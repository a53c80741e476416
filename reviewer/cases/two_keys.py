"""A mailbox id with two keys: one may be forged, and its forger could read an answer.

Only a program that can sign as a server can forge a submission, and only one that has seen the id of a mailbox can
forge one of that mailbox. It cannot have the key that the source's words lead to, so it sends its own.
"""

from collections.abc import Sequence

from reviewer.casebook.submission import Submission


def two_keys_warning(others: Sequence[Submission]) -> str:
    """A one-line warning; ``others`` have another key, at least one."""
    ids = ", ".join(one.short_id for one in others)
    return (
        f"TWO KEYS: under the id of this mailbox another key came as well ({ids}). One of them may be forged, and"
        " the forger reads what is answered to it"
    )
