"""Files sealed by their source, shown to staff: JSON for programs, harmless lines for a terminal."""

from crypto.primitives.canonical_json import Json
from reviewer.casebook.arrival import StoredFile
from reviewer.casebook.sealed_files import SealedFile
from reviewer.casebook.submission import Submission
from reviewer.terminal.plain_text import plain_line, plain_lines

_MESSAGE = "text"


def file_json(file: StoredFile) -> dict[str, Json]:
    """One file as JSON, without its bytes."""
    return {
        "name": file.name,
        "media_type": file.media_type,
        "bytes": file.length_bytes,
        "sha256": file.sha256.hex(),
    }


def sealed_json(sealed: SealedFile | None) -> Json:
    """The content as JSON; null for a file that was not sealed."""
    if sealed is None:
        return None
    return {
        "outcome": sealed.outcome,
        "quarter": str(sealed.quarter) if sealed.quarter else None,
        "sealed_on": sealed.day.isoformat() if sealed.day else None,
        "missing_quarters": [str(quarter) for quarter in sealed.missing],
        "fields": [{"name": one.name, "value": one.value} for one in sealed.fields],
        "files": [file_json(file) for file in sealed.files],
    }


def file_lines(file: StoredFile, *, indent: str = "  ") -> list[str]:
    """Name, size, said type and digest."""
    return [
        f"{indent}{plain_line(file.name) or '(no name)'}",
        f"{indent}  {file.length_bytes:,} bytes, said to be {plain_line(file.media_type) or 'nothing'}",
        f"{indent}  sha256 {file.sha256.hex()}",
    ]


def sealed_lines(submission: Submission, sealed: SealedFile) -> list[str]:
    """Below the lines of the file itself."""
    if not sealed.is_open:
        return [f"    {line}" for line in _unopened_lines(submission, sealed)]
    dated = f" on {sealed.day.isoformat()}, by the clock there" if sealed.day else ""
    lines = [f"    sealed by the source{dated}; opened with the key of {sealed.quarter}; inside:"]
    for one in sealed.fields:
        lines.append(f"      {'message' if one.name == _MESSAGE else plain_line(one.name)}:")
        lines += [f"      {line}" for line in plain_lines(one.value)]
    for file in sealed.files:
        lines += file_lines(file, indent="      ")
    return lines


def _unopened_lines(submission: Submission, sealed: SealedFile) -> list[str]:
    lines = [f"SEALED BY THE SOURCE, NOT OPENED ({sealed.outcome}); kept as it came, and save writes it"]
    if sealed.missing:
        quarters = ", ".join(map(str, sealed.missing))
        lines.append(f"no key of {quarters} is here: retired, or from before this reviewer came")
    if submission.mailbox_bytes is None:
        lines.append("the source wants no answer, so it cannot be told")
    else:
        lines.append(f"tell the source: tipline-review reply HOME {submission.short_id} --could-not-open")
    return lines
