"""The hand-written dictionaries: every line parses, nothing stands twice, everyday words stay out."""

import re
from pathlib import Path

import pytest

DICTIONARY = Path(__file__).resolve().parents[1] / "data" / "dictionary"
# Promised in the plan for these files: entries, not names.
MIN_PLACES, MIN_TERMS = 1800, 900
# Values of a heading's first part that are no entries themselves.
WHOLE = {"全国", "世界"}
# Prefecture-level units of a province, as the Ministry of Civil Affairs counts them.
PREFECTURES = {"江苏省": 13, "浙江省": 11, "安徽省": 16, "广东省": 21, "四川省": 21, "山东省": 16, "云南省": 16}
# Sentences that name no place, though the characters of one stand in a row.
NO_PLACE = [
    "沿海地区的企业怎么申报",
    "合同里约定的交付日期",
    "从化学品生产到推广安全生产",
    "面临安全风险时公开罗列材料",
    "适应城市更新，提高安全投入",
    "重新界定道路环境",
    "老人优惠安置和住房增加纳税",
    "大同小异的开封日期，和平解决",
    "来宾在会场中心上门登记，长大以后上市",
    "商标走国际注册，亚太总部落在哪里",
    "开在中环边上的凤凰品牌",
]
NAMED = [
    ("昆山的公司能不能申请", "昆山"),
    ("搬到临港新片区有奖励吗", "临港新片区"),
    ("公司在苏州工业园区", "苏州工业园区"),
    ("我在模速空间创业", "模速空间"),
    ("香港数码港的补助", "香港数码港"),
    ("新加坡总部", "新加坡"),
]


def groups(name: str) -> dict[str, list[list[str]]]:
    """Return the rows under each heading, split at tabs; a file's opening comment holds none."""
    rows: dict[str, list[list[str]]] = {}
    heading = ""
    for line in (DICTIONARY / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            heading = line[2:]
        elif line:
            rows.setdefault(heading, []).append(line.split("\t"))
    return rows


PLACES = groups("places.txt")
ENGLISH = groups("english.tsv")
PLACE_ROWS = [row for rows in PLACES.values() for row in rows]
TERM_ROWS = [row for rows in ENGLISH.values() for row in rows]
NAMES = re.compile("|".join(sorted((re.escape(n) for row in PLACE_ROWS for n in row), key=len, reverse=True)))


@pytest.mark.parametrize("name", ["places.txt", "english.tsv", "terms.txt"])
def test_files_are_clean_text(name: str) -> None:
    data = (DICTIONARY / name).read_bytes()
    assert data.endswith(b"\n") and b"\r" not in data and not data.startswith(b"\xef\xbb\xbf")
    assert all(line == line.strip() for line in data.decode("utf-8").splitlines())


def test_places_parse() -> None:
    assert len(PLACE_ROWS) >= MIN_PLACES
    for row in PLACE_ROWS:
        assert re.search(r"[一-鿿]", row[0]), row
        assert all(name == name.strip() and len(name) > 1 for name in row), row
        assert not any(re.search(r"[\s;,/=]", name) for name in row if re.search(r"[一-鿿]", name)), row


def test_no_place_name_stands_twice() -> None:
    names = [name.casefold() for row in PLACE_ROWS for name in row]
    assert sorted(names) == sorted(set(names))


def test_headings_say_where() -> None:
    canonical = {row[0] for row in PLACE_ROWS}
    for heading in PLACES:
        where, _, what = heading.partition(" · ")
        assert what, heading
        assert where in WHOLE or set(where.split("/")) <= canonical, heading


def test_places_cover_the_divisions() -> None:
    assert len(PLACES["全国 · 省级行政区"]) == 34
    assert len(PLACES["上海市 · 区"]) == 16 + 4  # 浦西 and three former districts people still name
    for province, count in PREFECTURES.items():
        heading = next(h for h in PLACES if h.startswith(f"{province} · 地级市"))
        assert sum(row[0].endswith(("市", "州")) for row in PLACES[heading]) == count, province


@pytest.mark.parametrize("sentence", NO_PLACE)
def test_everyday_words_name_no_place(sentence: str) -> None:
    assert NAMES.findall(sentence) == []


@pytest.mark.parametrize(("question", "name"), NAMED)
def test_places_are_found_whole(question: str, name: str) -> None:
    assert NAMES.findall(question) == [name]


def test_english_parses() -> None:
    assert len(TERM_ROWS) >= MIN_TERMS
    for row in TERM_ROWS:
        assert len(row) == 2, row
        term, chinese = row
        assert re.fullmatch(r"[a-z0-9][a-z0-9&'.-]*( [a-z0-9&'.-]+)*", term), row
        words = chinese.split(" ")
        assert all(words) and len(words) == len(set(words)), row
        assert re.search(r"[一-鿿]", chinese) and not re.search(r"[，、；;,]", chinese), row


def test_no_english_term_stands_twice() -> None:
    terms = [row[0].replace("-", " ") for row in TERM_ROWS]  # a hyphen reads as a space
    assert sorted(terms) == sorted(set(terms))


def test_many_word_terms_come_first() -> None:
    for theme, rows in ENGLISH.items():
        single = [" " not in row[0] for row in rows]
        assert single == sorted(single), theme


def test_english_leaves_out_what_only_adds_noise() -> None:
    terms = {row[0] for row in TERM_ROWS}
    assert not terms & {"the", "a", "it", "us", "can", "will", "of", "is", "do"}
    assert not terms & {name.casefold() for row in PLACE_ROWS for name in row}


def test_readme_names_every_dictionary() -> None:
    text = (DICTIONARY / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in DICTIONARY.iterdir()} - {"README.md"}
    assert {name for name in files if f"`{name}`" not in text} == set()


def test_wording_holds_groups_of_different_words() -> None:
    lines = [line for line in (DICTIONARY / "wording.txt").read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    assert len(lines) > 100
    assert [line for line in lines if len(line.split()) < 2 or len(set(line.split())) < len(line.split())] == []
