"""Rings through the sound system, by a program of PipeWire, PulseAudio or ALSA.

Without one that plays, the desk is not ready.
"""

import math
import os
import re
import shutil
import struct
import subprocess
import threading
from collections.abc import Sequence
from functools import cache

PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"))
"""Programs that play a WAV file, in the order in which they are tried."""
RATE = 16_000
TONES_HZ = (880, 660)
TONE_SECONDS = 0.4
TEST_SECONDS = 0.05
_LOUDNESS = 28_000
_LONGEST_SECONDS = 10
_FADE_SECONDS = 0.01
_PAUSE_SECONDS = 0.3
_MIXER = "pactl"
_LEAST_VOLUME = 20
"""Percent of the sound system's own scale; below it a ring is not heard in the next room."""
_NO_LOUDSPEAKER = "auto_null"
"""PipeWire and PulseAudio play into it when there is nothing else: every program then plays without an error."""


@cache
def wav_of(tones_hz: Sequence[int], seconds: float) -> bytes:
    """A WAV file of tones, each of ``seconds``: one channel, 16 bits, 16,000 a second."""
    samples: list[int] = []
    count = int(RATE * seconds)
    fade = RATE * _FADE_SECONDS
    for tone in tones_hz:
        for at in range(count):
            edge = min(1.0, at / fade, (count - at) / fade)
            samples.append(int(_LOUDNESS * edge * math.sin(2 * math.pi * tone * at / RATE)))
    data = struct.pack(f"<{len(samples)}h", *samples)
    shape = struct.pack("<HHIIHH", 1, 1, RATE, RATE * 2, 2, 16)
    head = b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<I", len(shape)) + shape
    head += b"data" + struct.pack("<I", len(data))
    return head + data


class Bell:
    """Plays sounds with the first program that can; made by :meth:`find`."""

    def __init__(self, player: Sequence[str], *, mixer: str | None = None) -> None:
        """``mixer`` is a program that says if the sound is muted; without one it counts as on."""
        self._player = list(player)
        self._mixer = mixer
        self._ring = wav_of(TONES_HZ, TONE_SECONDS)

    @classmethod
    def find(cls, search_path: str | None = None) -> "Bell | None":
        """A bell that has just played a very short sound; None where no program plays one.

        ``search_path`` is a PATH to look for programs in, instead of this process's own.
        """
        for name, *options in PLAYERS:
            program = shutil.which(name, path=search_path)
            if program is not None:
                bell = cls([program, *options], mixer=shutil.which(_MIXER, path=search_path))
                if bell.play(wav_of(TONES_HZ[:1], TEST_SECONDS)):
                    return bell
        return None

    def ring(self) -> bool:
        """Ring once, which takes about a second. False if no sound came: then the desk is not ready."""
        return self.play(self._ring)

    def can_ring(self) -> bool:
        """True if the sound system plays now; it plays silence. False also where no one would hear a ring."""
        return self.play(wav_of((0,), TEST_SECONDS))

    def is_muted(self) -> bool:
        """True if the sound system says that no one hears it.

        It is muted or turned down, or has no loudspeaker.
        """
        volumes = re.findall(r"(\d+)%", self._asked("get-sink-volume", "@DEFAULT_SINK@"))
        return (
            self._asked("get-default-sink") == _NO_LOUDSPEAKER
            or self._asked("get-sink-mute", "@DEFAULT_SINK@") == "Mute: yes"
            or (bool(volumes) and max(map(int, volumes)) < _LEAST_VOLUME)
        )

    def _asked(self, *question: str) -> str:
        if self._mixer is None:
            return ""
        try:
            done = subprocess.run(
                [self._mixer, *question],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env=os.environ | {"LC_ALL": "C"},
                timeout=_LONGEST_SECONDS / 2,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return done.stdout.decode(errors="replace").strip()

    def play(self, wav: bytes) -> bool:
        """Play a WAV file to its end; it lies in memory only. False if no one can have heard it."""
        try:
            descriptor = os.memfd_create("ring", os.MFD_CLOEXEC)
        except OSError:  # too many open files: the next try may have room
            return False
        try:
            os.write(descriptor, wav)
            os.lseek(descriptor, 0, os.SEEK_SET)
            done = subprocess.run(
                [*self._player, f"/proc/self/fd/{descriptor}"],
                pass_fds=(descriptor,),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_LONGEST_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        finally:
            os.close(descriptor)
        return done.returncode == 0 and not self.is_muted()


class Ringer:
    """Rings again and again, in a thread of its own, while it is told to."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._wanted = threading.Event()
        self._end = threading.Event()
        self.has_sound = True
        self._thread = threading.Thread(target=self._run, name="ringer", daemon=True)
        self._thread.start()

    def want(self, is_ringing: bool) -> None:
        """Ring, or be silent after the sound that is being played."""
        if is_ringing:
            self._wanted.set()
        else:
            self._wanted.clear()

    def look(self) -> None:
        """Notice that the sound was muted since, or its system or device went. It plays silence.

        While it rings, the ring itself notices.
        """
        if not self._wanted.is_set() and not self._bell.can_ring():
            self.has_sound = False

    def close(self) -> None:
        self._end.set()
        self._wanted.set()
        self._thread.join(_LONGEST_SECONDS)

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            if self._end.is_set():
                return
            try:
                self.has_sound = self._bell.ring()
            except Exception:  # noqa: BLE001 -- whatever is wrong with one ring, the next one is tried
                self.has_sound = False
            self._end.wait(_PAUSE_SECONDS if self.has_sound else 1)
