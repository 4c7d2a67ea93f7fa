"""Archives of XML parts (.docx, .ofd), opened within limits and never unpacked to disk."""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO

from lxml import etree

from index.errors import PolicyFileError

# A Word document of 400 pages unpacks to 30 MiB of XML; pictures, which are not read, hardly shrink in an archive.
_MAX_PARTS = 20_000
_MAX_TOTAL = 512 * 2**20  # bytes of all parts
_MAX_PART = 96 * 2**20  # bytes of one part of XML, which takes about ten times that as a tree
_MAX_RATIO = 400  # unpacked to packed size of a part beyond 1 MiB: tables of blanks reach 100, bombs 1000
_RATIO_COUNTS = 2**20
_ENCRYPTED = 0x1  # flag of a part

# Entities stay unexpanded, nothing is fetched, and lxml keeps its own limits on depth (256) and length (10 MB a text).
_PARSER = {"resolve_entities": False, "no_network": True, "load_dtd": False, "dtd_validation": False,
           "huge_tree": False, "remove_comments": True, "remove_pis": True}  # fmt: skip
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError)


class Package:
    """The parts of an archive by name."""

    def __init__(self, data: bytes, name: str) -> None:
        """Open an archive.

        :param name: of the file, for messages.
        :raises PolicyFileError: if it is damaged, encrypted, or unpacks to more than a document can hold.
        """
        self._name = name
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
            parts = self._archive.infolist()
        except _BROKEN as error:
            raise self.damaged("压缩包不完整") from error
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise PolicyFileError(f"{name} 是加密的文档，不能直接读。请去掉密码再导入。")
        total = sum(part.file_size for part in parts)
        if len(parts) > _MAX_PARTS or total > _MAX_TOTAL or any(map(_is_bomb, parts)):
            raise PolicyFileError(
                f"{name} 展开后有 {len(parts)} 个部件、{total / 2**20:.0f} MiB，不像一份政策。请用原来的程序另存后再导入。"
            )
        self._parts = {part.filename.lstrip("/"): part for part in parts}

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    def names(self) -> Iterable[str]:
        """Return the names of the parts."""
        return self._parts

    def xml(self, part: str) -> etree._Element:
        """Return the root of a part.

        :raises PolicyFileError: if it is missing or no XML, or declares entities.
        """
        if part not in self._parts:
            raise self.damaged(f"缺少 {part}")
        if self._parts[part].file_size > _MAX_PART:
            raise PolicyFileError(
                f"{self._name} 的正文有 {self._parts[part].file_size / 2**20:.0f} MiB，太大。请拆成几份。"
            )
        try:
            root = etree.fromstring(self._archive.read(self._parts[part]), etree.XMLParser(**_PARSER))
        except (*_BROKEN, etree.XMLSyntaxError) as error:
            raise self.damaged(f"{part} 读不通") from error
        if root.getroottree().docinfo.doctype:  # none of these formats has one; it is where entities are declared
            raise PolicyFileError(f"{self._name} 里有文档不该有的声明（DOCTYPE），没有读。请用原来的程序另存后再导入。")
        return root

    def damaged(self, reason: str) -> PolicyFileError:
        """Return the error of an archive that cannot be read."""
        return PolicyFileError(f"{self._name} 已损坏或不完整（{reason[:80]}）。请用原来的程序打开看看，另存后再导入。")


def resolve(base: str, target: str) -> str:
    """Return the name of a part that another part refers to; nothing outside the archive is ever meant.

    Example: "Doc_0/Document.xml", "Pages/Page_0/Content.xml" -> "Doc_0/Pages/Page_0/Content.xml"
    """
    joined = target if target.startswith("/") else posixpath.join(posixpath.dirname(base), target)
    return posixpath.normpath(joined).lstrip("/")


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def value_of(element: etree._Element, name: str) -> str:
    """Return the value of a child, "" where there is none."""
    child = next((child for child in element if local(child) == name), None)
    return attribute(child, "val") if child is not None else ""


def attribute(element: etree._Element, name: str) -> str:
    """Return an attribute of any namespace, "" where there is none."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def integer(text: str, default: int) -> int:
    """Return a number, or a default where the text is none or is absurd."""
    return int(text) if re.fullmatch(r"\d{1,6}", text) else default


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _RATIO_COUNTS and part.file_size > _MAX_RATIO * max(part.compress_size, 1)
