"""Errors of Tor, one class for each case that callers treat differently.

Every error has a `hint`: one line that says what the operator can do now.
"""


class OnionError(Exception):
    """Tor cannot do what was requested."""

    hint = ""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        if hint:
            self.hint = hint


class TorNotInstalled(OnionError):
    """There is no tor program on this machine."""

    hint = "install it: apt install tor"


class TorDied(OnionError):
    """The tor process ended, or its control connection did."""

    hint = "the lines above are tor's own; start again once they are dealt with"


class TorSilent(OnionError):
    """Tor did not answer in time; it may hang, or be stopped."""

    hint = "look at the tor process, and restart it"


class TorRefused(OnionError):
    """Tor refused a command. `code` is its three-digit status of the control specification, or empty."""

    def __init__(self, message: str, *, hint: str = "", code: str = "") -> None:
        super().__init__(message, hint=hint)
        self.code = code


class NotAnonymous(OnionError):
    """Tor is in a mode in which it hides no service's place. Nothing is published there."""

    hint = "take HiddenServiceSingleHopMode and HiddenServiceNonAnonymousMode out of its torrc, and restart it"


class NoThread(OnionError):
    """The system gives this process no further thread; tor itself may be well."""

    hint = "give the unit more (TasksMax, MemoryMax)"


class NotReachable(OnionError):
    """Tor runs, but has not reached its network."""

    hint = "check the clock and the network of this machine"


class NotPublished(OnionError):
    """The service's descriptor was not uploaded: the address cannot be found."""

    hint = "check the clock and the network of this machine; it is tried again"


class UnsafeKeyFile(OnionError):
    """A key file, or its folder, is open to others, or is not a key file."""


class NoSuchClient(OnionError):
    """No courier of this name is authorised."""


class MalformedClientKey(OnionError):
    """This is not the public key file of a courier."""

    hint = "it is the one line that `tipline courier setup` wrote: descriptor:x25519:…"


class SocketPathTooLong(OnionError):
    """The kernel takes no socket path longer than 107 bytes."""

    hint = "use a folder with a shorter path"


class NetworkNotReady(OnionError):
    """The private network did not come up."""

    hint = "the machine may be very busy; try again"
