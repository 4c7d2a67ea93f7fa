"""Read whose document a policy is and where it holds, from the name of its issuer or from its title."""

import re
from functools import lru_cache

from index.gazetteer import Place, places
from index.lexicon import fold

COUNTRY = "全国"
LEVELS = ("国家", "省", "市", "区县", "园区")
_NATIONAL = re.compile(
    r"中华人民共和国|全国(?:人民代表大会|人大|政协)|国务院|最高人民(?:法院|检察院)|中共中央|中央|国家[\u4e00-\u9fff]{2,}"
    r"|(?:财政|教育|科学技术|科技|公安|民政|司法|自然资源|生态环境|商务|交通运输|水利|文化和旅游|农业农村|应急管理"
    r"|人力资源(?:和)?社会保障|住房(?:和)?城乡建设|工业和信息化)部|中国人民(?:银行|解放军|政治协商)|海关总署|审计署"
)
_MINISTRY = re.compile(r"[\u4e00-\u9fff]{2,10}部(?:$|、|关于)")  # others than those above, with no place before them
_PARK = re.compile(
    r"(?:园区?|开发区|高新区|新城|试验区|保税港?区|功能区|集聚区|示范区|合作区|自贸区|港区)[\u4e00-\u9fff]{0,6}(?:委员会|管委会|管理局|办公室)"
)
_UNIT = re.compile(r"(?:省|自治区|特别行政区|市|自治州|地区|盟|新区|区|自治县|县|旗)$")
_NO_UNIT = re.compile(r"(?:示范区|试验区|实验区|开发区|高新区|保税港?区|园区|功能区|集聚区|合作区|自贸区|特区)$")
# A place that the gazetteer does not have: its name and the unit that it is.
_UNKNOWN = re.compile(r"[\u4e00-\u9fff]{2,4}?(?:自治区|自治州|自治县|省|市|区|县|州|盟|旗)")
_NO_PLACE = re.compile(r"(?:[城集门]市|(?:[地园社小灾景山库辖校牧军特]|开发|保税|自贸|高新|示范|试验|历史文化街)区)$")
_FREE_TRADE = re.compile(r"中国\(([\u4e00-\u9fff]{2,4})\)")  # 中国（上海）自由贸易试验区
_LONGEST = 12  # characters of a place's full name; 克孜勒苏柯尔克孜自治州 has 11


def region_of(name: str) -> tuple[str, str]:
    """Return the region that an authority's name or a title begins with, and its level; "" where there is none.

    Example: "浦东新区人民政府办公室" -> ("上海市浦东新区", "区县")
    """
    name = _FREE_TRADE.sub(r"\1", fold(name).removeprefix("中共"))
    if _NATIONAL.match(name):
        return COUNTRY, "国家"
    chain, level = _chain(name)
    if not chain and _MINISTRY.match(name):
        return COUNTRY, "国家"
    return "".join(chain), "园区" if _PARK.search(name) else level


def _chain(name: str) -> tuple[tuple[str, ...], str]:
    """Return the regions that stand one after another at the start of a name, widest first, and the last one's level."""
    chain: tuple[str, ...] = ()
    level, start = "", 0
    while found := _next(name, start, chain):
        place, start = found
        full = place.names[0]
        inside = tuple(region for region in place.regions if region != COUNTRY)
        chain = (*(chain or inside), full) if full not in chain else chain
        level = _level(full, inside, place.among)
    return chain, level


def _next(name: str, start: int, chain: tuple[str, ...]) -> tuple[Place, int] | None:
    """Return the place that a name goes on with at `start`, and where it ends."""
    for length in range(min(_LONGEST, len(name) - start), 1, -1):
        place = _administrative().get(name[start : start + length])
        written_out = place and place.names[0] == name[start : start + length]
        # A short name (上海, 静安) counts at the start only: further on it may be part of a word.
        if place and (written_out or not chain) and (not chain or chain[-1] in (*place.regions, *chain)):
            return place, start + length
    unknown = _UNKNOWN.match(name, start)
    if unknown and not _NO_PLACE.search(unknown.group()) and (not chain or _UNIT.search(chain[-1]) and _is_organ(name)):
        return Place((unknown.group(),), chain), unknown.end()
    return None


def _is_organ(name: str) -> bool:
    return re.search(r"(?:政府|委员会|办公室|[局厅委会院])$", name) is not None


def _level(full: str, inside: tuple[str, ...], among: str) -> str:
    if re.search(r"(?:省|[^市]自治区|特别行政区)$", full):
        return "省"
    if re.search(r"(?:区|县|旗)$", full) and not full.endswith("地区"):
        return "区县"
    return "区县" if "区县" in among or len(inside) > 1 else "市"


@lru_cache(maxsize=1)
def _administrative() -> dict[str, Place]:
    """Return name -> place of the gazetteer's provinces, cities, districts and counties."""
    return {
        name: place
        for name, place in places().items()
        if _UNIT.search(place.names[0]) and not _NO_UNIT.search(place.names[0])
    }
