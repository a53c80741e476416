"""The real web process, whose real worker also answers one question: what libc can still do in it.

Started in place of ``tipline.web_main``. ``POST /attempts`` with a target tries everything in the thread of that
request, and answers with what came out; all other requests go on to the site.
"""

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

from tests.tipline.libc_attempts import Target, attempt_all
from tipline import web_main
from tipline.dispatcher import Dispatcher

_real = Dispatcher.__call__


def _asked(self: Dispatcher, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] != "/attempts":
        return _real(self, environ, start_response)
    length = int(environ["CONTENT_LENGTH"])
    body = b""
    while len(body) < length:
        body += environ["wsgi.input"].read(length - len(body))
    outcome = attempt_all(Target.from_json(body.decode()), files=False)
    answer = json.dumps(outcome).encode()
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]


if __name__ == "__main__":
    Dispatcher.__call__ = _asked  # type: ignore[method-assign]
    sys.exit(web_main.main())
