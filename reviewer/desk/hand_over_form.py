"""The form of a hand-over: fields and files that are offered, what was ticked of them, and for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import request

from reviewer.casebook.submission import Submission
from reviewer.clean_copy.children import Children
from reviewer.desk.page import desk, home, typed
from reviewer.desk.ticks import still_here, ticked_reasons, tips_of, typed_masks
from reviewer.leaving.handing_over import FieldOffer, HandOverTip, fields_of
from reviewer.leaving.leaving_files import LeavingFile, file_ticks, leaving_files
from reviewer.leaving.passages import ticked_numbers
from reviewer.linking.leaving_masks import LeavingMasks, MasksInTexts, leaving_masks, masked_case
from system.clock import today


@dataclass(frozen=True, slots=True)
class HandOverForm:
    """The fields of the form, as they were typed; ``fields`` and ``files`` are ticks that name contents.

    ``reasons`` has the masked entities whose words leave, and why. ``lost`` is true if something that was ticked is
    no longer here; ``code`` is that of the preview before.
    """

    tips: Sequence[Submission]
    fields: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    told: str = ""
    key_file: str = ""
    words: str = ""
    out: str = ""
    masks: tuple[str, ...] = ()
    reasons: Mapping[int, str] = field(default_factory=dict)
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
            reasons=ticked_reasons(),
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
        return masked_case(home(), self.chosen(), self.hidden(), reasons=self.reasons)


@dataclass(frozen=True, slots=True)
class CaseOffer:
    """One tip of the form or of its preview, with its fields and files."""

    submission: Submission
    fields: Sequence[FieldOffer]
    files: Sequence[LeavingFile]


def case_offer(one: Submission, *, children: Children, leaving: HandOverTip | None = None) -> CaseOffer:
    """One tip, with everything in it that may be ticked; with ``leaving`` only what leaves."""
    fields, files = fields_of(home(), one), leaving_files(home(), one, children=children, today=today())
    if leaving is not None:
        fields = [each for each in fields if each.number in leaving.fields]
        files = [each for each in files if each.number in leaving.files]
    return CaseOffer(one, fields, files)
