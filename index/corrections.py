"""What people put right in the register by hand; kept in a file beside the policies, so that it outlives every build.

    corrections.json: {"文件名": {"expires": "2027-12-31", "topics": "人才、金融信贷"}, …}; "" says that there is none
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from index.errors import RegisterError, SettingError
from index.structure_regions import LEVELS
from index.topics import topics
from index.types import Policy

CORRECTIONS = "corrections.json"  # file name in the policy folder
# Field -> what people call it.
FIELDS = {
    "number": "文号", "title": "标题", "issuer": "发文机关", "issued": "成文日期", "printed": "印发日期",
    "revised": "修正日期", "effective": "施行日期", "expires": "有效期至", "level": "层级", "region": "地区",
    "topics": "主题", "repeals": "废止或取代",
}  # fmt: skip
DATES = ("issued", "printed", "revised", "effective", "expires")
LISTS = ("topics", "repeals")  # written with 、 between
Corrections = Mapping[str, Mapping[str, str]]  # file name -> field -> value


def read_corrections(folder: Path) -> dict[str, dict[str, str]]:
    """Return the corrections of a policy folder, none where it has no such file.

    :raises RegisterError: if the file is no such list, or a value cannot be.
    """
    path = folder / CORRECTIONS
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        entries = {str(name): {str(f): str(v) for f, v in fields.items()} for name, fields in found.items()}
    except (ValueError, AttributeError, OSError) as error:
        raise RegisterError(f"更正表 {path} 读不通（{error}）。请按 data/README.md 的说明改正，或删除它。") from error
    for name, fields in entries.items():
        for field, value in fields.items():
            check(field, value, f"{path.name} 里 {name} 的")
    return entries


def write_corrections(folder: Path, entries: Corrections) -> None:
    """Write the corrections of a policy folder, whole or not at all.

    :raises SettingError: if the folder cannot be written.
    """
    path = folder / CORRECTIONS
    kept = {name: dict(fields) for name, fields in sorted(entries.items()) if fields}
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise SettingError(f"更正表 {path} 写不进去（{error.strerror}）。请检查政策目录的权限。") from error


def field_of(written: str) -> str:
    """Return a field by its own name or what people call it.

    Example: "有效期至" -> "expires"
    :raises RegisterError: if there is none.
    """
    names = {name: field for field, name in FIELDS.items()} | {field: field for field in FIELDS}
    if written.strip() not in names:
        raise RegisterError(f"没有“{written}”这个登记项。可以更正的有：{'、'.join(FIELDS.values())}。")
    return names[written.strip()]


def edited(fields: Mapping[str, str], changes: Iterable[str]) -> dict[str, str]:
    """Return the corrections of a file after changes as people type them: 登记项=值, or the field alone to undo.

    :raises RegisterError: if a change cannot be.
    """
    result = dict(fields)
    for change in changes:
        written, equals, value = change.partition("=")
        field = field_of(written)
        if equals:
            check(field, value.strip())
            result[field] = value.strip()
        else:
            result.pop(field, None)
    return result


def shown(policy: Policy, field: str) -> str:
    """Return the value of a field as people read it, "" for none."""
    value = getattr(policy, field)
    return "、".join(value) if field in LISTS else str(value or "")


def check(field: str, value: str, where: str = "") -> None:
    """Check that a field can be corrected to a value; `where` opens the message.

    :raises RegisterError: if it cannot.
    """
    name = FIELDS.get(field)
    if name is None:
        raise RegisterError(f"{where}“{field}”不是登记项。可以更正的有：{'、'.join(FIELDS)}。")
    if field == "title" and not value.strip():
        raise RegisterError(f"{where}标题不能空。请写明标题。")
    if field in DATES and value and not _is_day(value):
        raise RegisterError(f"{where}{name}须是 2026-01-31 这样的日期，现在是“{value}”。没有就留空。")
    if field == "level" and value and value not in LEVELS:
        raise RegisterError(f"{where}层级只能是{'、'.join(LEVELS)}，现在是“{value}”。")
    unknown = [topic for topic in _parts(value) if topic not in topics()] if field == "topics" else []
    if unknown:
        raise RegisterError(f"{where}没有“{unknown[0]}”这个主题。可以用：{'、'.join(topics())}。")


def corrected(policy: Policy, fields: Mapping[str, str]) -> Policy:
    """Return the policy with its fields put right; a fact that was read gives way, and the id follows 文号 and title."""
    if not fields:
        return policy
    values = {field: _value(field, value) for field, value in fields.items()}
    facts = tuple(fact for fact in policy.facts if fact.field not in fields)
    changed = replace(policy, **values, facts=facts, corrected=tuple(sorted(fields)))
    return replace(changed, id=changed.number or changed.title)


def stands(policy: Policy, fields: Mapping[str, str]) -> bool:
    """Say whether a policy already has these corrections and no others."""
    held = all(getattr(policy, field) == _value(field, value) for field, value in fields.items())
    return held and set(policy.corrected) == set(fields)


def _value(field: str, value: str) -> str | date | None | tuple[str, ...]:
    if field in DATES:
        return date.fromisoformat(value) if value else None
    return _parts(value) if field in LISTS else value.strip()


def _parts(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split("、") if part.strip())


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
