"""The command line of answering: ask, answer, verify, evaluate, and what concerns a language model."""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from index.console import guarded
from index.errors import SettingError
from index.settings import ROOT
from rag import evaluate
from rag.outcome import WORDS
from rag.pipeline import Pipeline
from rag.plain import plain_text
from rag.settings import ModelSettings, Settings, load_settings
from rag.types import Answer, Turn


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit code: 0 done, 1 not done, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    return guarded(lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    settings = load_settings()
    if options.index:
        settings = replace(settings, index=replace(settings.index, index=options.index))
    if options.needs_index:
        return options.run(options, Pipeline.load(settings))
    return options.run(options, settings)


def _ask(options: argparse.Namespace, pipeline: Pipeline) -> int:
    # Bytes that are no UTF-8 arrive as lone surrogates, which could not be printed again.
    question = options.question.encode("utf-8", "replace").decode("utf-8")
    answer = pipeline.ask(question)
    print(json.dumps(trace(answer), ensure_ascii=False, indent=1) if options.json else plain_text(answer))
    return 0


def _answer(options: argparse.Namespace, pipeline: Pipeline) -> int:
    _write(options.output, (answered(pipeline, row) for row in evaluate.read_lines(options.input)))
    return 0


def _verify(options: argparse.Namespace, pipeline: Pipeline) -> int:
    _write(options.output, (_verified(pipeline, row) for row in evaluate.read_lines(options.input)))
    return 0


def _evaluate(options: argparse.Namespace, pipeline: Pipeline) -> int:
    gold = evaluate.read_lines(options.gold or ROOT / evaluate.GOLD)
    texts = {clause.id: clause.text for clause in pipeline.store.clauses}
    answers = [answered(pipeline, row) for row in gold]
    rows = [evaluate.judge(row, answer, texts) for row, answer in zip(gold, answers, strict=True)]
    for name, value in evaluate.summary(rows).items():
        print(f"{name:26s} {value:.3f}" if isinstance(value, float) else f"{name:26s} {value}")
    wrong = [(g, a, r) for g, a, r in zip(gold, answers, rows, strict=True) if not r["right"]]
    for question, answer, row in wrong[: options.misses]:
        print(f"\n{question['id']} {question['type']} {question['question']}\n  应引 {question['gold']}")
        print(f"  应说 {question['must_include']}\n  实际 {answer['status']} {answer['answer'][:300]!r}")
        print(f"  查到 {answer['retrieved'][:4]} {({k: v for k, v in row.items() if k in ('facts', 'citation_recall')})}")
    return 0


def _check_model(options: argparse.Namespace, settings: Settings) -> int:
    from rag import check_model  # brings the libraries of models: 1.4 s
    from rag.llm import LanguageModel

    model = LanguageModel.open(_model(settings), settings.index.index.parent)
    report = check_model.check(model)
    print("\n".join(check_model.lines(report, model.settings)))
    return 0 if report.works else 1


def _questions(options: argparse.Namespace, settings: Settings) -> int:
    from rag import questions  # brings the libraries of models: 1.4 s
    from rag.llm import LanguageModel

    model = LanguageModel.open(_model(settings), settings.index.index.parent)
    pipeline = Pipeline.load(replace(settings, model=None))
    path = options.output or settings.index.questions / questions.FILE
    wanted = questions.clauses(pipeline.store, questions.already(path, pipeline.store))
    writer = questions.QuestionWriter(model, pipeline, options.count)
    failure = writer.write(wanted, path, lambda done, kept: print(f"{done}/{len(wanted)} 条，写成 {kept} 问", flush=True))
    print(f"问题在 {path}。检查后运行 python -m index build，它们就会用于检索。")
    if failure is not None:
        raise SettingError(f"模型中途停下：{WORDS[failure.outcome]}。已写好的没有丢；再运行一次会接着做。")
    return 0


def _model(settings: Settings) -> ModelSettings:
    if settings.model is None:
        raise SettingError("没有设置模型。请在 .env 里写 RAG_LLM_BASE_URL 和 RAG_LLM_MODEL，样板在 .env.example。")
    return settings.model


def answered(pipeline: Pipeline, row: dict[str, Any]) -> dict[str, Any]:
    """Return one line of an answer file for one line of a question file."""
    turns = tuple(Turn(turn["role"], turn["content"]) for turn in row.get("history") or ())
    started = time.perf_counter()
    answer = pipeline.ask(row["question"], turns)
    milliseconds = (time.perf_counter() - started) * 1000
    asked = {"wording": answer.wording, "outcome": answer.generation.outcome.value} if answer.generation else {}
    return {
        "id": row.get("id"),
        "status": answer.status.value,
        "answer": plain_text(answer),
        "citations": [{"clause_id": c.clause_id, "quote": c.quote} for c in answer.citations],
        "retrieved": [passage.clause.id for passage in answer.retrieved],
        "latency_ms": round(milliseconds, 2),
    } | asked


def _verified(pipeline: Pipeline, row: dict[str, Any]) -> dict[str, Any]:
    """Return the verdict on one drafted sentence."""
    findings = pipeline.verifier.sentence(row["sentence"], row["clause_ids"])
    return {"id": row.get("id"), "pass": not findings, "findings": [asdict(finding) for finding in findings]}


def trace(answer: Answer) -> dict[str, Any]:
    """Return an answer with how it came about, as JSON."""
    return {
        "question": answer.question,
        "status": answer.status.value,
        "answer": plain_text(answer),
        "citations": [asdict(citation) for citation in answer.citations],
        "missing": list(answer.draft.missing),
        "wording": answer.wording,
        "prose": [asdict(sentence) for sentence in answer.draft.prose],
        "generation": asdict(answer.generation) if answer.generation else None,
        "query": asdict(answer.query),
        "probability": round(answer.probability, 4),
        "passages": [
            {"clause_id": p.clause.id, "rank": p.rank, "score": round(p.score, 4), **dict(p.legs)}
            for p in answer.retrieved
        ],
        "findings": [asdict(finding) for finding in answer.findings],
        "steps": [{"name": step.name, "ms": round(step.milliseconds, 2)} for step in answer.steps],
    }


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    try:
        with path.open("w", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    except OSError as error:
        raise SettingError(f"写不了 {path}（{error.strerror}）。请检查目录和权限。") from error
    except (KeyError, TypeError) as error:
        raise SettingError(f"输入文件的一行缺少字段 {error}。请对照 README 里的格式。") from error


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"须是 1 以上的整数，现在是“{text}”")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rag", description="政策问答：提问、批量回答、核对、评测，检查和使用语言模型。")
    commands = parser.add_subparsers(required=True, metavar="命令")

    def command(name: str, run: object, text: str, *, needs_index: bool = True) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument("--index", type=Path, help="索引目录（默认 var/index）")
        sub.set_defaults(run=run, needs_index=needs_index)
        return sub

    sub = command("ask", _ask, "问一个问题")
    sub.add_argument("question", metavar="问题")
    sub.add_argument("--json", action="store_true", help="输出 JSON，含每一步的依据和用时")
    for name, run, text in (("answer", _answer, "批量回答"), ("verify", _verify, "只核对：逐行核对起草好的句子")):
        sub = command(name, run, text)
        sub.add_argument("--input", type=Path, required=True, metavar="文件", help="JSON lines")
        sub.add_argument("--output", type=Path, required=True, metavar="文件", help="JSON lines")
    sub = command("evaluate", _evaluate, "用标准题评测，打印各项指标")
    sub.add_argument("gold", type=Path, nargs="?", help=f"标准题文件（默认 {evaluate.GOLD}）")
    sub.add_argument("--misses", type=int, default=0, metavar="N", help="列出前 N 道没有答对的题")
    command("check-model", _check_model, "试一次语言模型：能不能用，多快", needs_index=False)
    sub = command("questions", _questions, "请语言模型为每个条款写企业会问的问题，作为已知问题", needs_index=False)
    sub.add_argument("--output", type=Path, metavar="文件", help="JSON lines（默认 RAG_QUESTIONS 里的 model.jsonl），接着写")
    sub.add_argument("--count", type=_positive, default=5, metavar="N", help="每个条款最多几问")
    return parser


if __name__ == "__main__":
    sys.exit(main())
