"""Limits on what visitors may use: disk, processor, key derivations, rate."""
