"""The register of the policy folder, held against the files beside it."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from index.errors import RegisterError
from index.policy import parse_policy
from index.reader import policy_files, read_text
from index.register import REGISTER, check_register, write_register
from index.types import Policy

SHIPPED = Path(__file__).parents[1] / "data" / "policies"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped policies and their register."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "policies"))


def read(folder: Path) -> list[Policy]:
    return [
        parse_policy(read_text(path), path.name, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in policy_files(folder)
    ]


def change(folder: Path, file: str, **values: str) -> None:
    entries = json.loads((folder / REGISTER).read_text(encoding="utf-8"))
    changed = [{**entry, **values} if entry["file"] == file else entry for entry in entries]
    (folder / REGISTER).write_text(json.dumps(changed, ensure_ascii=False), encoding="utf-8")


def test_the_shipped_register_agrees_with_the_shipped_policies() -> None:
    check_register(read(SHIPPED), SHIPPED / REGISTER)


def test_lists_every_disagreement(folder: Path) -> None:
    change(folder, "pudong-fintech-2025.txt", issued="2025-07-22", title="别的标题")
    (folder / "jingan-park-2025.txt").unlink()
    (folder / "新.txt").write_text("江州市奖励办法\n第一条 奖励。\n", encoding="utf-8")
    with pytest.raises(RegisterError) as caught:
        check_register(read(folder), folder / REGISTER)
    message = str(caught.value)
    assert "pudong-fintech-2025.txt：成文日期登记为“2025-07-22”，原文读出“2025-07-21”" in message
    assert "pudong-fintech-2025.txt：标题登记为“别的标题”" in message
    assert "jingan-park-2025.txt：登记表里有，目录里没有这份文件" in message
    assert "新.txt：目录里有这份文件，登记表里没有" in message


def test_a_changed_file_is_found_by_its_sum(folder: Path) -> None:
    path = folder / "pudong-fintech-2025.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("贷款贴息", "贷款补贴"), encoding="utf-8")
    with pytest.raises(RegisterError, match="sha256"):
        check_register(read(folder), folder / REGISTER)


def test_policies_from_elsewhere_and_a_folder_without_register_are_no_fault(folder: Path) -> None:
    added = parse_policy("江州市奖励办法\n第一条 奖励。\n", "别处.txt", "")
    check_register([*read(folder)[:2], added], folder / REGISTER)
    (folder / REGISTER).unlink()
    check_register(read(folder), folder / REGISTER)


@pytest.mark.parametrize("content", ["{", '{"file": 1}', '["a"]'])
def test_a_register_that_cannot_be_read_says_so(folder: Path, content: str) -> None:
    (folder / REGISTER).write_text(content, encoding="utf-8")
    with pytest.raises(RegisterError, match="登记表"):
        check_register(read(folder), folder / REGISTER)


def test_writes_what_it_reads(folder: Path) -> None:
    policies = read(folder)
    shipped = {
        entry["number"]: entry["origin"] for entry in json.loads((folder / REGISTER).read_text(encoding="utf-8"))
    }
    write_register(policies, folder / REGISTER, shipped)
    assert (folder / REGISTER).read_text(encoding="utf-8") == (SHIPPED / REGISTER).read_text(encoding="utf-8")
