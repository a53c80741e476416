"""The web process: gunicorn with exactly one threaded worker, in which alone the site is built.

Started by :mod:`tipline.web.start`. It answers its parent on standard output, a line of JSON each: ready, or the
error.
"""

import json
import os
import signal
import sys
import threading
from contextlib import ExitStack
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from system.errors import ProgramError
from tipline.instance.database_key import is_protected
from tipline.instance.folder import SiteFolder
from tipline.machine import no_plaintext
from tipline.pages.app import read_templates
from tipline.pages.headers import uniform
from tipline.pages.padding import head_filling
from tipline.pages.site import Site
from tipline.pages.views.page import status_page
from tipline.web.composition import ServedSite
from tipline.web.confinement import confine
from tipline.web.file_confinement import confine_files
from tipline.web.garbage_collection import GarbageCollection
from tipline.web.order import WebOrder
from tipline.web.settings import GRACE_SECONDS, gunicorn_settings, require_settings
from tipline.web.worker import SiteWorker

_STACK_BYTES = 512 * 1024  # four times the deepest call that was seen (Jinja, SQLCipher, ML-KEM)


class SingleWorkerArbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """Ignores the signals that would add workers or replace this program."""

    def handle_ttin(self) -> None:
        return

    handle_ttou = handle_usr2 = handle_hup = handle_ttin


class WebApplication(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Runs gunicorn with our settings, and builds the site in its worker."""

    def __init__(self, order: WebOrder) -> None:
        self._order = order
        self._open = ExitStack()
        self._served: ServedSite | None = None
        self._keeps_to_its_files = self._key_protected = False
        super().__init__()

    def load_config(self) -> None:
        hooks = {"post_fork": self._harden, "post_worker_init": self._begin, "worker_exit": self._end}
        for name, value in (gunicorn_settings(self._order) | hooks).items():
            self.cfg.set(name, value)
        require_settings(self.cfg)

    def run(self) -> None:
        SingleWorkerArbiter(self).run()

    def load(self) -> Any:
        """Build the site; in the worker, after the fork."""
        try:
            self._served = ServedSite(self._order, self._open, key_protected=self._key_protected)
        except ProgramError as error:
            tell(error=str(error), hint=error.hint)
            self._open.close()
            raise SystemExit(Arbiter.APP_LOAD_ERROR) from error
        return self._served.application

    def _harden(self, _arbiter: Arbiter, worker: SiteWorker) -> None:
        """Set up the worker after the fork, before its first thread.

        Sets what a fork does not pass on and the time for requests that still run at the end, then gives up for
        ever all that the site does not need.
        """
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
        if self._served is None:
            raise RuntimeError("the worker began without a site")
        worker.take_on(
            self._order.room,
            courier_socket=self._order.courier_socket,
            relays_socket=self._order.relays_socket,
        )
        worker.slot = self._served.site.slot
        worker.bad_request = _page_for_no_request(self._served.site)
        forgetting = GarbageCollection()
        forgetting.start()
        worker.after_request = forgetting.collect_soon
        worker.shortage.on_shortage = self._served.note_shortage
        read_templates(self._served.site.app)
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


def tell(**content: Any) -> None:
    """Send a line to the parent."""
    os.write(1, json.dumps(content).encode() + b"\n")


def _page_for_no_request(site: Site) -> bytes:
    """Return the site's page for a bad request as a whole answer, for bytes that are not even HTTP."""
    with site.app.test_request_context():
        page = status_page(400)
    lines = [f"HTTP/1.1 {page.status}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in uniform(list(page.headers.items()))]
    head = "".join(f"{line}\r\n" for line in lines)
    return f"{head}{head_filling(len(head) + 2)}\r\n".encode() + page.get_data()
