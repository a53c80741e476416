"""Kinds of traces that a file may carry beside what it shows: of a picture, beside its pixels."""

from enum import Enum


class Trace(Enum):
    """A kind of trace; its value is how staff are told."""

    PLACE = "place"
    TIME = "time"
    DEVICE = "device or program"
    OWNER = "owner or author"
    COMMENT = "comments"
    CHANGES = "tracked changes"
    ADDRESS = "mail addresses"
    NETWORK = "addresses of computers"
    FILES = "names of files inside"
    THUMBNAIL = "small second picture"
    FRAMES = "further pictures"
    COLOURS = "colour profile"
    TRANSPARENCY = "transparency"
    BEHIND = "something behind its end"
    OTHER = "other notes"
    UNREAD = "files inside that were not read"
