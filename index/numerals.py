"""Chinese numerals as numbers, and back."""

_DIGITS = {
    "〇": 0, "零": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NAMES = "零一二三四五六七八九"

CHINESE = "〇零○一二两三四五六七八九十百千"


def to_int(numeral: str) -> int:
    """Read a numeral in Arabic digits (either width) or in Chinese, with or without 十百千.

    Example: "一百二十三" -> 123, "二〇二五" -> 2025, "１２" -> 12

    :raises ValueError: anything else.
    """
    compact = "".join(numeral.split())
    if compact.isdecimal():
        return int(compact)
    if compact and all(sign in _DIGITS for sign in compact):
        return int("".join(str(_DIGITS[sign]) for sign in compact))
    total, digit = 0, 0
    for sign in compact:
        if sign in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[sign], 0
        elif sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            raise ValueError(f"不是数字：{numeral!r}")
    if not compact:
        raise ValueError("不是数字：空字符串")
    return total + digit


def to_chinese(number: int) -> str:
    """Write 1 to 9999 as a document numbers its articles.

    Example: 12 -> "十二", 105 -> "一百零五"
    """
    if not 1 <= number <= 9999:
        raise ValueError(f"只写 1 到 9999：{number}")
    written, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            written += ("零" if gap and written else "") + _NAMES[digit] + name
        gap = digit == 0
    return written[1:] if written.startswith("一十") else written
