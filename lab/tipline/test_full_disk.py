"""A real disk that is full, read-only, or full at any one write: nothing is lost, and the next try works."""

from pathlib import Path

from tests.tipline.store.test_disk_trouble import play


def test_a_disk_that_is_full_at_any_write_loses_nothing_and_the_next_tip_is_taken_when_there_is_room(
    tmp_path: Path,
) -> None:
    said = play("tests.tipline.store.full_at_each_write", tmp_path)
    assert int(said.split()[1]) > 100


def test_a_disk_that_is_full_at_any_write_of_a_tip_gives_back_what_was_typed_and_takes_it_when_there_is_room(
    tmp_path: Path,
) -> None:
    said = play("tests.tipline.store.full_at_each_tip", tmp_path)
    assert int(said.split()[1]) > 60


def test_a_disk_that_is_full_at_any_write_of_an_export_import_or_manifest_loses_nothing_and_the_next_try_works(
    tmp_path: Path,
) -> None:
    said = play("tests.tipline.store.full_at_each_carrying", tmp_path)
    assert int(said.split()[1]) > 40


def test_a_full_disk_refuses_tips_lets_them_be_carried_out_and_works_again_by_itself(tmp_path: Path) -> None:
    play("tests.tipline.store.disk_trouble", "full", tmp_path)


def test_a_disk_that_became_read_only_loses_nothing_and_is_named(tmp_path: Path) -> None:
    play("tests.tipline.store.disk_trouble", "read_only", tmp_path)
