"""Manifests: which keys are valid when, signed by the root key."""
