"""Tips with invented pictures: shapes at random, and what becomes of them on their way."""

import io

from PIL import Image

from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import next_id


def as_png(picture: Image.Image) -> bytes:
    """The picture as a file."""
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def smaller(picture: Image.Image) -> Image.Image:
    """Half as large."""
    return picture.resize((picture.width // 2, picture.height // 2))


def send(desk: Desk, *pictures: Image.Image, mailbox: int = 1) -> str:
    """A tip with these pictures, taken in; its id."""
    files = [(f"photo-{place}.png", "image/png", as_png(one)) for place, one in enumerate(pictures)]
    envelope = desk.server.seal(
        fields=[("text", "a photo")], files=files, mailbox=a_mailbox(mailbox), submission_id=next_id()
    )
    (short_id,) = desk.take_in(envelope)
    return short_id
