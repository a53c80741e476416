"""Each method of gunicorn that is overridden is declared, called and written as it was when ours was written.

When a test here fails after an update of gunicorn: read gunicorn's change of that method, change ours where it must
follow, then put what the test found into the table.
"""

import ast
import importlib.metadata
import inspect
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from gunicorn import util
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.http import wsgi
from gunicorn.http.unreader import Unreader
from gunicorn.workers.gthread import PollableMethodQueue, TConn, ThreadWorker

from tests.tipline.web.gunicorn_methods import call_places, digest, overridden, signature
from tipline.threads.resource_exhaustion import BestEffortThreadPool
from tipline.web.application import SingleWorkerArbiter, WebApplication
from tipline.web.deadline_socket import DeadlineSocket
from tipline.web.deadline_worker import DeadlineConnection
from tipline.web.event_log import EventLog
from tipline.web.worker import QuietResponse, SiteWorker

ROOT: Final = Path(__file__).parents[3]
PAIRS: Final = (
    (DeadlineConnection, TConn),
    (SiteWorker, ThreadWorker),
    (QuietResponse, wsgi.Response),
    (SingleWorkerArbiter, Arbiter),
    (WebApplication, BaseApplication),
)


@dataclass(frozen=True, slots=True)
class Known:
    """A method of gunicorn as it was looked at: its signature, a digest of its text, and who calls it."""

    theirs: type
    name: str
    signature: str
    digest: str
    called_in: frozenset[str]

    def __str__(self) -> str:
        return f"{self.theirs.__name__}.{self.name}"


def known(theirs: type, name: str, signature: str, digest: str, *called_in: str) -> Known:
    return Known(theirs, name, signature, digest, frozenset(called_in))


# fmt: off
OVERRIDDEN: Final = (
    known(TConn, "close", "(self, graceful=False)", "6d1c334ed197",
          "gthread.ThreadWorker.finish_request",
          "gthread.ThreadWorker.murder_keepalived",
          "gthread.ThreadWorker.murder_pending"),
    known(ThreadWorker, "__init__", "(self, *args, **kwargs)", "5681b8b542ea",
          "gthread.ThreadWorker.__init__"),
    known(ThreadWorker, "accept", "(self, listener)", "f8dcead3dce5",
          "gthread.ThreadWorker.set_accept_enabled"),
    known(ThreadWorker, "finish_request", "(self, conn, fs)", "616e7bb15a00",
          "gthread.ThreadWorker.enqueue_req"),
    known(ThreadWorker, "get_thread_pool", "(self)", "003f3549a71b",
          "gthread.ThreadWorker.init_process"),
    known(ThreadWorker, "handle", "(self, conn)", "ca85c9be3df7",
          "gthread.ThreadWorker.enqueue_req"),
    known(ThreadWorker, "handle_error", "(self, req, client, addr, exc)", "75426448389b",
          "gthread.ThreadWorker.handle"),
    known(ThreadWorker, "handle_request", "(self, req, conn)", "6d0de5b91910",
          "gthread.ThreadWorker.handle"),
    known(ThreadWorker, "murder_pending", "(self)", "7bf11f464542",
          "gthread.ThreadWorker.run"),
    known(ThreadWorker, "wait_for_and_dispatch_events", "(self, timeout)", "ea969b352482",
          "gthread.ThreadWorker.run"),
    known(wsgi.Response, "_emit_body", "(self, data)", "df723e865a1e",
          "wsgi.Response.write"),
    known(wsgi.Response, "close", "(self)", "1e78fc7777ff",
          "gthread.ThreadWorker.handle_http2_request",
          "gthread.ThreadWorker.handle_request"),
    known(wsgi.Response, "default_headers", "(self)", "cb490cea5d6f",
          "wsgi.Response.send_headers"),
    known(wsgi.Response, "send_headers", "(self)", "7aff3b7d004f",
          "wsgi.Response.close",
          "wsgi.Response.sendfile",
          "wsgi.Response.write"),
    known(Arbiter, "handle_hup", "(self)", "50de80005cd6"),
    known(Arbiter, "handle_ttin", "(self)", "3454a4a5071d"),
    known(Arbiter, "handle_ttou", "(self)", "3abf8f0696cb"),
    known(Arbiter, "handle_usr2", "(self)", "98628cac010e"),
    known(BaseApplication, "__init__", "(self, usage=None, prog=None)", "7b95f575e050"),
    known(BaseApplication, "load", "(self)", "e2d1c6bb2526",
          "base.BaseApplication.wsgi"),
    known(BaseApplication, "load_config", "(self)", "e6dd967d56d4",
          "base.BaseApplication.do_load_config"),
    known(BaseApplication, "run", "(self)", "4fcc52f6dfc0"),
)
# fmt: on

USED: Final[tuple[tuple[Callable[..., Any], str, str], ...]] = (
    (wsgi.create, "(req, sock, client, server, cfg, response_class=None, response_args=())", "2c35d4a2dc62"),
    (wsgi.Response.force_close, "(self)", "656092cce3c3"),
    (wsgi.Response.start_response, "(self, status, headers, exc_info=None)", "59799d9ff136"),
    (wsgi.Response.write, "(self, arg)", "a13659ff072c"),
    (Unreader.take_buffered, "(self)", "89cef5e60e6f"),
    (PollableMethodQueue.defer, "(self, callback, *args)", "4d722900967b"),
    (ThreadWorker.enqueue_req, "(self, conn)", "c9f428953d24"),
    (ThreadWorker.run, "(self)", "f92c7394d857"),
    (util.close, "(sock)", "ce55cfa95222"),
    (util.write_chunk, "(sock, data)", "9cd46540c593"),
)
"""Functions of gunicorn that ours call: each with its signature and the digest of its text."""


def test_gunicorn_is_held_to_one_minor_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (requirement,) = [one for one in project["project"]["optional-dependencies"]["server"] if "gunicorn" in one]
    major, minor = importlib.metadata.version("gunicorn").split(".")[:2]
    assert requirement == f"gunicorn>={major}.{minor},<{major}.{int(minor) + 1}"


def test_the_table_names_every_method_that_is_overridden() -> None:
    found = {(theirs, name) for ours, theirs in PAIRS for name in overridden(ours, theirs)}
    assert found == {(one.theirs, one.name) for one in OVERRIDDEN}


@pytest.mark.parametrize("one", OVERRIDDEN, ids=str)
def test_a_method_that_is_overridden_is_declared_called_and_written_as_before(one: Known) -> None:
    method = getattr(one.theirs, one.name)
    found = (signature(method), digest(method), call_places(one.theirs, one.name))
    assert found == (one.signature, one.digest, one.called_in)


@pytest.mark.parametrize("one", OVERRIDDEN, ids=str)
def test_ours_takes_what_gunicorn_gives_it(one: Known) -> None:
    (ours,) = [ours for ours, theirs in PAIRS if theirs is one.theirs]
    if one.name == "__init__" and ours is WebApplication:
        return  # it is called by web_main only
    given = [each.default for each in inspect.signature(getattr(one.theirs, one.name)).parameters.values()]
    required = sum(default is inspect.Parameter.empty for default in given)
    assert inspect.signature(getattr(ours, one.name)).bind(*[None] * required)


@pytest.mark.parametrize(("function", "declared", "written"), USED, ids=[one.__qualname__ for one, *_ in USED])
def test_a_function_that_is_used_is_declared_and_written_as_before(
    function: Callable[..., Any], declared: str, written: str
) -> None:
    assert (signature(function), digest(function)) == (declared, written)


def test_signals_reach_the_methods_that_refuse_them_by_name() -> None:
    """No call of them stands in gunicorn's text: it puts the name together."""
    assert 'getattr(self, "handle_%s" % signame, None)' in inspect.getsource(Arbiter.run)
    assert {"TTIN", "TTOU", "USR2", "HUP"} <= {signal.name.removeprefix("SIG") for signal in Arbiter.SIGNALS}


def test_gunicorn_sets_how_long_a_connection_waits_by_two_methods_that_ours_ignores() -> None:
    source = inspect.getsource(inspect.getmodule(ThreadWorker) or ThreadWorker)
    on_a_socket = {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in {"self.sock", "conn.sock"}
    }
    assert on_a_socket == {"setblocking", "close", "do_handshake"}, "the last one is for TLS only"
    assert {"setblocking", "settimeout"} <= vars(DeadlineSocket).keys()


def test_the_event_log_has_every_method_of_a_logger_that_gunicorn_calls() -> None:
    log = EventLog.__new__(EventLog)  # to make one takes over the root logger
    folder = Path(inspect.getfile(ThreadWorker)).parent.parent
    called = set()
    for file in ("arbiter.py", "workers/base.py", "workers/gthread.py"):
        for node in ast.walk(ast.parse((folder / file).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "self.log":
                called.add(node.attr)
    at_a_reload = {"cfg", "setup"}  # which SIGHUP would start, and ours is deaf to it
    assert all(f"self.log.{name}" in inspect.getsource(Arbiter.setup) for name in at_a_reload)
    assert all(callable(getattr(log, name)) for name in called - at_a_reload)


def test_the_pool_of_threads_asks_for_a_thread_by_the_method_that_ours_overrides() -> None:
    name = "_adjust_thread_count"
    for pool in (ThreadPoolExecutor, BestEffortThreadPool):
        assert list(inspect.signature(getattr(pool, name)).parameters) == ["self"]
    assert f"self.{name}()" in inspect.getsource(ThreadPoolExecutor.submit)
