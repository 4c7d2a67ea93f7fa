"""The library page in a real browser: browse, read, find, compare, download, upload."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.accessible import assert_accessible
from tests.browser.server import serving
from tests.libraries import SMALL, command

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
READY_WITHIN = 20_000  # milliseconds for the first view on a busy machine: the index is read then
MANY = 25  # policies of another town: two pages of the list
OLDER = SMALL.replace("〔2030〕7号", "〔2022〕3号").replace("20万元", "8万元").replace("2030年1月1日", "2022年5月1日")
# A file whose name, title and text would do something if any of them were taken for HTML or Markdown.
HOSTILE = "<img src=x onerror=alert(1)>补贴$办法$\n\n江府办〔2021〕5号\n\n第一条 <script>alert(2)</script>给予:smile:$补贴$。\n"
STORED = "8a-b<i>.txt"


@pytest.fixture(scope="module")
def site(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page with uploads, over a library of two versions, a hostile file and many others."""
    folder = tmp_path_factory.mktemp("policies")
    (folder / "cloud.txt").write_text(SMALL.replace("2030年1月1日", "2025年5月1日"), encoding="utf-8")
    (folder / "cloud-old.txt").write_text(OLDER, encoding="utf-8")
    (folder / STORED).write_text(HOSTILE, encoding="utf-8")
    for number in range(MANY):
        text = f"河阳市第{number}号人才公寓管理办法\n\n河府〔2024〕{number + 1}号\n\n第一条 {number}号公寓供人才居住。\n"
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    index = tmp_path_factory.mktemp("index")
    assert command("build", "--policies", folder, "--out", index).returncode == 0
    log = tmp_path_factory.mktemp("server") / "log"
    with serving(repo, index, log, RAG_UPLOAD="1", RAG_TODAY="2026-01-15") as url:
        yield url


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="zh-CN", accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    page.set_default_timeout(READY_WITHIN)
    page.on("dialog", lambda dialog: pytest.fail(f"a document ran: {dialog.message}"))
    yield page
    page.close()


def settled(page: Page) -> None:
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def test_the_list_is_filtered_and_its_address_can_be_shared(page: Page, site: str, browser: Browser) -> None:
    page.goto(f"{site}/library")
    expect(page.get_by_text(f"{MANY + 3} 份文件", exact=True)).to_be_visible()
    expect(page.locator("[class*=st-key-row-]")).to_have_count(20)
    page.get_by_label("标题或文号").fill("上云")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"2 份文件，共收录 {MANY + 3} 份")).to_be_visible()
    page.get_by_role("combobox", name=re.compile("效力")).click()
    page.get_by_role("option", name="已被取代").click()
    expect(page.get_by_text(f"1 份文件，共收录 {MANY + 3} 份")).to_be_visible()
    expect(page.locator("[class*=st-key-row-]").get_by_text("⇥ 已被取代")).to_be_visible()
    shared = page.url
    fresh = browser.new_context()
    try:
        other = fresh.new_page()
        other.goto(shared)
        expect(other.get_by_text(f"1 份文件，共收录 {MANY + 3} 份")).to_be_visible(timeout=READY_WITHIN)
        expect(other.locator("[class*=st-key-row-] a")).to_have_text(["江州市企业上云补贴办法"])
    finally:
        fresh.close()


def test_the_second_page_holds_the_rest_and_a_filter_leads_back_to_the_first(page: Page, site: str) -> None:
    page.goto(f"{site}/library")
    expect(page.locator("[class*=st-key-row-]")).to_have_count(20)
    page.get_by_test_id("stPagination").get_by_role("button", name=re.compile("2$")).click()
    expect(page.locator("[class*=st-key-row-]")).to_have_count(MANY + 3 - 20)
    page.reload()
    expect(page.locator("[class*=st-key-row-]")).to_have_count(MANY + 3 - 20)
    page.get_by_label("标题或文号").fill("人才公寓")
    page.keyboard.press("Enter")
    expect(page.locator("[class*=st-key-row-]")).to_have_count(20)


def test_a_replaced_policy_says_so_and_leads_to_the_one_in_force(page: Page, site: str) -> None:
    page.goto(f"{site}/?clause={quote('江府办〔2022〕3号/题')}")
    expect(page.get_by_text("这份文件已被新的文件取代，以下是旧规定。")).to_be_visible()
    page.get_by_role("link", name=re.compile("看现行的")).click()
    expect(page.locator("article").get_by_text("最高20万元")).to_be_visible()


def test_facts_lead_to_the_words_they_were_read_from(page: Page, site: str) -> None:
    page.goto(f"{site}/?clause={quote('江府办〔2022〕3号/题')}")
    page.get_by_text("登记信息").click()
    page.locator(".st-key-facts").get_by_role("link", name="施行日期：2022-05-01").click()
    expect(page.locator("mark").first).to_have_text("自2022年5月1日起施行")


def test_words_are_found_inside_a_policy(page: Page, site: str) -> None:
    page.goto(f"{site}/?clause={quote('江府办〔2022〕3号/题')}")
    page.get_by_label("在本文件里查找").fill("上云企业")
    page.keyboard.press("Enter")
    page.locator(".st-key-hits").get_by_role("link").first.click()
    expect(page.locator("mark").first).to_have_text("上云企业")
    expect(page.locator("section.cited")).to_have_attribute("data-clause", "江府办〔2022〕3号/第一条")


def test_two_versions_stand_side_by_side(page: Page, site: str) -> None:
    page.goto(f"{site}/?clause={quote('江府办〔2022〕3号/题')}")
    page.get_by_role("link", name="与江府办〔2030〕7号逐条对照").click()
    expect(page.get_by_text("修改 2 条")).to_be_visible()
    expect(page.locator("del").first).to_have_text("8")
    expect(page.locator("ins").first).to_have_text("20")
    settled(page)
    assert_accessible(page)
    page.locator(".changes a").last.click()
    expect(page.locator("section.cited")).to_have_attribute("data-clause", "江府办〔2030〕7号/第二条")


def test_documents_stay_text_wherever_they_are_shown(page: Page, site: str) -> None:
    page.goto(f"{site}/library?q={quote('江府办〔2021〕5号')}")
    expect(page.locator("[class*=st-key-row-] a")).to_have_text("<img src=x onerror=alert（1）>补贴$办法$")
    page.locator("[class*=st-key-row-] a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("<img src=x onerror=alert（1）>补贴$办法$")
    expect(page.locator("article").get_by_text("<script>alert(2)</script>给予:smile:$补贴$。")).to_be_visible()


def test_the_original_is_downloaded_as_it_is(page: Page, site: str) -> None:
    page.goto(f"{site}/?clause={quote('江府办〔2021〕5号/题')}")
    with page.expect_download() as started:
        page.get_by_role("button", name="下载原文").click()
    assert Path(started.value.path()).read_bytes() == HOSTILE.encode()
    assert started.value.suggested_filename == "8a-b_i_.txt"


def test_an_upload_is_shown_before_it_is_published(page: Page, site: str, tmp_path: Path) -> None:
    file = tmp_path / "租金.txt"
    file.write_text("江州市用房租金补贴方案\n\n江府办〔2025〕9号\n\n第一条 租赁办公用房的企业，每平方米补贴15元。\n"
                    "第二条 本方案自2025年2月1日起施行。\n", encoding="utf-8")
    page.goto(f"{site}/upload")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("文号：江府办〔2025〕9号")).to_be_visible()
    expect(page.locator("article").get_by_text("每平方米补贴15元")).to_be_visible()
    settled(page)
    assert_accessible(page)
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布：江州市用房租金补贴方案")).to_be_visible(timeout=READY_WITHIN)
    page.get_by_role("link", name="打开看看").click()
    expect(page.locator("article").get_by_text("每平方米补贴15元")).to_be_visible()


def test_a_large_file_that_cannot_be_read_says_why(page: Page, site: str) -> None:
    content = b"%PDF-1.4 nothing" + b" " * 1_500_000  # more than the server takes where uploads are off
    page.goto(f"{site}/upload")
    page.locator("input[type=file]").set_input_files({"name": "坏.pdf", "mimeType": "application/pdf", "buffer": content})
    expect(page.get_by_role("alert").get_by_text(re.compile("坏.pdf"))).to_be_visible(timeout=READY_WITHIN)
    expect(page.get_by_role("button", name="发布")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible_and_narrow(browser: Browser, site: str, scheme: str) -> None:
    context = browser.new_context(locale="zh-CN", color_scheme=scheme, reduced_motion="reduce", **PHONE)
    try:
        page = context.new_page()
        page.set_default_timeout(READY_WITHIN)
        for path in ("/library", f"/?clause={quote('江府办〔2022〕3号/题')}",
                     f"/library?old={quote('江府办〔2022〕3号')}&new={quote('江府办〔2030〕7号')}", "/upload"):
            page.goto(site + path)
            page.get_by_role("heading", level=1).wait_for()
            settled(page)
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    finally:
        context.close()


def test_keyboard_alone_reaches_a_policy(page: Page, site: str) -> None:
    page.goto(f"{site}/library?q={quote('上云')}")
    first = page.locator("[class*=st-key-row-] a").first
    expect(first).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if first.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("article")).to_be_visible()


def test_nothing_of_the_upload_is_offered_where_it_is_off(page: Page, server: str) -> None:
    page.goto(f"{server}/upload")
    page.get_by_role("heading", level=1).wait_for()
    expect(page.locator("input[type=file]")).to_have_count(0)
