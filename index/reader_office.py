"""Read older Word, WPS, RTF and OpenDocument files, by way of LibreOffice where it is installed."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from index import reader_docx
from index.errors import PolicyFileError
from index.types import Extract

_MAC = "/Applications/LibreOffice.app/Contents/MacOS/soffice"
# By content: WPS writes .doc as .wps. (What it begins with, suffix, filter); left to find the filter by itself,
# LibreOffice takes what is damaged for plain text.
_FORMATS = (
    (b"\xd0\xcf\x11\xe0", ".doc", "MS Word 97"),
    (b"{\\rtf", ".rtf", "Rich Text Format"),
    (b"PK", ".odt", "writer8"),
)
# No macros, and no pictures or documents that a file links to.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""


def read(data: bytes, name: str) -> Extract:
    """Convert a document to .docx and read that; time is limited by whoever runs this process.

    :raises PolicyFileError: if LibreOffice is not there, or cannot open the document.
    """
    office = shutil.which("soffice") or shutil.which("libreoffice") or (_MAC if Path(_MAC).is_file() else None)
    if office is None:
        raise PolicyFileError(
            f"{name} 是旧版 Word 或 WPS 文档，要用 LibreOffice 读，本机没有安装。"
            "请用 Word 或 WPS 另存为 .docx 再导入，或安装 LibreOffice（libreoffice-writer）。"
        )
    profile = _profile()
    with tempfile.TemporaryDirectory() as folder:
        suffix, form = next((suffix, form) for magic, suffix, form in _FORMATS if data.startswith(magic))
        source = Path(folder, f"document{suffix}")
        source.write_bytes(data)
        command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", f"--infilter={form}",
                   "--convert-to", "docx:MS Word 2007 XML", "--outdir", f"{folder}/out", str(source)]  # fmt: skip
        subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True)
        converted = Path(folder, "out", "document.docx")
        if not converted.is_file():
            raise PolicyFileError(
                f"{name} 用 LibreOffice 打不开，可能有密码或已损坏。请用 Word 或 WPS 另存为 .docx 再导入。"
            )
        return reader_docx.read(converted.read_bytes(), name)


def _profile() -> Path:
    """Return the profile of this process, kept from one document to the next: a new one takes seconds."""
    profile = Path(tempfile.gettempdir(), "office")
    settings = profile / "user" / "registrymodifications.xcu"
    if not settings.is_file():
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(_PROFILE, encoding="utf-8")
    return profile
