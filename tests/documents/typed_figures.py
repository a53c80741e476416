"""Finds figures of a run that were typed into a page by hand.

A sentence, or a row of a table, is taken for one where it has a value in a measured unit and, outside quotes, a
word that tells of a run: that it *took* so long, on a day of a month, or at a commit. Limits and sizes of the
design are said in the present tense, and are not found.
"""

import re
from collections.abc import Iterator

_QUOTED = re.compile(r"<!-- quote [a-z.-]+ -->.*?<!-- end of quote -->", re.DOTALL)
_CODE = re.compile(r"^```.*?^```|^ {4}\S.*?$", re.DOTALL | re.MULTILINE)
_ENDS = re.compile(r"(?<=[.:!?;])\s+(?=[A-Z*`“\"(])|\n+(?=[-|#]|\n)")
_VALUE = re.compile(
    r"\d ?(?:µs|ms|s|MB|MiB|MB/s|MiB/s|KiB/s|%)(?![\w/])"
    r"|\d (?:milliseconds|seconds|minutes|hours)\b"
    r"|(?:\d|\bin) of (?:\d|each|a|one|every) ?(?:\d|hundred\b)"
    r"|\d in (?:100|each)\b"
    r"|\d lost\b"
)
_RUN = re.compile(
    r"\b(?:took|was told|were told|had been|were lost|came in|came out|stood at|stayed at|grew|needed)\b"
    r"|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\b20\d\d-\d\d-\d\d\b|\b(?:at|against|before|of|\() ?`[0-9a-f]{7,8}`|\bof the \d\dth\b"
    r"|\btakes? \d[\d.,]* (?:of processor|s and|s here)|\bhere\)"
)


def typed_figures(text: str) -> Iterator[str]:
    """Sentences and rows of a page, in Markdown, that give a figure of a run without quoting it."""
    prose = _CODE.sub("", _QUOTED.sub("", text))
    for sentence in _ENDS.split(prose):
        words = " ".join(sentence.split())
        if _VALUE.search(words) and _RUN.search(words):
            yield words
