"""What the styles of a Word document say of its paragraphs: which list they are numbered by, whether they are hidden."""

from dataclasses import dataclass

from lxml import etree

from index.reader_docx_numbers import Numbers
from index.reader_package import attribute, integer, local, value_of

_CHAIN = 16  # styles that are based on one another; forged files make rings
_OFF = {"0", "false", "off"}


@dataclass(frozen=True, slots=True)
class Style:
    """A style of paragraphs or characters."""

    name: str
    based_on: str
    number: str  # id of the list, "" for none of its own, "0" for none at all
    depth: int | None  # its level in that list, from 0
    hidden: bool | None  # None: as the style that it is based on


class Styles:
    """The styles of a document by id."""

    def __init__(self, root: etree._Element | None) -> None:
        elements = [e for e in root if local(e) == "style"] if root is not None else []
        self._styles = {attribute(e, "styleId"): _read(e) for e in elements}
        defaults = (
            e
            for e in elements
            if attribute(e, "type") == "paragraph" and attribute(e, "default") in {"1", "true", "on"}
        )
        self._default = next((attribute(e, "styleId") for e in defaults), "")

    def lists(self) -> dict[str, str]:
        """Return the list of each style that has one of its own."""
        return {key: style.number for key, style in self._styles.items() if style.number}

    def is_hidden(self, style: str) -> bool:
        """Say whether text of a style is hidden."""
        return next((s.hidden for _, s in self._chain(style) if s.hidden is not None), False)

    def is_contents(self, style: str) -> bool:
        """Say whether a style is that of a generated table of contents (toc 1 to toc 9)."""
        return any(s.name.lower().startswith("toc ") for _, s in self._chain(style))

    def numbering(self, properties: etree._Element | None, numbers: Numbers) -> tuple[str, int]:
        """Return the list of a paragraph ("" for none) and its level, by its own properties or by its style."""
        own = find(properties, "numPr")
        number, depth = (value_of(own, "numId"), value_of(own, "ilvl")) if own is not None else ("", "")
        if number:
            return ("", 0) if number == "0" else (number, integer(depth, 0))
        style = value_of(properties, "pStyle") if properties is not None else ""
        for key, known in self._chain(style or self._default):
            if known.number:
                level = known.depth if known.depth is not None else numbers.level_of_style(known.number, key)
                return ("", 0) if known.number == "0" else (known.number, integer(depth, level))
        return "", 0

    def _chain(self, key: str) -> list[tuple[str, Style]]:
        chain: list[tuple[str, Style]] = []
        while key in self._styles and len(chain) < _CHAIN:
            chain.append((key, self._styles[key]))
            key = self._styles[key].based_on
        return chain


def find(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Return the child of a child … by names, None where there is none."""
    for name in path:
        if element is None:
            return None
        element = next((child for child in element if local(child) == name), None)
    return element


def switched(properties: etree._Element | None, name: str) -> bool | None:
    """Return whether a property is on or off, None where it is not said."""
    found = find(properties, name)
    return None if found is None else attribute(found, "val") not in _OFF


def _read(element: etree._Element) -> Style:
    own = find(element, "pPr", "numPr")
    depth = value_of(own, "ilvl") if own is not None else ""
    return Style(
        name=value_of(element, "name"),
        based_on=value_of(element, "basedOn"),
        number=value_of(own, "numId") if own is not None else "",
        depth=integer(depth, 0) if depth else None,
        hidden=switched(find(element, "rPr"), "vanish"),
    )
