"""Stills of a video, and sound, by ffmpeg inside the sandbox. Nothing plays by itself.

Sound comes out as bare samples, and the header of the WAV file is ours.
"""

import re
import struct
from dataclasses import dataclass
from typing import Final

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.errors import CannotLook
from reviewer.viewers.look_kind import FFMPEG
from reviewer.viewers.sandbox import FILE
from reviewer.viewers.viewing import See, output, picture

SECONDS_BETWEEN_STILLS: Final = 5
STILLS_ON_A_SHEET: Final = 12
SHEET_SECONDS: Final = SECONDS_BETWEEN_STILLS * STILLS_ON_A_SHEET
SOUND_PART_SECONDS: Final = 600
SAMPLES_A_SECOND: Final = 16_000
_SAMPLE_BYTES: Final = 2
_STREAM: Final = re.compile(rb"^(video|audio)$", re.MULTILINE)
_DURATION: Final = re.compile(rb"^(\d{1,6})(\.\d+)?$", re.MULTILINE)
_QUIET: Final = ("-nostdin", "-loglevel", "quiet")
_ONE_THREAD: Final = ("-threads", "1", "-filter_threads", "1")
_NO_PROTOCOL: Final = ("-protocol_whitelist", "file")
"""A play list may name other files; inside the sandbox there are none."""


@dataclass(frozen=True, slots=True)
class Media:
    """Streams of a video or sound, as ffprobe tells them; ``seconds`` is 0 where the file does not say."""

    has_video: bool
    has_sound: bool
    seconds: int

    @property
    def sheets(self) -> int:
        """The number of sheets of stills."""
        return max(1, -(-self.seconds // SHEET_SECONDS)) if self.has_video else 0

    @property
    def sound_parts(self) -> int:
        """The number of parts of ten minutes of sound."""
        return max(1, -(-self.seconds // SOUND_PART_SECONDS)) if self.has_sound else 0


def media_of(file: MemoryFile, *, children: Children) -> Media:
    """The streams of a file.

    Raises:
        CannotLook: it has none, is damaged, or needs more than the viewer may use.
        ProgramError, CutShort: as :func:`reviewer.viewers.viewing.picture`.
    """
    told = "stream=codec_type:format=duration"
    command = [
        "/usr/bin/ffprobe",
        "-loglevel",
        "quiet",
        *_NO_PROTOCOL,
        "-show_entries",
        told,
        "-of",
        "csv=p=0",
        FILE,
    ]
    with output(command, FFMPEG, file, children=children) as said:
        answer = said.content()
    streams = set(_STREAM.findall(answer))
    if not streams:
        raise CannotLook("the viewer found neither pictures nor sound in this file")
    duration = _DURATION.search(answer)
    return Media(b"video" in streams, b"audio" in streams, int(duration[1]) if duration else 0)


def stills(file: MemoryFile, sheet: int, *, see: See, children: Children) -> bytes:
    """A PNG of ours with twelve stills, five seconds apart; sheets are counted from 1.

    Raises:
        CannotLook, ProgramError, CutShort: as :func:`media_of`.
    """
    drawn = (
        f"fps=1/{SECONDS_BETWEEN_STILLS}:start_time=0:round=up,scale=400:300:force_original_aspect_ratio=decrease"
    )
    tiled = "setsar=1,pad=400:300:-1:-1:white,tile=3x4:color=white"
    command = [
        *(FFMPEG.program, *_QUIET, *_ONE_THREAD, *_NO_PROTOCOL),
        *("-ss", str((sheet - 1) * SHEET_SECONDS), "-t", str(SHEET_SECONDS), "-i", FILE),
        *("-an", "-sn", "-dn", "-vf", f"{drawn},{tiled}", "-frames:v", "1"),
        *("-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24", "-"),
    ]
    return picture(command, FFMPEG, file, see=see, children=children)


def sound(file: MemoryFile, part: int, *, children: Children) -> bytes:
    """Ten minutes of sound as a WAV file of ours; parts are counted from 1.

    It has one channel, 16,000 samples a second, two bytes each.

    Raises:
        CannotLook, ProgramError, CutShort: as :func:`media_of`.
    """
    command = [
        *(FFMPEG.program, *_QUIET, *_ONE_THREAD, *_NO_PROTOCOL),
        *("-ss", str((part - 1) * SOUND_PART_SECONDS), "-t", str(SOUND_PART_SECONDS), "-i", FILE),
        *("-vn", "-sn", "-dn", "-ac", "1", "-ar", str(SAMPLES_A_SECOND), "-f", "s16le", "-"),
    ]
    with output(command, FFMPEG, file, children=children) as made:
        samples = made.content()
    if not samples:
        raise CannotLook("the viewer found no sound in this part")
    return _wav_header(len(samples)) + samples


def _wav_header(length_bytes: int) -> bytes:
    rate = SAMPLES_A_SECOND * _SAMPLE_BYTES
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, SAMPLES_A_SECOND, rate, _SAMPLE_BYTES, 8 * _SAMPLE_BYTES)
    return (
        struct.pack("<4sI4s", b"RIFF", 36 + length_bytes, b"WAVE")
        + form
        + struct.pack("<4sI", b"data", length_bytes)
    )
