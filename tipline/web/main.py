"""The web process: gunicorn with exactly one threaded worker, in which alone the site is built.

Started by :mod:`tipline.supervisor.web_process`, which tells it through standard input what to serve: the database
key is in no argument and in no environment. It answers on standard output, a line of JSON each: ready, or what is
wrong.
"""

import json
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from system.clock import SYSTEM_CLOCK
from system.errors import ProgramError
from tipline.bundles.day_count import DayCount
from tipline.bundles.retention import drop_old_replies
from tipline.instance.database_key import is_protected
from tipline.instance.folder import SiteFolder
from tipline.instance.forms import Doors
from tipline.instance.intake_status import IntakeClosed, Standing
from tipline.instance.open_site import OpenSite
from tipline.instance.site_settings import SiteSettings
from tipline.instance.site_texts import OperatorWords
from tipline.languages.site_languages import SiteLanguages
from tipline.limits import request_scheduler
from tipline.limits.rate_limit import WaitingLine
from tipline.machine import no_plaintext
from tipline.machine.privileges import give_up_rights
from tipline.pages.app import read_templates
from tipline.pages.headers import uniform
from tipline.pages.padding import head_filling
from tipline.pages.page_lengths import require_one_length
from tipline.pages.site import Site
from tipline.pages.views.page import status_page
from tipline.store import Store
from tipline.store.events import Event
from tipline.threads.heartbeat import Heartbeat
from tipline.web.confinement import confine
from tipline.web.courier_site import CourierSite
from tipline.web.dispatcher import Dispatcher
from tipline.web.event_log import EventLog
from tipline.web.file_confinement import confine_files
from tipline.web.garbage_collection import Forgetting
from tipline.web.order import Order
from tipline.web.worker import SiteWorker

GRACE_SECONDS = 3
_STACK_BYTES = 512 * 1024  # four times the deepest call that was seen (Jinja, SQLCipher, ML-KEM)
WORKERS = 1


class OneWorkerArbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """Deaf to the signals that would add workers, or replace this program by another."""

    def handle_ttin(self) -> None:
        return

    handle_ttou = handle_usr2 = handle_hup = handle_ttin


class WebApplication(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's settings, all from here: it reads no file, no argument and no environment of its own."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._open = ExitStack()
        self._site: Site | None = None
        self._keeps_to_its_files = self._key_protected = False
        self._note_shortage: Callable[[], None] = lambda: None
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings().items():
            self.cfg.set(name, value)
        require_settings(self.cfg)

    def _settings(self) -> dict[str, Any]:
        return {
            "bind": [f"fd://{descriptor}" for descriptor in self._order.listeners],
            "workers": WORKERS,
            "worker_class": SiteWorker,
            "threads": self._order.room.threads,
            "worker_connections": self._order.room.most_connections,
            "keepalive": 0,  # a circuit's id comes with the first request of a connection only
            "timeout": 120,
            # The arbiter's patience; the worker's own is shorter, so that it closes the store before it is killed.
            "graceful_timeout": GRACE_SECONDS + 2,
            "worker_tmp_dir": str(no_plaintext.SHARED_MEMORY),
            "control_socket_disable": True,
            "preload_app": False,
            "reload": False,
            "accesslog": None,
            "errorlog": "-",
            "capture_output": False,
            "logger_class": EventLog,
            "proxy_protocol": "v1" if self._order.behind_tor else "off",
            # gunicorn believes whoever comes over a unix socket; here that is every source.
            "forwarded_allow_ips": "",
            "forwarder_headers": "",
            "secure_scheme_headers": {},
            "http_protocols": "h1",
            "http_parser": "python",
            "limit_request_line": 2048,
            "limit_request_fields": 50,
            "limit_request_field_size": 4096,
            "umask": 0o077,
            "post_fork": self._harden,
            "post_worker_init": self._begin,
            "worker_exit": self._end,
        }

    def run(self) -> None:
        OneWorkerArbiter(self).run()

    def load(self) -> Any:
        """Builds the site; in the worker, after the fork."""
        order = self._order
        try:
            folder = SiteFolder.open(order.folder)
            store = self._open.enter_context(Store(folder.store, order.key, waits=request_scheduler.waiting))
            store.submissions.sweep_unfinished()
            standing = Standing(store, folder)
            courier = CourierSite(
                OpenSite(folder, store, standing, SYSTEM_CLOCK, key_protected=self._key_protected)
            )
            languages, doors = SiteLanguages.load(), Doors.load(folder.doors)
            self._site = Site(
                store,
                standing,
                settings=SiteSettings.load(folder.site_settings),
                languages=languages,
                doors=doors,
                words=OperatorWords.load(folder.words),
                address=order.address,
                line=WaitingLine(is_on=folder.challenge.exists),
            )

            require_one_length(self._site.app, languages, doors)

            day_count = DayCount(store.days)

            def beat() -> None:
                note_closed_intake(store, standing)
                store.beat()
                day_count.look()
                drop_old_replies(store, standing, SYSTEM_CLOCK)
                folder.even_times()

            self._note_shortage = lambda: store.events.note(Event.SHORTAGE)
            heartbeat = Heartbeat(beat, on_miss=lambda: store.events.note(Event.HEARTBEAT_MISSED))
            heartbeat.start()
            self._open.callback(heartbeat.stop)
            self._site.start()
            self._open.callback(self._site.stop)
        except ProgramError as error:
            tell(error=str(error), hint=error.hint)
            self._open.close()
            raise SystemExit(Arbiter.APP_LOAD_ERROR) from error
        return Dispatcher(self._site.wsgi_app, courier, order.courier_socket)

    def _harden(self, _arbiter: Arbiter, worker: SiteWorker) -> None:
        """In the worker: what a fork does not hand on, how long it waits at its end for requests that still run,
        and before its first thread all that it gives up for ever."""
        worker.cfg.set("graceful_timeout", GRACE_SECONDS)
        no_plaintext.die_with_parent(signal.SIGTERM)
        no_plaintext.stay_in_memory()
        threading.stack_size(_STACK_BYTES)
        try:
            folder = SiteFolder.open(self._order.folder)
            self._key_protected = is_protected(folder)
            self._keeps_to_its_files = confine_files(folder)
            confine()
        except ProgramError as error:
            tell(error=str(error), hint=error.hint)
            raise SystemExit(Arbiter.APP_LOAD_ERROR) from error

    def _begin(self, worker: SiteWorker) -> None:
        if self._site is None:
            raise RuntimeError("the worker began without a site")
        worker.take_on(self._order.room, courier_socket=self._order.courier_socket)
        worker.bad_request = _page_for_no_request(self._site)
        forgetting = Forgetting()
        forgetting.start()
        worker.after_request = forgetting.soon
        worker.shortage.on_shortage = self._note_shortage
        read_templates(self._site.app)
        try:
            folder = SiteFolder(self._order.folder)
            no_plaintext.refuse_writes(allowed_beside=folder.store, never_read=[folder.database_key, folder.onion])
        except ProgramError as error:
            tell(error=str(error), hint=error.hint)
            raise SystemExit(Arbiter.APP_LOAD_ERROR) from error
        tell(ready=True, keeps_to_its_files=self._keeps_to_its_files)

    def _end(self, _arbiter: Arbiter, worker: SiteWorker) -> None:
        if worker.pid != os.getpid():
            return
        # By its code the arbiter knows one that could not begin, and ends: our parent tells why, and tries again.
        ending = sys.exception()
        code = ending.code if isinstance(ending, SystemExit) else 0
        self._open.close()
        # Threads may still wait for a slow client. They hold nothing that is needed: what is not complete is swept.
        os._exit(code if isinstance(code, int) else 0)


def require_settings(settings: Any) -> None:
    """Whether gunicorn will run as this project needs it.

    Raises:
        PlaintextRisk: another worker, several, a debugging mode, or a file that it would write.
    """
    wrong = [
        name
        for name, holds in {
            "worker class": settings.worker_class is SiteWorker,
            "number of workers": settings.workers == WORKERS,
            "reload": not settings.reload and not settings.spew,
            "preload": not settings.preload_app,
            "access log": settings.accesslog is None,
            "capture of output": not settings.capture_output,
            "control socket": settings.control_socket_disable,
            "upload folder": settings.tmp_upload_dir is None,
            "worker folder": settings.worker_tmp_dir == str(no_plaintext.SHARED_MEMORY),
            "believed headers": not settings.secure_scheme_headers and not settings.forwarder_headers,
        }.items()
        if not holds
    ]
    if wrong:
        raise no_plaintext.PlaintextRisk(f"the web server is not set as it must be: {', '.join(wrong)}")


def note_closed_intake(store: Store, standing: Standing) -> None:
    """Staff see for how many days nothing was taken in."""
    try:
        standing.intake()
    except IntakeClosed:
        store.events.note(Event.INTAKE_CLOSED)


def tell(**content: Any) -> None:
    """A line for the parent."""
    os.write(1, json.dumps(content).encode() + b"\n")


def _page_for_no_request(site: Site) -> bytes:
    """The site's own page for a bad request, as a whole answer: for what is not even HTTP."""
    with site.app.test_request_context():
        page = status_page(400)
    lines = [f"HTTP/1.1 {page.status}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in uniform(list(page.headers.items()))]
    head = "".join(f"{line}\r\n" for line in lines)
    return f"{head}{head_filling(len(head) + 2)}\r\n".encode() + page.get_data()


def _raise_file_limit(open_files: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < open_files:
        raise ProgramError(
            f"this process may open {hard} files, and needs {open_files}",
            hint="LimitNOFILE=16384 in the systemd unit",
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, open_files), hard))


def main() -> int:
    order = Order.read()
    try:
        no_plaintext.die_with_parent(signal.SIGTERM)
        if os.getppid() != order.parent:
            return 1  # it ended before the kernel was asked
        give_up_rights()
        no_plaintext.stay_in_memory()
        _raise_file_limit(order.room.open_files)
        application = WebApplication(order)
    except ProgramError as error:
        tell(error=str(error), hint=error.hint)
        return 1
    application.run()
    return 0
