"""The real web process, whose real worker also answers one question: what libc can still do in it.

Started in place of ``tipline.web.start``. ``POST /attempts`` with a target tries everything in the thread of that
request, and answers with what came out; all other requests go on to the site.
"""

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

from tests.tipline.web.libc_attempts import Target, attempt_all
from tipline.machine.no_plaintext import bar_silent_writers


def main() -> int:
    """As ``tipline.web.start`` begins, but that one function is called by way of ours."""
    bar_silent_writers()
    from tipline.web import start
    from tipline.web.composition import Dispatcher

    real = Dispatcher.__call__

    def asked(self: Dispatcher, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/attempts":
            return real(self, environ, start_response)
        length = int(environ["CONTENT_LENGTH"])
        body = b""
        while len(body) < length:
            body += environ["wsgi.input"].read(length - len(body))
        answer = json.dumps(attempt_all(Target.from_json(body.decode()))).encode()
        start_response("200 OK", [("Content-Length", str(len(answer)))])
        return [answer]

    Dispatcher.__call__ = asked  # type: ignore[method-assign]
    return start.main()


if __name__ == "__main__":
    sys.exit(main())
