"""Office documents: LibreOffice inside the sandbox makes a PDF, which is looked at as such.

Macros, active content and links are off in the settings that it finds; the sandbox does not rely on that.
"""

import re
from pathlib import Path
from typing import Final

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.viewers.look_kind import LIBREOFFICE
from reviewer.viewers.sandbox import FILE, SCRATCH, Inside
from reviewer.viewers.viewing import output

_PROFILE: Final = f"{SCRATCH}/profile"
_SETTINGS: Final = {
    "Setup/Office": ("ooSetupInstCompleted", "true"),
    "Office.Common/Security/Scripting": ("DisableMacrosExecution", "true"),
    "Office.Common/Security/Scripting/": ("DisableActiveContent", "true"),
    "Office.Writer/Content/Update": ("Link", "0"),
    "Office.Calc/Content/Update": ("Link", "1"),
}
_BUILD: Final = re.compile(r"^buildid=(.+)$", re.MULTILINE)


def office_pdf(file: MemoryFile, *, children: Children) -> MemoryFile:
    """A PDF of the document; the caller closes it, and passes it to the viewer of PDF only.

    Raises:
        CannotLook, ProgramError, CutShort: as :func:`reviewer.viewers.viewing.output`.
    """
    command = [
        *(LIBREOFFICE.program, "--headless", "--nologo", "--norestore", "--nolockcheck", "--nodefault"),
        *(f"-env:UserInstallation=file://{_PROFILE}", "--convert-to", "pdf", "--outdir", SCRATCH, FILE),
    ]
    inside = Inside(files=_profile(), as_output=f"{SCRATCH}/file.pdf", has_own_pipe=True)
    return output(command, LIBREOFFICE, file, children=children, inside=inside)


def _profile() -> dict[str, bytes]:
    """The settings; with the build id LibreOffice does not start twice, as it does with a new profile."""
    items = "".join(
        f'<item oor:path="/org.openoffice.{path.rstrip("/")}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, (name, value) in _SETTINGS.items()
    )
    settings = (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry"'
        f' xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>'
    )
    return {
        f"{_PROFILE}/user/registrymodifications.xcu": settings.encode("ascii"),
        f"{_PROFILE}/user/extensions/buildid": _build_id().encode("ascii", "replace"),
    }


def _build_id() -> str:
    try:
        found = _BUILD.search((Path(LIBREOFFICE.program).parent / "versionrc").read_text(encoding="utf-8"))
    except OSError:
        return ""
    return found[1] if found else ""
