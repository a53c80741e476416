"""Answers that show a long text again hold so much memory together, and a source gets its text back beside them."""

from tests.tipline.site_stage import Stage
from tipline.pages.answer_memory import MOST_HELD_BYTES, SHORT_ANSWER_BYTES, AnswerCache
from tipline.requests.circuit import NO_CIRCUIT, Circuit
from tipline.requests.form_fields import KEPT_TEXT_BYTES

IN_SPANISH = ("lang", "es")
LONG_TEXT = "ж" * 50_000
LONGEST_TEXT = "&" * (KEPT_TEXT_BYTES - 1)
MIB = 1 << 20


class Ended:
    """Counts on whom was hung up."""

    def __init__(self) -> None:
        self.numbers: list[int] = []

    def __call__(self, number: int) -> None:
        self.numbers.append(number)


def circuit(number: int) -> Circuit:
    return Circuit(f"fc00:dead:beef:4dad::0:{number}")


def test_two_hundred_of_one_circuit_hold_no_more_than_there_is_for_all() -> None:
    answers, ended = AnswerCache(), Ended()
    held = [answers.hold(circuit(1), 2 * MIB, lambda: ended(0)) for _ in range(200)]
    assert answers.held_bytes == MOST_HELD_BYTES
    assert sum(one is not None for one in held) == MOST_HELD_BYTES // (2 * MIB)
    assert ended.numbers == []


def test_the_circuit_that_holds_most_gives_up_its_oldest_answer_to_one_that_holds_less() -> None:
    answers, ended = AnswerCache(most_bytes=10 * MIB), Ended()
    for number in range(4):
        assert answers.hold(circuit(1), 2 * MIB, lambda number=number: ended(number))  # type: ignore[misc]
    assert answers.hold(circuit(2), 2 * MIB, lambda: ended(10))
    assert answers.hold(circuit(3), MIB, lambda: ended(20))
    assert ended.numbers == [0]
    assert answers.held_bytes == 9 * MIB
    assert answers.hold(circuit(2), 5 * MIB, lambda: ended(11)) is None
    assert ended.numbers == [0]


def test_where_all_hold_little_nobody_is_hung_up_on_and_one_more_is_not_shown() -> None:
    answers, ended = AnswerCache(most_bytes=4 * MIB), Ended()
    for number in range(4):
        assert answers.hold(circuit(number), MIB, lambda number=number: ended(number))  # type: ignore[misc]
    assert answers.hold(circuit(9), MIB, lambda: ended(9)) is None
    assert answers.hold(NO_CIRCUIT, MIB, lambda: ended(10)) is None
    assert ended.numbers == []


def test_what_is_let_go_of_twice_is_counted_once() -> None:
    answers = AnswerCache(most_bytes=2 * MIB)
    first = answers.hold(circuit(1), MIB, lambda: None)
    assert answers.hold(circuit(2), MIB, lambda: None)
    assert first is not None
    first.release()
    first.release()
    assert answers.held_bytes == MIB


def test_a_text_for_which_there_is_no_room_is_shown_when_the_same_form_is_loaded_again(stage: Stage) -> None:
    answers: AnswerCache = stage.site.app.extensions["tipline"].long_answers
    count = MOST_HELD_BYTES // SHORT_ANSWER_BYTES
    others = [answers.hold(circuit(number), SHORT_ANSWER_BYTES, lambda: None) for number in range(count)]
    form = [IN_SPANISH, ("text", LONG_TEXT), ("nonce", "0" * 32)]
    refused = stage.browser.upload("/", form)
    assert refused.status == 503
    assert refused.header("Retry-After")
    assert refused.heading == "Todavía no tenemos tu mensaje"
    assert "vuelve a cargar esta página" in refused.text
    assert "href" not in refused.body.decode().split("<main", 1)[1].split("</main", 1)[0]  # where it would be lost
    short = stage.browser.upload("/", [IN_SPANISH, ("text", "short"), ("nonce", "0" * 32)])
    assert short.status == 200
    for other in others:
        assert other is not None
        other.release()
    again = stage.browser.upload("/", form)
    assert again.status == 200
    assert LONG_TEXT in again.text


def test_an_answer_counts_until_it_is_sent(stage: Stage) -> None:
    answers: AnswerCache = stage.site.app.extensions["tipline"].long_answers
    answer = stage.browser.upload("/", [IN_SPANISH, ("text", LONGEST_TEXT)])
    assert len(answer.body) == 2 * MIB
    assert answers.held_bytes == 0
