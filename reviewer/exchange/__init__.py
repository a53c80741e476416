"""Bundles from and to the servers."""
