"""What reviewers of one organisation tell each other: signed operations in sealed items of one size."""
