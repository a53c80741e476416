"""Compiled templates, kept for the whole run: each of the hundreds of sites that tests make would compile its own.

A template that changes is compiled again: its text is a part of the name that it is kept under.
"""

import hashlib
import os
from pathlib import Path
from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """In the memory of the test's process, and in a folder that the processes of a run share."""

    folder: Path | None = None
    """Within the run's own temporary folder: it is new for each run, and ends with it."""

    def __init__(self) -> None:
        self._kept: dict[str, CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        name = _name(bucket)
        if name not in self._kept and self.folder and (self.folder / name).exists():
            bucket.bytecode_from_string((self.folder / name).read_bytes())
            self._kept[name] = bucket.code
        bucket.code = self._kept.get(name)

    def dump_bytecode(self, bucket: Bucket) -> None:
        name = _name(bucket)
        self._kept[name] = bucket.code
        if self.folder:
            begun = self.folder / f"{name}.{os.getpid()}"
            begun.write_bytes(bucket.bytecode_to_string())
            begun.replace(self.folder / name)  # whole, or not there


COMPILED_TEMPLATES = CompiledTemplates()


def keep_compiled_templates() -> None:
    """For every site that is made in this process from now on."""
    Flask.jinja_options = {"bytecode_cache": COMPILED_TEMPLATES}


def share_compiled_templates(folder: Path) -> None:
    """With the other processes that name the same folder."""
    folder.mkdir(mode=0o700, exist_ok=True)
    COMPILED_TEMPLATES.folder = folder


def _name(bucket: Bucket) -> str:
    return hashlib.sha256(f"{bucket.key} {bucket.checksum}".encode()).hexdigest()
