"""Compiled templates, kept for the whole run: each of the hundreds of sites that tests make would compile its own.

A template that changes is compiled again: its text is a part of the name that it is kept under.
"""

from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """In the memory of the test's process, and nowhere else."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get(f"{bucket.key} {bucket.checksum}")

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[f"{bucket.key} {bucket.checksum}"] = bucket.code


def keep_compiled_templates() -> None:
    """For every site that is made in this process from now on."""
    Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}
