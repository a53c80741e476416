"""``links show`` and ``links answer``: questions that names and pictures raise, and their answers."""

import json
from collections.abc import Mapping, Sequence

import click

from reviewer.clean_copy.children import Children
from reviewer.commands.at_home import JSON, UNMASK, at_home
from reviewer.home.home import Home
from reviewer.linking.answering import answer
from reviewer.linking.entity_work import open_each
from reviewer.linking.link_page import link_page
from reviewer.linking.link_question import LinkQuestion, question_number
from reviewer.linking.picture_reading import read_new_pictures, read_some_pictures
from reviewer.linking.questions import QuestionReader
from reviewer.matching.clusters import Verdict
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today
from system.errors import ProgramError

MOST_LISTED = 100
_PROTECTED = "a person is protected: --because REASON shows the words; of two each needs --with P-N REASON"
KINDS = ("person", "picture")


@click.command("show", epilog="Example: tipline-review links show ~/review Q-7")
@at_home
@click.argument("question", metavar="Q-N|D-N")
@click.option("--because", metavar="REASON", help="Why you look at a protected person, if only one is here.")
@UNMASK
@JSON
def show(home: Home, question: str, because: str | None, reasons: dict[int, str], as_json: bool) -> None:
    """Show one question, or one decision as a page for a prosecutor.

    Of a question: both passages, what speaks for and against, and what chance alone gives. Of a decision D-N: who
    decided, when, on which passages, by which version of the program, and what spoke against. Where both sides are
    protected, each needs --with and a reason of its own.
    """
    if question[:1].upper() == "D":
        _show_decision(home, question, because, reasons, as_json=as_json)
        return
    number = question_number(question)
    shown = QuestionReader(home).find(number)
    if shown.is_hidden and _opened(home, shown.protected, because, reasons):
        shown = QuestionReader(home).find(number, is_opened=True)
    home.casebook.log.add("question show", shown.name, today=today())
    if as_json:
        output(json.dumps(shown.to_json(), indent=2))
        return
    for line in shown.lines():
        output(line)
    if shown.is_hidden:
        notice("hint", _PROTECTED)


def _opened(home: Home, protected: Sequence[int], because: str | None, reasons: Mapping[int, str]) -> bool:
    """True if the protected ones were opened, each with its reason; False if no reason was given."""
    if because is not None and len(set(protected)) == 1:
        reasons = {protected[0]: because}
    if because is not None or reasons:
        open_each(home, protected, reasons, today=today())
    return because is not None or bool(reasons)


def _show_decision(
    home: Home, name: str, because: str | None, reasons: Mapping[int, str], *, as_json: bool
) -> None:
    shown = link_page(home, name)
    if shown.is_hidden and _opened(home, shown.protected, because, reasons):
        shown = link_page(home, name, is_opened=True)
    home.casebook.log.add("decision show", f"D-{shown.decision.number}", today=today())
    if as_json:
        output(json.dumps(shown.to_json(), indent=2))
        return
    for label, text in shown.rows():
        output(f"{label:<22} {plain_line(text)}")
    if shown.is_hidden:
        notice("hint", _PROTECTED)


@click.command(
    "answer", epilog="Example: tipline-review links answer ~/review Q-7 same --because 'same scar and town'"
)
@at_home
@click.argument("question", metavar="Q-N")
@click.argument("verdict", type=click.Choice([str(one) for one in Verdict]))
@click.option("--because", required=True, metavar="REASON", help="Why; it is kept with the decision.")
@click.option("--sure", is_flag=True, help="After the question that is asked about a harmed person.")
def answer_command(home: Home, question: str, verdict: str, because: str, sure: bool) -> None:
    """Add the answer to a question: the same, different, or unsure.

    It keeps both names or pictures, and is a decision on these two entities.

    `links undo` takes the decision back, and the question is open again.
    """
    decision = answer(
        home, question_number(question), Verdict(verdict), because=because, is_sure=sure, today=today()
    )
    output(f"decided          D-{decision}")


def open_questions(home: Home, *, kind: str | None, with_weak: bool) -> Sequence[LinkQuestion]:
    """The open questions, after all pictures were compared."""
    compare_pictures(home)
    of_pictures = None if kind is None else kind == "picture"
    return QuestionReader(home).open(most=MOST_LISTED, with_weak=with_weak, of_pictures=of_pictures)


def compare_pictures(home: Home, *, at_import: bool = False) -> None:
    """Make the fingerprints that are missing; after an import for some seconds only.

    A machine that cannot shut in a process gets a warning: names and numbers are compared all the same.
    """
    try:
        if at_import:
            read_some_pictures(home, children=Children(), with_begun=False, today=today())
        else:
            read_new_pictures(home, children=Children(), today=today())
    except ProgramError as error:
        notice("warning", f"pictures were not compared: {error}")
