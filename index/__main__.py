"""The command line of the index: build, add, remove, list, correct, check, show."""

import argparse
import json
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from index import library
from index.build import Report, add, build
from index.console import guarded, printable
from index.corrections import FIELDS, edited, read_corrections, shown, write_corrections
from index.encoder import Encoder, load_encoder
from index.errors import PolicyFileError
from index.register import REGISTER, check_register
from index.register_entries import as_json, entries_of
from index.report import ProgressLine, failures, summary
from index.settings import IndexSettings, environment
from index.standing import Standings
from index.store import Store, load
from index.types import Policy

SOME_FILES_FAILED = 3  # exit code of a build that left unreadable files out


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit code: 0 done, 1 not done, 2 wrong usage, 3 some files left out."""
    options = _parser().parse_args(arguments)
    return guarded(lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    settings = _chosen(IndexSettings.load(environment()), options)
    encoder = load_encoder(settings.encoder, allow_download=settings.allow_download)
    return options.run(options, settings, encoder)


def _chosen(settings: IndexSettings, options: argparse.Namespace) -> IndexSettings:
    """Return the settings with what the command line says; only `build` moves an index to another folder."""
    root = options.out or settings.index
    if options.run is _build:
        return replace(settings, policies=options.policies or settings.policies, index=root)
    return replace(settings, policies=library.folder_of(root) or settings.policies, index=root)


def _build(options: argparse.Namespace, settings: IndexSettings, encoder: Encoder) -> int:
    started = time.perf_counter()
    with library.locked(settings.index), ProgressLine() as progress:
        report = build(settings, encoder, progress.show)
        library.remember(settings.policies, settings.index)
    _check_register(settings, report.store)
    return _print(report, time.perf_counter() - started)


def _add(options: argparse.Namespace, settings: IndexSettings, encoder: Encoder) -> int:
    started = time.perf_counter()
    policies, report = add(options.files, settings, encoder)
    for policy in policies:
        print(printable(f"加入：{policy.id} {policy.title}"))
    return _print(report, time.perf_counter() - started)


def _remove(options: argparse.Namespace, settings: IndexSettings, encoder: Encoder) -> int:
    started = time.perf_counter()
    with library.locked(settings.index):
        store = load(settings.index, encoder)
        policy = _policy(store, options.id)
        if len(store.policies) == 1:
            raise PolicyFileError(f"“{policy.id}”是索引里最后一份政策，不能移出。请先用 add 加入别的政策。")
        library.set_removed(settings.index, library.removed(settings.index) | {policy.sha256})
        report = build(settings, encoder)
    print(printable(f"移出：{policy.id} {policy.title}（文件还在，用 add 可以加回来）"))
    return _print(report, time.perf_counter() - started)


def _list(options: argparse.Namespace, settings: IndexSettings, encoder: Encoder) -> int:
    store = load(settings.index, encoder)
    entries = entries_of(Standings(store.policies), options.on or date.today())
    if options.json:
        values = [as_json(entry, policy) for entry, policy in zip(entries, store.policies, strict=True)]
        print(json.dumps(values, ensure_ascii=False, indent=1))
        return 0
    for policy, standing in ((entry.policy, entry.standing) for entry in entries):
        until = f"有效期至 {policy.expires or '未写明'}"
        print(printable(policy.id), printable(policy.title), policy.issued or "日期未写明", until, standing.value, sep="\t")
    return 0


def _correct(options: argparse.Namespace, settings: IndexSettings, encoder: Encoder) -> int:
    with library.locked(settings.index):
        policy = _policy(load(settings.index, encoder), options.id)
        corrections = read_corrections(settings.policies)
        fields = edited(corrections.get(policy.source, {}), options.changes)
        write_corrections(settings.policies, corrections | {policy.source: fields})
        store = build(settings, encoder).store
    changed = next(p for p in store.policies if p.source == policy.source and p.sha256 == policy.sha256)
    print(printable(f"更正：{changed.id} {changed.title}"))
    for field, name in FIELDS.items():
        mark = "（手工更正）" if field in changed.corrected else ""
        print(name, f"{shown(changed, field) or '（无）'}{mark}", sep="\t")
    return 0


def _check(options: argparse.Namespace, settings: IndexSettings, encoder: Encoder) -> int:
    store = load(settings.index, encoder, check=True)
    _check_register(settings, store)
    m = store.manifest
    print(f"索引可用：{m.policies} 份政策，{m.clauses} 个条款节点，{m.questions} 个已知问题，模型 {m.encoder}，建于 {m.built}")
    return 0


def _show(options: argparse.Namespace, settings: IndexSettings, encoder: Encoder) -> int:
    store = load(settings.index, encoder)
    policy = _policy(store, options.id)
    clauses = store.clauses_of(policy.id)
    if options.json:
        print(json.dumps([{"id": c.id, "text": c.text} for c in clauses], ensure_ascii=False, indent=1))
    else:
        print(*(printable(f"{clause.id}\n{clause.text}\n") for clause in clauses), sep="\n")
    return 0


def _policy(store: Store, policy_id: str) -> Policy:
    policy = store.policy(policy_id)
    if policy is None:
        known = "、".join(p.id for p in store.policies[:10])
        raise PolicyFileError(f"索引里没有“{policy_id}”。已有：{known}。用 python -m index list 看全部。")
    return policy


def _check_register(settings: IndexSettings, store: Store) -> None:
    register = settings.policies / REGISTER
    if register.is_file():
        check_register(store.policies, register)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期须写作 2026-01-31，现在是“{written}”") from None


def _print(report: Report, seconds: float) -> int:
    for line in failures(report):
        print(line, file=sys.stderr)
    for line in summary(report, seconds):
        print(line)
    return SOME_FILES_FAILED if report.failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index", description="政策索引：建立、加入、移出、查看。")
    commands = parser.add_subparsers(required=True, metavar="命令")

    def command(name: str, run: object, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument("--out", "--index", type=Path, dest="out", help="索引目录（默认 var/index）")
        sub.set_defaults(run=run)
        return sub

    sub = command("build", _build, "建立或更新索引；没有变化的政策不重新处理")
    sub.add_argument("--policies", type=Path, help="政策文件目录（默认 data/policies）")
    sub = command("add", _add, "加入一份或几份政策文件")
    sub.add_argument("files", type=Path, nargs="+", metavar="文件")
    sub = command("remove", _remove, "移出一份政策")
    sub.add_argument("id", metavar="文号")
    sub = command("list", _list, "列出索引里的政策和它们的登记项")
    sub.add_argument("--json", action="store_true", help="输出 JSON：每份政策的全部登记项，各自从哪里读出")
    sub.add_argument("--on", type=_day, metavar="日期", help="按哪一天判断效力，如 2026-01-31（默认今天）")
    sub = command("correct", _correct, "更正一份政策的登记项；重建索引后仍然有效")
    sub.add_argument("id", metavar="文号")
    sub.add_argument("changes", nargs="+", metavar="登记项=值", help="如 有效期至=2027-12-31；只写登记项是撤销更正")
    command("check", _check, "检查索引和登记表")
    sub = command("show", _show, "显示一份政策的条款树")
    sub.add_argument("id", metavar="文号")
    sub.add_argument("--json", action="store_true", help="输出 JSON：[{id, text}…]")
    return parser


if __name__ == "__main__":
    sys.exit(main())
