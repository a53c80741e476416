"""The form of a hand-over: fields and files that are offered, what was ticked of them, and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from reviewer.casebook.submission import Submission
from reviewer.clean_copy.children import Children
from reviewer.desk.page import desk, home, typed
from reviewer.desk.ticks import still_here, tips_of, typed_masks, typed_unmask
from reviewer.leaving.handing_over import FieldOffer, HandOverTip, fields_of, handed_texts
from reviewer.leaving.leaving_files import LeavingFile, file_ticks, leaving_files
from reviewer.leaving.passages import ticked_numbers
from reviewer.linking.leaving_masks import LeavingMasks, MasksInTexts, leaving_masks, ticked_files
from system.clock import today


@dataclass(frozen=True, slots=True)
class HandOverForm:
    """The fields of the form, as they were typed; ``fields`` and ``files`` are ticks that name contents.

    ``unmask`` are numbers of masked entities whose words leave, and ``because`` is why. ``lost`` is true if
    something that was ticked is no longer here; ``code`` is that of the preview before.
    """

    tips: Sequence[Submission]
    fields: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    told: str = ""
    key_file: str = ""
    words: str = ""
    out: str = ""
    masks: tuple[str, ...] = ()
    unmask: frozenset[int] = frozenset()
    because: str = ""
    lost: bool = False
    code: str = ""

    @classmethod
    def typed(cls) -> "HandOverForm":
        """The form of this request.

        Raises:
            ProgramError: a tip that is not here, or too many.
        """
        tips = tips_of(request.form.get("tips", ""))
        fields = still_here("field", (one.tick for tip in tips for one in fields_of(home(), tip)))
        files = still_here("file", (one for tip in tips for one in file_ticks(home(), tip)))
        return cls(
            tips,
            fields.found,
            files.found,
            told=typed("told").strip(),
            key_file=typed("key_file").strip() or typed("place"),
            words=typed("words").strip(),
            out=typed("out").strip(),
            masks=typed_masks(),
            unmask=typed_unmask(),
            because=typed("because").strip(),
            lost=fields.lost or files.lost,
            code=typed("code"),
        )

    def chosen(self) -> list[HandOverTip]:
        """The ticked tips."""
        return [
            HandOverTip(
                one,
                ticked_numbers(self.fields, [each.tick for each in fields_of(home(), one)]),
                ticked_numbers(self.files, file_ticks(home(), one)),
            )
            for one in self.tips
        ]

    def hidden(self) -> LeavingMasks:
        """The masks over the tips, all of which are read first."""
        return leaving_masks(home(), self.tips, children=desk().desk_session.children, today=today())

    def leaving(self) -> tuple[list[HandOverTip], MasksInTexts]:
        """The ticked tips without pictures of masked persons, and the words of these in what leaves."""
        hidden, ticked = self.hidden(), self.chosen()
        chosen = hidden.without_pictures(ticked, unmask=self.unmask)
        texts = handed_texts(home(), chosen)
        return chosen, hidden.in_texts(texts, unmask=self.unmask, files=ticked_files(ticked))


@dataclass(frozen=True, slots=True)
class CaseOffer:
    """One tip of the form: its fields and files, each with whether it was ticked."""

    submission: Submission
    fields: Sequence[tuple[FieldOffer, bool]]
    files: Sequence[tuple[LeavingFile, bool]]


def case_offer(
    form: HandOverForm, one: Submission, *, children: Children, leaving: HandOverTip | None = None
) -> CaseOffer:
    """One tip of the form, with everything in it that may be ticked.

    With ``leaving`` the files are marked that leave.
    """
    return CaseOffer(
        one,
        [(each, each.tick in form.fields) for each in fields_of(home(), one)],
        [
            (each, each.number in leaving.files if leaving else each.tick in form.files)
            for each in leaving_files(home(), one, children=children, today=today())
        ],
    )
