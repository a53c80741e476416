"""Bundles from and to the reviewers, and the manifests and deletions that come with them."""
