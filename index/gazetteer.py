"""Known places, their other names, and where they lie."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.lexicon import fold
from index.settings import ROOT

GAZETTEER = ROOT / "data" / "dictionary" / "places.txt"


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the gazetteer, folded."""

    names: tuple[str, ...]  # the full name first
    regions: tuple[str, ...]  # that it lies in, widest first
    among: str = ""  # what stands under the same heading: 地级市, 区县与园区


@lru_cache(maxsize=1)
def places(path: Path = GAZETTEER) -> dict[str, Place]:
    """Return name -> place; `# 上海市/浦东新区 · 街镇` says where the lines below it lie."""
    found: dict[str, Place] = {}
    regions, among = (), ""
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        if line.startswith("#"):
            where, _, among = line[1:].partition(" · ")
            regions = tuple(fold(part) for part in where.split("/"))
        elif line.strip():
            names = dict.fromkeys(fold(name) for name in line.split("\t") if name.strip())
            place = Place(tuple(names), regions, among.strip())
            for name in place.names:
                found.setdefault(name, place)
    return found
