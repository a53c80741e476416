"""Shows in a terminal what could leave of some tips.

``evidence`` and ``hand-over`` have this in common; each prints its own texts. A code stands for all that could be
shown. What leaves needs this code, so nothing leaves that no preview showed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reviewer.casebook.submission import Submission
from reviewer.cases.clean_export import files_of
from reviewer.cases.shown_code import shown_code
from reviewer.cases.text_mask import TextMask
from reviewer.clean_copy.children import Children
from reviewer.home.home import Home
from reviewer.leaving.leaving_files import file_ticks, leaving_files
from reviewer.linking.leaving_masks import LeavingMasks, MasksInTexts, note_look
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today


@dataclass(frozen=True, slots=True)
class LeavingPreview:
    """Tips of which something may leave, and whom ``hidden`` masks in them.

    ``texts`` are passages, fields or links, and ``ticks`` name each of these. Files are found here.
    """

    home: Home
    tips: Sequence[Submission]
    hidden: LeavingMasks
    ticks: Sequence[object]
    texts: Sequence[str] = field(repr=False)

    def code(self, shown: Iterable[int]) -> str:
        """The code of all texts and files, of all that is masked in them, and of those ``shown`` in words."""
        files = [each for one in self.tips for each in file_ticks(self.home, one)]
        return shown_code([*self.ticks, *files, self._masked({}).identities(), sorted(shown)])

    def begin(self, masks: Sequence[str], reasons: Mapping[int, str]) -> tuple[TextMask, MasksInTexts]:
        """The mask over all that is shown, and whose words it hides; each of the ``reasons`` is noted.

        Raises:
            ProgramError: one of the ``reasons`` is for no masked entity of these tips, or is empty.
        """
        masked = self._masked(reasons)
        masked.require(reasons)
        note_look(self.home, masked, today=today())
        return TextMask([*masks, *masked.words]), masked

    def _masked(self, reasons: Mapping[int, str]) -> MasksInTexts:
        names = [file.name for one in self.tips for file, _read in files_of(self.home, one)]
        return self.hidden.in_texts([*self.texts, *names], reasons=reasons, files=self.hidden.files)

    def show_tips(self, mask: TextMask, show_texts: Callable[[Submission, TextMask], None]) -> None:
        """Print each tip: its texts by ``show_texts``, then its files with the kinds of traces in them."""
        children = Children()
        for one in self.tips:
            output(f"tip {one.short_id}, arrived {one.day.isoformat() if one.day else 'unknown'}")
            show_texts(one, mask)
            for file in leaving_files(self.home, one, children=children, today=today()):
                name = plain_line(mask.within(file.file.name)) or "(no name)"
                output(f"  file {file.number}  {file.file.length_bytes:,} bytes  {name}")
                output(f"    traces: {file.words}")

    def end(self, act: str, masked: MasksInTexts, *, hint: str) -> None:
        """Log that this was shown, as ``act``, and print who is masked and how it is written."""
        self.home.casebook.log.add(act, " ".join(one.short_id for one in self.tips), today=today())
        for sentence in masked.sentences():
            notice("warning", sentence)
        notice("hint", hint)
        code = self.code(one.number for one in masked.unmasked)
        notice("hint", f"and --code {code}: nothing leaves if these numbers name anything else")
