"""Receiving a message or files: from the form into the sealed envelope."""
