"""Tables as text, the same from every kind of file: a line a row, each cell after the header of its column."""

import re
from collections.abc import Sequence

from index.errors import PolicyFileError
from index.headings import parse_marker

_CLOSERS = "”’」』）)】》"
_ENDS = "。！？；…!?;"
_CLAUSE_ENDS = "。；;，,、"
_HEADER_CELL = 20  # characters: the heads of columns are short
_NO_HEADER = re.compile(r"[。；;！？!?]|\d{3}|[：:]\s*\S")  # what cells hold and heads of columns do not
_VALUE = re.compile(r"[^\u4e00-\u9fff]*|(?![\d（(]+[.、．）)]).{0,10}\d.{0,10}|有|无|是|否|不限|同上|另行规定")
_MAX_CELLS = 500_000  # the longest lists of enterprises have some 10,000
_SECTION = 30  # characters: what a section of a table is called; longer rows of one cell are notes
_LABELLED = re.compile(r"(?:备注|说明|注|附注)\d?\s*[：:]")
_PUNCTUATION = re.compile(r"[，。；,;]")
_HAN = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


def table_lines(grid: Sequence[Sequence[str]], headers: int | None = None) -> list[str]:
    """Return a table as lines of text; each stands alone, as every cell comes after the header of its column.

    Example: [["事项", "标准"], ["新建", "5000元"]] -> ["事项：新建，标准：5000元。"]

    :param grid: rows of equal length; a cell that is merged over several places stands in each of them.
    :param headers: how many rows are heads of columns, where the file says so.
    """
    rows = [row for row in ([_cell(cell) for cell in row] for row in grid) if any(row)]
    rows = _without_empty_columns(rows)
    if not rows:
        return []
    if len(rows[0]) == 1 or (len(rows) == 1 and _is_whole(rows[0])):  # a frame around text
        return [line for row in grid for line in _lines(row)]
    lines: list[str] = []
    while rows and _is_whole(rows[0]):  # the title of the table, printed in it
        lines.append(_note(rows.pop(0)[0]))
    count = _header_rows(rows) if headers is None else min(headers, len(rows))
    heads = _heads(rows[:count]) if count and count < len(rows) else []
    return lines + _body(rows[count:] if heads else rows, heads)


def _body(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> list[str]:
    """Return the rows under the heads; what a section of the table is called comes before each of its rows."""
    lines: list[str] = []
    told = [row for row in rows if not _is_whole(row)]
    if any(head and not any(row[place] for row in told) for place, head in enumerate(heads)):
        lines.append(_row(heads, []))  # a column to be filled in: its head stands nowhere else
    section, used = "", True
    for row in rows:
        if not _is_whole(row):
            lines.append(f"【{section}】{_row(row, heads)}" if section else _apart(_row(row, heads)))
            used = True
            continue
        if not used:
            lines.append(_note(section))
        is_section = len(row[0]) <= _SECTION and row[0][-1] not in _ENDS and not _LABELLED.match(row[0])
        section, used = (row[0], False) if is_section else ("", True)
        if not is_section:
            lines.append(_note(row[0]))
    return lines if used else [*lines, _note(section)]


def _note(text: str) -> str:
    """Return a row that one cell takes as a line of its own."""
    return _apart(_ended(text) if _PUNCTUATION.search(text) else text)


def _apart(line: str) -> str:
    """Return a line that no number begins: in a table it counts rows, and would be taken for that of a clause.

    Example: "一、人才类" -> "【一、】人才类"
    """
    marker = parse_marker(line)
    if marker is None:
        return line
    number = line[: len(line) - len(marker.rest)].rstrip()
    return f"【{number}】{marker.rest.lstrip()}"


def check_size(rows: int, columns: int, name: str) -> None:
    """Refuse a table that no policy holds, before it takes the memory.

    :raises PolicyFileError: naming the file.
    """
    if rows * columns > _MAX_CELLS:
        raise PolicyFileError(f"{name} 里有一个表格有 {rows * columns} 格，太大。请把它拆开，或只留政策正文。")


def _cell(text: str) -> str:
    """Return the paragraphs of a cell as one; wide characters need no space between them."""
    parts = [" ".join(part.split()) for part in text.split("\n") if part.strip()]
    joined = parts[0] if parts else ""
    for part in parts[1:]:
        apart = _HAN.match(joined[-1]) and _HAN.match(part[0])
        joined += part if apart else f" {part}"
    return joined


def _lines(row: Sequence[str]) -> list[str]:
    distinct = list(dict.fromkeys(row))
    return [" ".join(part.split()) for cell in distinct for part in cell.split("\n") if part.strip()]


def _without_empty_columns(rows: list[list[str]]) -> list[list[str]]:
    """Leave out columns that are empty, or repeat the one before in every row, as split cells of other rows do."""
    columns = list(zip(*rows, strict=True))
    kept = [i for i, column in enumerate(columns) if any(column) and (i == 0 or column != columns[i - 1])]
    return [[row[i] for i in kept] for row in rows]


def _is_whole(row: Sequence[str]) -> bool:
    """Say whether one cell takes the whole row: all are the same, and it is nothing that every column may have."""
    return bool(row[0]) and len(set(row)) == 1 and not (len(row) > 1 and _VALUE.fullmatch(row[0]))


def _header_rows(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows are heads of columns: two where the first has heads over several columns."""
    if not rows or len(rows) < 2 or not _is_header(rows[0]):
        return 0
    grouped = any(a == b for a, b in zip(rows[0], rows[0][1:], strict=False))
    below = grouped and len(rows) > 2 and _is_header(rows[1])
    carried = below and any(a == b for a, b in zip(rows[0], rows[1], strict=True))
    return 2 if carried or (below and len(set(rows[1])) == len(rows[1])) else 1


def _is_header(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    short = all(len(cell) <= _HEADER_CELL and not _NO_HEADER.search(cell) for cell in filled)
    return short and len(filled) >= max(2, len(row) - 1)


def _heads(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the head of each column; under a head over several columns both are read."""
    return [" ".join(dict.fromkeys(filter(None, column))).rstrip("：:") for column in zip(*rows, strict=True)]


# A comma between the cells: a row is one sentence, so that a quotation never has a figure without what it is for.
def _row(row: Sequence[str], heads: Sequence[str]) -> str:
    parts: list[str] = []
    for place, cell in enumerate(row):
        if not cell or (not heads and place and cell == row[place - 1]):
            continue
        head = heads[place] if heads else ""
        if not heads and parts and parts[-1].endswith(("：", ":")):  # a label and its value
            parts[-1] = f"{parts[-1][:-1]}：{cell}"
        else:
            parts.append(f"{head}：{cell}" if head else cell)
    if not heads and len(parts) == 2 and _is_label(parts[0]) and "：" not in parts[1][:_HEADER_CELL]:
        return _ended(f"{parts[0]}：{parts[1]}")
    return _ended("，".join([part.rstrip(_CLAUSE_ENDS) for part in parts[:-1]] + parts[-1:]))


def _is_label(text: str) -> bool:
    return len(text) <= _HEADER_CELL and "：" not in text and text[-1] not in _CLAUSE_ENDS


def _ended(text: str) -> str:
    """Return a row with the end of a sentence, so that the next row is not taken for its continuation."""
    return text if text.rstrip(_CLOSERS)[-1:] in _ENDS else text.rstrip("，,、") + "。"
