"""Reads from the installed gunicorn how a method is declared, where it is called, and its text.

gunicorn has no public interface for a worker of one's own, and no types. So what is overridden is compared with a
table (``test_gunicorn_methods.py``), and a release that changes any of it is looked at by a person.
"""

import ast
import hashlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import gunicorn

_FOLDER: Final = Path(gunicorn.__file__).parent
_WORKERS: Final = ("workers/gthread.py", "workers/base.py")
_DIGEST_LETTERS: Final = 12


@dataclass(frozen=True, slots=True)
class Callers:
    """The files in which a class of gunicorn is used, and the names of an object of it in other classes."""

    files: tuple[str, ...]
    names: frozenset[str] = frozenset()


CALLERS: Final = {
    "TConn": Callers(_WORKERS, frozenset({"conn"})),
    "ThreadWorker": Callers(_WORKERS),
    "Response": Callers(("http/wsgi.py", *_WORKERS), frozenset({"resp"})),
    "Arbiter": Callers(("arbiter.py",)),
    "BaseApplication": Callers(("app/base.py", "arbiter.py", *_WORKERS), frozenset({"self.app"})),
}


def overridden(ours: type, theirs: type) -> set[str]:
    """Methods of gunicorn that our class has again, or a class of ours between the two."""
    between = ours.__mro__[: ours.__mro__.index(theirs)]
    own = {name for each in between for name, value in vars(each).items() if callable(value)}
    return {name for name in own if getattr(theirs, name, None) is not getattr(object, name, None)}


def signature(theirs: Callable[..., Any]) -> str:
    """As gunicorn declares it: ``(self, conn, fs)``."""
    return str(inspect.signature(theirs))


def digest(theirs: Callable[..., Any]) -> str:
    """A short digest of its text."""
    return hashlib.sha256(inspect.getsource(theirs).encode()).hexdigest()[:_DIGEST_LETTERS]


def call_places(theirs: type, name: str) -> set[str]:
    """Functions of gunicorn that call the method or hand it on: ``gthread.ThreadWorker.run``."""
    callers = CALLERS[theirs.__name__]
    classes = {each.__name__ for each in theirs.__mro__}
    found = set()
    for file in callers.files:
        path = _FOLDER / file
        for within, function in _functions(ast.parse(path.read_text(encoding="utf-8"))):
            names = {*callers.names, *(("self", "super()") if within in classes else ())}
            if any(_is_of(node, name, names) for node in ast.walk(function)):
                found.add(f"{path.stem}.{within}.{function.name}")
    return found


def _is_of(node: ast.AST, name: str, names: set[str]) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name and ast.unparse(node.value) in names


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield "", node
        elif isinstance(node, ast.ClassDef):
            yield from ((node.name, one) for one in node.body if isinstance(one, ast.FunctionDef))
