"""What reviewers of one organisation tell each other, and what follows from it here."""
