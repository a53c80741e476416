"""The ring of a duty machine is found in what was played, by the program of the system and in samples made here."""

import subprocess
from pathlib import Path

import pytest

from demo.heard_ring import rings_in
from duty.sound import TEST_SECONDS, TONE_SECONDS, TONES_HZ, Bell, wav_of

HEAD_BYTES = 44


def samples(tones: tuple[int, ...], seconds: float = TONE_SECONDS) -> bytes:
    return wav_of(tones, seconds)[HEAD_BYTES:]


def found_in(raw: bytes, folder: Path) -> int:
    path = folder / "samples"
    path.write_bytes(raw)
    return rings_in(path)


def test_rings_are_counted_and_other_sounds_are_none(tmp_path: Path) -> None:
    ring, pause = samples(TONES_HZ), bytes(9600)
    assert found_in(pause + (ring + pause) * 3, tmp_path) == 3
    for raw in (b"", pause, samples(TONES_HZ[:1], TEST_SECONDS), samples(TONES_HZ[::-1]), samples((440, 1000))):
        assert found_in(raw, tmp_path) == 0
    assert rings_in(tmp_path / "none") == 0


def test_a_ring_reaches_the_sound_system_through_the_system_s_own_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played, config = tmp_path / "played", tmp_path / "asound.conf"
    config.write_text(
        "</usr/share/alsa/alsa.conf>\n"
        f'pcm.!default {{ type file slave.pcm {{ type null }} file "| cat >> {played}" format "raw" }}\n'
    )
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    programs = tmp_path / "programs"
    programs.mkdir()
    found = subprocess.run(["which", "aplay"], capture_output=True, text=True, check=True).stdout.strip()
    (programs / "aplay").symlink_to(found)
    bell = Bell.find(str(programs))
    assert bell is not None
    assert rings_in(played) == 0
    before = played.stat().st_size
    assert bell.ring()
    assert bell.ring()
    assert rings_in(played, since=before) == 2
