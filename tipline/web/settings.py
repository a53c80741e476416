"""gunicorn's settings: all come from here, none from a file, an argument or the environment."""

from typing import Any

from tipline.machine import no_plaintext
from tipline.web.event_log import EventLog
from tipline.web.order import WebOrder
from tipline.web.worker import SiteWorker

GRACE_SECONDS = 3
WORKERS = 1


def gunicorn_settings(order: WebOrder) -> dict[str, Any]:
    """Return the settings that serve ``order``, without the hooks of the application."""
    return {
        "bind": [f"fd://{descriptor}" for descriptor in order.listeners],
        "workers": WORKERS,
        "worker_class": SiteWorker,
        "threads": order.room.threads,
        "worker_connections": order.room.most_connections,
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
        "proxy_protocol": "v1" if order.behind_tor else "off",
        # gunicorn trusts the headers of unix-socket clients; here that is every source.
        "forwarded_allow_ips": "",
        "forwarder_headers": "",
        "secure_scheme_headers": {},
        "http_protocols": "h1",
        "http_parser": "python",
        "limit_request_line": 2048,
        "limit_request_fields": 50,
        "limit_request_field_size": 4096,
        "umask": 0o077,
    }


def require_settings(settings: Any) -> None:
    """Check that gunicorn will run as this project needs it.

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
