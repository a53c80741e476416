"""A mailbox id that came with two keys: one of the two may be forged, and an answer to it opens for the forger.

Only a program that can sign as a server forges a submission, and only one that has seen the id of a mailbox forges
one of that mailbox. It cannot have the key that the source's words lead to, so it comes with its own.
"""

from collections.abc import Sequence

from reviewer.casebook.submission import Submission


def two_keys_warning(others: Sequence[Submission]) -> str:
    """For one line; ``others`` came with another key, at least one."""
    ids = ", ".join(one.short_id for one in others)
    return (
        f"TWO KEYS: under the id of this mailbox another key came as well ({ids}). One of them may be forged, and"
        " the forger reads what is answered to it"
    )
