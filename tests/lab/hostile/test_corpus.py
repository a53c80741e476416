"""The corpus is large, and the same in each run."""

from lab.hostile.corpus import FAMILIES, corpus

_FEWEST = 2000


def test_there_are_two_thousand_distinct_hostile_requests_and_more() -> None:
    sent = [(each.sent, each.pieces, each.bare) for family in corpus().values() for each in family]
    assert len(sent) == len(set(sent))
    assert len(sent) >= _FEWEST


def test_no_family_is_empty_and_each_stands_in_a_file_of_its_own() -> None:
    assert all(corpus().values())
    assert len(corpus()) == len(FAMILIES)


def test_the_corpus_is_the_same_in_each_run() -> None:
    assert corpus() == corpus()
