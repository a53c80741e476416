"""Applies changes to the list of couriers while a site is served.

It notices the change; :mod:`onion.couriers_watch` keeps the service published.
"""

import threading

from onion.client_auth import AuthorizedClients
from onion.couriers_watch import CouriersWatch, Report
from onion.errors import OnionError
from onion.host import OnionHost


class ClientAuthWatcher:
    """Publishes the couriers' service again when the list of couriers has changed.

    With ``watch`` it sees to that service instead, whose list is ``couriers``.
    """

    def __init__(
        self, host: OnionHost, couriers: AuthorizedClients, warn: Report, *, watch: CouriersWatch | None = None
    ) -> None:
        self._host = host
        self._watch = watch or host.couriers_watch
        self._whose = self._watch.whose
        self._couriers = couriers
        self._warn = warn
        self._trouble = self._hint = self._warned = ""
        self._damaged: list[str] = []
        self._publication: _Publication | None = None

    def look(self) -> None:
        """Check the list and return at once; to be called repeatedly. Errors go to `warn`, once each."""
        if not self._host.is_published.is_set():
            return
        failed = False
        try:
            self._renew()
            self._tell_of_damaged()
        except (OnionError, OSError, MemoryError, RuntimeError) as error:
            self._trouble = str(error) or type(error).__name__
            self._hint = error.hint if isinstance(error, OnionError) else ""
            failed = True
        if self._trouble:
            self._tell_of_trouble(self._who_stays(), failed=failed)

    def _tell_of_trouble(self, stays: str, *, failed: bool) -> None:
        """Warn once of each trouble, and again when a removed courier keeps access because of it."""
        reason = f"the list of {self._whose} is not published yet: {self._trouble}{stays}"
        if reason != self._warned and (failed or stays):
            self._warn(reason)
            if self._hint:
                self._warn(f"what to do: {self._hint}")
        self._warned = reason

    def _tell_of_damaged(self) -> None:
        damaged = self._couriers.damaged()
        for name in damaged:
            if name not in self._damaged:
                one = self._whose.removesuffix("s")
                self._warn(f"the key file of the {one} {name} is damaged: who has that key will not be let in")
                self._warn(f"what to do: tipline {self._whose} add DIR FILE --name {name}, or remove DIR {name}")
        self._damaged = damaged

    def _renew(self) -> None:
        present, let_in = self._couriers.keys(), self._watch.let_in
        if self._publication is not None and self._publication.is_over():
            ended, self._publication = self._publication, None
            ended.require_done()
        # Where tor has no list at all, the host gives it the present one, again and again with pauses.
        if self._publication is None and let_in is not None and present != let_in:
            self._publication = _Publication(self._watch)
        elif present == let_in:
            self._trouble = self._warned = ""
        elif let_in is None and not self._trouble and self._who_stays():
            # The host has told its trouble; not who may be in for it, which may be others by now.
            self._trouble, self._hint = self._watch.trouble, ""

    def _who_stays(self) -> str:
        """The removed couriers who keep access during the trouble, as far as tor was given their keys."""
        let_in = self._watch.may_be_in
        if not let_in:
            return ""
        try:
            present = self._couriers.keys()
        except (OSError, MemoryError):
            return "; who was removed since it was read may stay in until then"
        gone = [
            f"{name} with the earlier key" if name in present else name
            for name, key in let_in.items()
            if present.get(name) != key
        ]
        return f"; perhaps let in until then, though no more on it: {', '.join(gone)}" if gone else ""


class _Publication:
    """A publication of the couriers' service, in a thread of its own: it takes a minute or two."""

    def __init__(self, watch: CouriersWatch) -> None:
        self._failure: OnionError | OSError | None = OnionError("publishing ended before it was done")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._publish, args=(watch,), name=watch.whose, daemon=True)
        try:
            self._thread.start()
        except RuntimeError as error:
            raise OnionError("the system gave no thread to publish in") from error

    def is_over(self) -> bool:
        # Said by itself as well: from Python 3.13 on a thread that has ended may count as alive for a moment.
        return self._ended.is_set() or not self._thread.is_alive()

    def require_done(self) -> None:
        """Raise OnionError or OSError if it was not published, or is in no directory yet."""
        if self._failure is not None:
            raise self._failure

    def _publish(self, watch: CouriersWatch) -> None:
        try:
            watch.publish()
        except (OnionError, OSError) as error:
            self._failure = error
        else:
            self._failure = None
        finally:
            self._ended.set()
