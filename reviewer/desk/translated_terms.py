"""Words of the program that pages show, in the language of staff.

Values such as a status or a kind of trace are stored and compared in English. A template passes them through
:func:`tr` where it shows them, and :func:`shown_words` has all of them for the catalogues. What a person typed
comes out as it is, unless it is one of these words.

``tr`` returns plain text, which the template escapes. ``_`` of Jinja returns HTML, and is for literals only.
"""

from collections.abc import Iterator
from itertools import chain

from reviewer.casebook.facility_matches import FacilityAnswer
from reviewer.casebook.quarantine import BY_DIGEST, BY_STAFF
from reviewer.casebook.saved_folders import AS_IT_CAME, CLEAN_COPIES, EVIDENCE_PACKAGE, LOOKED_AT
from reviewer.casebook.staff_texts import NAMES as STAFF_TEXTS
from reviewer.casebook.thread_marks import Status
from reviewer.casebook.tip_filter import CHOICES
from reviewer.cases.answer_contents import AnswerFindingKind
from reviewer.cases.answer_lines import NOT_OFFERED
from reviewer.cases.deleting import REASONS as WHY_DELETED
from reviewer.cases.mailbox_actions import ACTS, UNKNOWN_ACT
from reviewer.cases.quarantine_report import LAW
from reviewer.cases.saved_destroy import LEFT_IN_MEMORY, LEFT_ON_A_DISK
from reviewer.clean_copy.children import REASONS as WHY_NOT_DECODED
from reviewer.clean_copy.picture_kind import NoPicture
from reviewer.clean_copy.trace import Trace
from reviewer.desk.shown_inbox import REASONS as WHY_CLOSED
from reviewer.diligence.readers import READERS, STEPS
from reviewer.diligence.report import WHATS, WHY_HELD
from reviewer.facilities.evidence_work import FINDING_KINDS
from reviewer.facilities.other_lists import KINDS as LIST_KINDS
from reviewer.languages.staff_language import marked, said
from reviewer.languages.text_language import UNSURE_WORD
from reviewer.languages.word_lists import NAMES
from reviewer.leaving.handing_over import TOLD
from reviewer.leaving.leaving_files import MORE, NONE_SEEN, NOT_LISTED
from reviewer.linking.list_page import SOUGHT_WARNING
from reviewer.lists.list_entries import ORGANISATION, OTHER, PERSON
from reviewer.lists.world_regions import WORLD_REGIONS
from reviewer.people.acts import AFTER_REMOVAL
from reviewer.publication.register import TABLES
from reviewer.supply.flags import Level
from reviewer.supply.indicators import indicator_titles
from reviewer.viewers.look_kind import VIEWERS, LookKind

_OTHERS = (
    # Kinds of tips.
    marked("submission"),
    marked("telephone"),
    marked("unopenable"),
    # The page of a decision, for a prosecutor.
    marked("Decision"),
    marked("Kind"),
    marked("Decided by"),
    marked("Day"),
    marked("Program"),
    marked("Reason"),
    marked("What spoke against"),
    marked("Speaks against it now"),
    marked("Undone by"),
    marked("Standing"),
    marked("Limit"),
    # Answers about lists, and what lists say of an entry.
    marked("yes"),
    marked("no"),
    marked("unsure"),
    marked("open"),
    marked("born"),
    marked("country"),
    marked("address"),
    marked("note"),
    marked("source"),
    SOUGHT_WARNING,
    # Where a search found something, and what a passage is.
    marked("message"),
    marked("name of a file"),
    marked("answer"),
    marked("file name"),
    marked("sealed by the source"),
    marked("file name, sealed by the source"),
    marked("our reply"),
    marked("translation"),
    marked("our note"),
    marked("another field"),
    marked("sealed text"),
    # Numbers for the team.
    marked("by month"),
    marked("by language"),
    marked("by questionnaire"),
    marked("by danger"),
    marked("by status"),
    marked("by first answer"),
    marked("month"),
    marked("language"),
    marked("questionnaire"),
    marked("danger"),
    marked("status"),
    marked("first answer"),
    marked("not said"),
    marked("none"),
    marked("no danger said"),
    marked("on the same day"),
    marked("in 1 to 3 days"),
    marked("in 4 to 7 days"),
    marked("in 8 to 30 days"),
    marked("after more than 30 days"),
    marked("not yet"),
    marked("no answer wanted"),
    # Pictures of a file.
    marked("Picture"),
    marked("Page"),
    marked("Stills, minute"),
    marked("grey"),
    marked("colour"),
    # Traces of a file.
    marked("nothing was recognised"),
    marked("none was recognised"),
    marked("not looked for: it is in quarantine, and does not leave"),
    marked("not listed: it is too large to be looked at"),
    # Titles of the shipped ready answers.
    marked("We have read it"),
    marked("We could not open the locked file"),
    marked("Questions that we have"),
    marked("Call a helpline"),
    marked("A safe place to stay"),
    marked("Please do not …"),
    marked("We close this for now"),
    # People, and states that several reviewers changed.
    marked("reader"),
    marked("member"),
    marked("owner"),
    marked("archived"),
    marked("case"),
    marked("name of the case"),
    marked("merged into"),
    # Figures of open tables.
    marked("exploited in"),
    marked("citizenship"),
    marked("indicator"),
    # Editions and licences of open tables.
    marked("see its site"),
    marked("look at its terms"),
    marked("public domain in the US"),
    marked("titles only; the questions are ours"),
    # Weeks and quarters in an address or a field.
    marked("week must be written like 2026-W48"),
    marked("number of a week must be one that its year has"),
    marked("quarter must be written like 2026-Q4"),
    # Factories.
    marked("by rule"),
    # Kinds of findings and entities.
    marked("phone"),
    marked("handle"),
    marked("email"),
    marked("web"),
    marked("iban"),
    marked("crypto"),
    marked("plate"),
    marked("ship"),
    marked("document"),
    marked("person"),
    marked("organisation"),
    marked("place"),
    marked("date"),
    marked("picture"),
    marked("position"),
    # States of entities and decisions.
    marked("protected"),
    marked("closed"),
    marked("undone"),
)


def shown_words() -> Iterator[str]:
    """All words that :func:`tr` is for, some of them twice."""
    yield from chain.from_iterable(CHOICES.values())
    yield from map(str, chain(Status, AnswerFindingKind))
    yield from (one.value for one in chain(Trace, LookKind, NoPicture))
    yield from chain(ACTS.values(), WHY_DELETED.values(), WHY_CLOSED, WHY_NOT_DECODED.values(), TOLD.values())
    yield from chain(NAMES.values(), AFTER_REMOVAL, (viewer.opens for viewer in VIEWERS))
    yield from (*map(str, chain(Level, FacilityAnswer)), *FINDING_KINDS, *indicator_titles().values())
    yield from (f"not listed: {why}" for why in NOT_LISTED.values())
    yield from (MORE, NONE_SEEN, UNKNOWN_ACT, UNSURE_WORD, NOT_OFFERED, LAW, LEFT_IN_MEMORY, LEFT_ON_A_DISK)
    yield from (*READERS, *STEPS.values(), *WHATS, *WHY_HELD, *WORLD_REGIONS)
    yield from (*STAFF_TEXTS, *LIST_KINDS, PERSON, ORGANISATION, OTHER)
    for table in TABLES.values():
        yield from (table.title, *(unit.name for unit in table.units))
    yield from (BY_DIGEST, BY_STAFF, AS_IT_CAME, CLEAN_COPIES, EVIDENCE_PACKAGE, LOOKED_AT, *_OTHERS)


def tr(words: object) -> str:
    """The words in the language of staff."""
    return said(str(words))


def tr_list(words: str) -> str:
    """Words between commas, each by itself; first they are looked up as a whole."""
    whole = said(words)
    return whole if whole != words else ", ".join(map(said, words.split(", ")))
