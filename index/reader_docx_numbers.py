"""The numbers that Word prints before paragraphs and does not store: counted again as Word counts them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from index.numerals import to_chinese
from index.reader_package import attribute, integer, local, value_of

LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_TIGHT = tuple("、）)】]。")  # marks after which no space is printed
_MOST = 9999  # the largest number that is written in words; forged files start where they like
_LEGAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
          (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"


def _letters(number: int) -> str:
    """Return A … Z, AA, BB …, as Word counts on."""
    times, place = divmod(number - 1, 26)
    return chr(ord("A") + place) * (times + 1 if times < 9 else 1)


def _roman(number: int) -> str:
    written = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        written += sign * times
    return written


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)]


def _circled(number: int) -> str:
    return chr(ord("①") + number - 1) if number <= 20 else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "japaneseDigitalTenThousand",
         "taiwaneseCounting", "taiwaneseCountingThousand", "koreanCounting"), to_chinese),
    "ideographDigital": lambda number: str(number).translate(_DIGITS),
    "taiwaneseDigital": lambda number: str(number).translate(_DIGITS),
    **dict.fromkeys(("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"),
                    lambda number: to_chinese(number).translate(_LEGAL)),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _circled),
    **dict.fromkeys(("decimalFullWidth", "decimalFullWidth2"), lambda number: str(number).translate(_WIDE)),
    "decimalZero": lambda number: f"{number:02d}",
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda number: _letters(number).lower(),
}  # fmt: skip
_UNPRINTED = {"bullet", "none"}


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None  # the level (from 1) after which it begins anew; 0 for never
    legal: bool = False  # all numbers of it in Arabic digits
    style: str = ""  # id of the paragraph style that it belongs to


@dataclass(slots=True)
class Numbers:
    """The lists of a document, and how far each has counted."""

    lists: dict[str, str] = field(default_factory=dict)  # list -> its definition
    starts: dict[tuple[str, int], int] = field(default_factory=dict)  # where a list begins a level anew
    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)  # by definition
    own: dict[tuple[str, int], _Level] = field(default_factory=dict)  # levels that a list defines otherwise
    links: dict[str, str] = field(default_factory=dict)  # definition -> the style that defines it instead
    counted: dict[str, list[int | None]] = field(default_factory=dict)  # by definition
    begun: set[tuple[str, int]] = field(default_factory=set)

    def follow_links(self, of_styles: dict[str, str]) -> None:
        """Let lists whose definition only names a style take that of the style's list."""
        for key, definition in self.lists.items():
            style = self.links.get(definition)
            if style is not None:
                self.lists[key] = self.lists.get(of_styles.get(style, ""), definition)

    def level_of_style(self, number: str, style: str) -> int:
        """Return the level of a list that belongs to a paragraph style, 0 where none does."""
        levels = self.levels.get(self.lists.get(number, ""), {})
        return next((depth for depth, level in levels.items() if level.style == style), 0)

    def next(self, number: str, depth: int) -> str:
        """Count one paragraph of a list at a level (from 0); return what is printed before it.

        Example: "%1、" counted twice in Chinese -> "二、"
        """
        definition = self.lists.get(number)
        if definition is None or not 0 <= depth < LEVELS:
            return ""
        level = self._level(number, definition, depth)
        counts = self.counted.setdefault(definition, [None] * LEVELS)
        if (number, depth) in self.starts and (number, depth) not in self.begun:
            counts[depth] = self.starts[number, depth]
        else:
            counts[depth] = level.start if counts[depth] is None else counts[depth] + 1
        self.begun.add((number, depth))
        for below in range(depth + 1, LEVELS):
            restart = self._level(number, definition, below).restart
            if restart is None or 0 < depth + 1 <= restart:
                counts[below] = None
        return self._printed(number, definition, depth, level)

    def _level(self, number: str, definition: str, depth: int) -> _Level:
        return self.own.get((number, depth)) or self.levels.get(definition, {}).get(depth, _Level())

    def _printed(self, number: str, definition: str, depth: int, level: _Level) -> str:
        if level.form in _UNPRINTED:
            return ""

        def write(place: re.Match[str]) -> str:
            above = int(place[1]) - 1
            shown = self._level(number, definition, above)
            count = self.counted[definition][above]
            return _written(shown.start if count is None else count, "decimal" if level.legal else shown.form)

        text = _PLACE.sub(write, level.text)
        apart = text and level.suffix != "nothing" and not text.endswith(_TIGHT)
        return f"{text} " if apart and not text[-1].isspace() else text


def read_numbers(root: etree._Element) -> Numbers:
    """Read the definitions of lists in numbering.xml."""
    numbers = Numbers()
    for element in root:
        if local(element) == "abstractNum":
            key = attribute(element, "abstractNumId")
            numbers.levels[key] = dict(_read_level(child) for child in element if local(child) == "lvl")
            if link := value_of(element, "numStyleLink"):
                numbers.links[key] = link
        elif local(element) == "num":
            _read_list(element, numbers)
    return numbers


def _read_list(element: etree._Element, numbers: Numbers) -> None:
    key = attribute(element, "numId")
    numbers.lists[key] = value_of(element, "abstractNumId")
    for child in element:
        if local(child) != "lvlOverride":
            continue
        depth = integer(attribute(child, "ilvl"), 0)
        for part in child:
            if local(part) == "startOverride":
                numbers.starts[key, depth] = integer(attribute(part, "val"), 1)
            elif local(part) == "lvl":
                numbers.own[key, depth] = _read_level(part)[1]


def _read_level(element: etree._Element) -> tuple[int, _Level]:
    restart, legal = value_of(element, "lvlRestart"), any(local(child) == "isLgl" for child in element)
    return integer(attribute(element, "ilvl"), 0), _Level(
        start=integer(value_of(element, "start"), 1),
        form=_form(element),
        text=value_of(element, "lvlText"),
        suffix=value_of(element, "suff") or "tab",
        restart=integer(restart, 0) if restart else None,
        legal=legal,
        style=value_of(element, "pStyle"),
    )


def _form(element: etree._Element) -> str:
    """Return the format of a level; newer ones stand in alternatives that older readers pass over."""
    found = next((child for child in element.iter() if local(child) == "numFmt"), None)
    return attribute(found, "val") if found is not None else "decimal"


def _written(count: int, form: str) -> str:
    write = _FORMATS.get(form)
    return write(count) if write and 1 <= count <= _MOST else str(count)
