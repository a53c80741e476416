"""Three pages to read before writing, for whoever has more than thirty seconds; nothing leads through them."""

from flask import Blueprint, Response

from crypto.keys.fingerprint import address_words
from tipline.pages.views.page import still_page
from tipline.pages.views.services import services

views = Blueprint("about", __name__)


@views.get("/questions", provide_automatic_options=False)
def safety() -> Response:
    """ "Is this safe for me?" """
    addresses = services().addresses
    words = address_words(addresses[0]) if addresses else ""
    return still_page("safety.html", addresses=addresses, address_words=words)


@views.get("/way", provide_automatic_options=False)
def path() -> Response:
    """ "What happens to what I send" """
    return still_page("path.html")


@views.get("/limits", provide_automatic_options=False)
def limits() -> Response:
    """ "What we cannot do" """
    return still_page("limits.html")
