"""Tell what kind of file a policy came in: by its content first, by its name where the content leaves it open."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from index.errors import PolicyFileError


class Kind(StrEnum):
    """A kind of file that can be read, by the name that users know it by."""

    TEXT = "文本"
    HTML = "网页"
    DOCX = "Word（.docx）"
    OFFICE = "旧版 Word 或 WPS"
    OFD = "OFD"
    PDF = "PDF"
    IMAGE = "图片"


@dataclass(frozen=True, slots=True)
class Limit:
    """What reading one file may take."""

    size: int  # bytes of the file
    seconds: int  # of wall time, after which reading is broken off


# Text: the longest among 3,400 laws has 0.5 MiB; what is larger is a collection or no text, and would hold up every
# build. Pages of the web carry their pictures and scripts along. Documents: scans of 50 pages take 20 to 40 MiB.
# Time: a Word document of 400 pages takes 2 s, LibreOffice 4 s to start; ten times that on a busy machine. Character
# recognition takes seconds a page.
LIMITS = {
    Kind.TEXT: Limit(5 * 2**20, 60),
    Kind.HTML: Limit(20 * 2**20, 30),
    Kind.DOCX: Limit(50 * 2**20, 60),
    Kind.OFFICE: Limit(50 * 2**20, 120),
    Kind.OFD: Limit(50 * 2**20, 60),
    Kind.PDF: Limit(50 * 2**20, 600),
    Kind.IMAGE: Limit(50 * 2**20, 120),
}
SUFFIXES = {
    ".txt": Kind.TEXT, ".md": Kind.TEXT, ".html": Kind.HTML, ".htm": Kind.HTML, ".shtml": Kind.HTML,
    ".mht": Kind.HTML, ".mhtml": Kind.HTML,
    ".docx": Kind.DOCX, ".docm": Kind.DOCX, ".doc": Kind.OFFICE, ".wps": Kind.OFFICE, ".rtf": Kind.OFFICE,
    ".odt": Kind.OFFICE, ".ofd": Kind.OFD, ".pdf": Kind.PDF, ".png": Kind.IMAGE, ".jpg": Kind.IMAGE,
    ".jpeg": Kind.IMAGE, ".tif": Kind.IMAGE, ".tiff": Kind.IMAGE, ".bmp": Kind.IMAGE, ".webp": Kind.IMAGE,
}  # fmt: skip
# Of documents that cannot be read; in a folder of policies they are worth a word, what else lies there is not.
NOT_READ = {
    ".xls",
    ".xlsx",
    ".et",
    ".csv",
    ".ppt",
    ".pptx",
    ".dps",
    ".zip",
    ".rar",
    ".7z",
    ".gif",
    ".eml",
    ".caj",
    ".ceb",
}
HEAD = 2048  # bytes: in them stands what tells a kind, except within archives
_MAGIC = (
    (b"%PDF-", Kind.PDF),
    (b"{\\rtf", Kind.OFFICE),
    (b"\x89PNG\r\n\x1a\n", Kind.IMAGE),
    (b"\xff\xd8\xff", Kind.IMAGE),
    (b"II*\x00", Kind.IMAGE),
    (b"MM\x00*", Kind.IMAGE),
    (b"BM", Kind.IMAGE),  # only with its reserved bytes, see `_head_kind`
)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EMPTY_ZIP = b"PK\x05\x06"
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_SAVED_PAGE = re.compile(
    rb"\s*(?:From: <?Saved by|MIME-Version: 1\.0\s+Content-Type: multipart/related)", re.IGNORECASE
)
# Names within archives stand in them as they are; which of them tell the kind, the surest first.
_IN_ZIP = (
    (b"word/document", Kind.DOCX),
    (b"OFD.xml", Kind.OFD),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", Kind.OFFICE),
)
_OTHER_ZIP = ((b"xl/workbook", "Excel 表格"), (b"ppt/presentation", "演示文稿"))
_OTHER_OLE = (("EncryptedPackage", "加密的文档"), ("Workbook", "Excel 表格"), ("PowerPoint Document", "演示文稿"))
_OTHERS = ((b"Rar!", "压缩包"), (b"7z\xbc\xaf", "压缩包"), (b"\x1f\x8b", "压缩包"), (b"GIF8", "动图"))
_ADVICE = {
    "加密的文档": "请去掉密码再导入。",
    "Excel 表格": "请另存为 PDF，或把表格粘贴到 Word 里再导入。",
    "演示文稿": "请另存为 PDF 再导入。",
    "压缩包": "请解压后再导入里面的文件。",
    "动图": "请另存为 PNG 再导入。",
}


def expected(head: bytes, name: str) -> Kind:
    """Return the kind that the limits of a file go by, from its first bytes; archives by their name.

    :raises PolicyFileError: if files of that kind cannot be read.
    """
    for magic, what in _OTHERS:
        if head.startswith(magic):
            raise _refused(name, what)
    kind = _head_kind(head) or SUFFIXES.get(PurePath(name).suffix.lower(), Kind.TEXT)
    if head.startswith((_ZIP, _OLE)) and kind is Kind.TEXT:
        return Kind.DOCX
    return kind


def kind_of(data: bytes, name: str) -> Kind:
    """Return the kind of a whole file.

    :raises PolicyFileError: if files of that kind cannot be read.
    """
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return _in_zip(data, name)
    if data.startswith(_OLE):
        return _in_ole(data, name)
    told = _head_kind(data[:HEAD])
    if told:
        return told
    named = SUFFIXES.get(PurePath(name).suffix.lower(), Kind.TEXT)
    if named is Kind.PDF and b"%PDF-" in data[:HEAD]:  # some systems print lines of their own before it
        return Kind.PDF
    if named not in (Kind.TEXT, Kind.HTML) and b"\x00" in data:
        raise PolicyFileError(f"{name} 的内容不是 {named}，可能已损坏。请用原来的程序打开看看，另存后再导入。")
    return Kind.HTML if named is Kind.HTML else Kind.TEXT


def _head_kind(head: bytes) -> Kind | None:
    for magic, kind in _MAGIC:
        if head.startswith(magic) and (magic != b"BM" or head[6:10] == bytes(4)):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.IMAGE
    return Kind.HTML if _PAGE.match(head) or _SAVED_PAGE.match(head) else None


def _in_zip(data: bytes, name: str) -> Kind:
    for part, kind in _IN_ZIP:
        if part in data:
            return kind
    for part, what in _OTHER_ZIP:
        if part in data:
            raise _refused(name, what)
    raise _refused(name, "压缩包")


def _in_ole(data: bytes, name: str) -> Kind:
    for stream, what in _OTHER_OLE:
        if stream.encode("utf-16-le") in data:
            raise _refused(name, what)
    if "WordDocument".encode("utf-16-le") not in data:  # LibreOffice would read whatever it is as plain text
        raise PolicyFileError(f"{name} 的内容不是 Word 或 WPS 文档，可能已损坏。请用原来的程序打开看看，另存后再导入。")
    return Kind.OFFICE


def _refused(name: str, what: str) -> PolicyFileError:
    return PolicyFileError(f"{name} 是{what}，不能直接读。{_ADVICE[what]}")
