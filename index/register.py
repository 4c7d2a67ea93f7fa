"""The register of a policy folder: what each file is, held against what the program reads in it."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from index.errors import RegisterError
from index.types import Policy

REGISTER = "register.json"  # file name in the policy folder
_READ = ("number", "title", "issuer", "issued", "printed", "effective", "expires", "period", "sha256")
_NAMES = {
    "number": "文号", "title": "标题", "issuer": "发文机关", "issued": "成文日期", "printed": "印发日期",
    "effective": "施行日期", "expires": "有效期至", "period": "规划期", "sha256": "sha256",
}  # fmt: skip


def check_register(policies: Iterable[Policy], register_path: Path) -> None:
    """Hold the register against the policies read from the files beside it; without a register nothing is checked.

    Policies added from elsewhere, and files of the folder that were taken out of the library, are passed over.

    :raises RegisterError: if they disagree; the message lists every disagreement.
    """
    if not register_path.is_file():
        return
    entries = {entry["file"]: entry for entry in _entries(register_path)}
    known = {policy.source: policy for policy in policies}
    beside = {path.name for path in register_path.parent.iterdir()}
    findings = [f"{name}：登记表里有，目录里没有这份文件" for name in entries if name not in beside]
    findings += [found for name in entries if name in known for found in _compare(name, entries[name], known[name])]
    findings += [
        f"{name}：目录里有这份文件，登记表里没有" for name in sorted(known) if name in beside and name not in entries
    ]
    if findings:
        listed = "\n".join(f"  - {finding}" for finding in findings)
        raise RegisterError(
            f"登记表 {register_path} 与政策文件不一致：\n{listed}\n请核对原文后改正登记表；若文件改动过，请换回公布的文本。"
        )


def write_register(policies: Iterable[Policy], register_path: Path, origin: dict[str, str]) -> None:
    """Write the register of the policies. `origin`: where each was published, by 文号 or title."""
    entries = [
        {"file": policy.source, **{field: _value(policy, field) for field in _READ[:-1]},
         "origin": origin[policy.id], "sha256": policy.sha256}
        for policy in sorted(policies, key=lambda policy: policy.source)
    ]  # fmt: skip
    register_path.write_text(json.dumps(entries, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _entries(path: Path) -> list[dict[str, str]]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise RegisterError(f"登记表 {path} 读不通（{error}）。请按 data/README.md 的说明改成 JSON 列表。") from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) and "file" in entry for entry in entries):
        raise RegisterError(f"登记表 {path} 应是一个列表，每项至少有 file。请按 data/README.md 的说明改正。")
    return entries


def _compare(name: str, entry: dict[str, str], policy: Policy) -> list[str]:
    pairs = [(field, entry.get(field, ""), _value(policy, field)) for field in _READ]
    return [
        f"{name}：{_NAMES[field]}登记为“{said or '（空）'}”，原文读出“{read or '（无）'}”"
        for field, said, read in pairs
        if said != read and field not in policy.corrected
    ]


def _value(policy: Policy, field: str) -> str:
    value = getattr(policy, field)
    if isinstance(value, date):
        return value.isoformat()
    return value or ""
