"""The bell: it plays through a program of the sound system, and says when none plays."""

import io
import resource
import sys
import time
import wave
from pathlib import Path

from duty.sound import RATE, TONES_HZ, Bell, Ringer, wav_of


def player(folder: Path, name: str, *, code: int = 0) -> Path:
    """A stand-in for a program of the system: it appends the WAV file that it was given to a record."""
    program, record = folder / name, folder / "record"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nraw = open(sys.argv[-1], 'rb').read()\n"
        f"open({str(record)!r}, 'ab').write(raw)\nsys.exit({code})\n"
    )
    program.chmod(0o755)
    return record


def test_the_sound_is_a_sound_wav_file_of_the_tones() -> None:
    with wave.open(io.BytesIO(wav_of(TONES_HZ, 0.1))) as found:
        assert (found.getnchannels(), found.getsampwidth(), found.getframerate()) == (1, 2, RATE)
        assert found.getnframes() == len(TONES_HZ) * RATE // 10


def test_the_bell_is_tested_when_it_is_found_and_its_ring_reaches_the_sound_system(tmp_path: Path) -> None:
    record = player(tmp_path, "aplay")
    bell = Bell.find(str(tmp_path))
    assert bell is not None
    tested = record.read_bytes()
    assert bell.ring()
    assert record.read_bytes().removeprefix(tested) == wav_of(TONES_HZ, 0.4)


def test_a_sound_system_that_is_muted_or_has_no_loudspeaker_is_no_sound(tmp_path: Path) -> None:
    player(tmp_path, "pw-play")
    answers, mixer = tmp_path / "answers", tmp_path / "pactl"
    mixer.write_text(
        f"#!/bin/sh\n. {answers}\ncase $1 in get-default-sink) echo $sink;;"
        " get-sink-volume) echo Volume: mono: 9 / $volume% / 0 dB;; *) echo Mute: $mute;; esac\n"
    )
    mixer.chmod(0o755)
    for sink, mute, volume in (
        ("auto_null", "no", 70),
        ("alsa_output.usb", "yes", 70),
        ("alsa_output.usb", "no", 19),
    ):
        answers.write_text(f"sink={sink}\nmute={mute}\nvolume={volume}\n")
        assert Bell.find(str(tmp_path)) is None
    sounds = "sink=alsa_output.usb\nmute=no\nvolume=20\n"
    answers.write_text(sounds)
    bell = Bell.find(str(tmp_path))
    assert bell is not None
    ringer = Ringer(bell)
    ringer.look()
    assert ringer.has_sound
    answers.write_text(sounds.replace("no", "yes"))
    ringer.look()
    assert not ringer.has_sound
    # The sound system ends, or its device is pulled out, while no press waits.
    answers.write_text(sounds)
    ringer.has_sound = True
    player(tmp_path, "pw-play", code=1)
    ringer.look()
    assert not ringer.has_sound
    ringer.close()


def test_a_bell_that_can_open_no_file_is_silent_once_and_rings_when_it_can(tmp_path: Path) -> None:
    player(tmp_path, "aplay")
    bell = Bell.find(str(tmp_path))
    assert bell is not None
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1, before[1]))
    try:
        assert not bell.ring()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert bell.ring()


def test_without_a_program_that_plays_there_is_no_bell(tmp_path: Path) -> None:
    assert Bell.find(str(tmp_path)) is None
    player(tmp_path, "pw-play", code=1)
    assert Bell.find(str(tmp_path)) is None
    player(tmp_path, "aplay")
    assert Bell.find(str(tmp_path)) is not None


def test_a_ringer_rings_again_and_again_until_it_is_told_to_stop_and_notices_a_lost_sound_system(
    tmp_path: Path,
) -> None:
    record = player(tmp_path, "aplay")
    bell = Bell.find(str(tmp_path))
    assert bell is not None
    ringer = Ringer(bell)
    try:
        ringer.want(True)
        while record.stat().st_size < 3 * len(wav_of(TONES_HZ, 0.4)):
            time.sleep(0.01)
        assert ringer.has_sound
        player(tmp_path, "aplay", code=1)
        while ringer.has_sound:
            time.sleep(0.01)
    finally:
        ringer.close()


def test_a_ring_that_fails_as_none_should_is_named_and_does_not_end_the_ringer() -> None:
    ringer = Ringer(Bell(["sh", "\0"]))
    ringer.want(True)
    until = time.monotonic() + 10
    while ringer.has_sound and time.monotonic() < until:
        time.sleep(0.01)
    assert not ringer.has_sound
    assert ringer._thread.is_alive()
    ringer.close()
