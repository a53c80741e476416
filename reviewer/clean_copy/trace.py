"""Kinds of traces that a picture may carry beside its pixels."""

from enum import Enum


class Trace(Enum):
    """A kind of trace; its value is how staff are told."""

    PLACE = "place"
    TIME = "time"
    DEVICE = "device or program"
    OWNER = "owner or author"
    COMMENT = "comments"
    THUMBNAIL = "small second picture"
    FRAMES = "further pictures"
    COLOURS = "colour profile"
    TRANSPARENCY = "transparency"
    BEHIND = "something behind its end"
    OTHER = "other notes"
