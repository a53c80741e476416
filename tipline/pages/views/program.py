"""The page for sources who can install a program: how to seal a file before they send it."""

from flask import Blueprint, Response, abort

from tipline.instance.recipient_file import FILE_NAME, SIGNATURE_NAME, RecipientFile
from tipline.pages.views.page import page
from tipline.pages.views.services import services

views = Blueprint("program", __name__)
_TEXT = "text/plain; charset=utf-8"


@views.get("/program", provide_automatic_options=False)
def program() -> Response:
    """ "If you can install a program" """
    desk = services().recipients
    return page("program.html", recipients=desk.current_recipient_file(), root_line=desk.root_line)


@views.get(f"/{FILE_NAME}", provide_automatic_options=False)
def recipients() -> Response:
    return Response(_of_today().file, content_type=_TEXT)


@views.get(f"/{SIGNATURE_NAME}", provide_automatic_options=False)
def signature() -> Response:
    return Response(_of_today().signature, content_type=_TEXT)


def _of_today() -> RecipientFile:
    found = services().recipients.current_recipient_file()
    if found is None:
        abort(404)
    return found
