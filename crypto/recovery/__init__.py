"""Backups of a casebook, and recovery sheets."""
