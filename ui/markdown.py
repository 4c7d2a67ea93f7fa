"""Show text as text: the one edge where words of documents and people enter Markdown."""

import re
import unicodedata

# CommonMark lets a backslash stand before any ASCII punctuation and shows the bare character.
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# streamlit turns :name: into an emoji and -> into an arrow after the backslashes are gone;
# an invisible WORD JOINER inside keeps the characters that were written.
REWRITTEN = re.compile(r"(?<=:)(?=[\w+-]+:)|(?<=[<>~-])(?=[->=])")
JOINER = "\u2060"
# Line ends and tabs are white space to a reader; every other control character is nothing to read.
READABLE_CONTROLS = "\n\t"
# Cc: controls; Cs: lone surrogates; Co, Cn: no character assigned; the last nine reorder the text around them.
UNREADABLE = {"Cc", "Cs", "Co", "Cn"}
REORDERING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str) -> str:
    r"""Escape `text` so that Markdown shows it letter for letter, on one line.

    Example: "按*3%*" -> "按\\*3\\%\\*"
    """
    one_line = " ".join(text.split())
    return PUNCTUATION.sub(r"\\\1", REWRITTEN.sub(JOINER, one_line))


def readable(text: str) -> str:
    r"""Drop characters that cannot be read: controls, lone surrogates, text reordering.

    Example: "贴\x00息\r\n多少" -> "贴息\n多少"
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in READABLE_CONTROLS or not _unreadable(c)).strip()


def _unreadable(character: str) -> bool:
    return character in REORDERING or unicodedata.category(character) in UNREADABLE
