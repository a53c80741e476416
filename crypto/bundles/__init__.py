"""Bundles between servers and reviewers: statements, items, streams."""
