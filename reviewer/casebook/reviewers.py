"""Reviewers who join or leave with the next manifest; the current ones are in the newest manifest."""

from reviewer.casebook.database import CasebookDatabase


class PendingReviewers:
    """Joining and leaving reviewers since the last issue, by name."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def come(self, name: str, offer: bytes) -> None:
        """This one joins, with this offer; said twice, the later word counts."""
        self._small.run(
            "INSERT INTO reviewers_pending VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET offer = excluded.offer",
            (name, offer),
        )

    def go(self, name: str) -> None:
        """This one leaves."""
        self._small.run(
            "INSERT INTO reviewers_pending VALUES (?, NULL) ON CONFLICT (name) DO UPDATE SET offer = NULL", (name,)
        )

    def stay(self, name: str) -> bool:
        """Neither, after all; whether something was pending."""
        return self._small.run("DELETE FROM reviewers_pending WHERE name = ?", (name,)) > 0

    def coming(self) -> dict[str, bytes]:
        """Offers, as they came, by the reviewer's name."""
        return dict(
            self._small.rows("SELECT name, offer FROM reviewers_pending WHERE offer IS NOT NULL ORDER BY name")
        )

    def going(self) -> list[str]:
        return [
            row[0]
            for row in self._small.rows("SELECT name FROM reviewers_pending WHERE offer IS NULL ORDER BY name")
        ]

    def settle(self) -> None:
        """A manifest was signed that says all of it."""
        self._small.run("DELETE FROM reviewers_pending")
