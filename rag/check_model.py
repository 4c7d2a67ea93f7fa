"""Try a language model once and say in one screen whether it works, how fast, and whether it keeps to the form."""

import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from rag.budget import Meter
from rag.draft import Splitter, drafted, is_chinese
from rag.llm import LanguageModel
from rag.outcome import WORDS, ModelFailure, Outcome
from rag.prompt import Prompt, fenced
from rag.settings import ModelSettings

# A clause as they are, of no place and no policy, and a question that it answers.
_CLAUSE = "对年度上云费用超过10万元的企业，按照不超过费用的20%给予补贴，每家最高20万元。同一项目已享受其他资金的，不再重复享受。"
_QUESTION = "企业上云有补贴吗，最高能拿多少？"
_SHOWN = 120  # characters of the reply on the screen
_ADVICE = {
    Outcome.TIMEOUT: "请检查地址和网络，或调大 RAG_LLM_TIMEOUT。",
    Outcome.UNREACHABLE: "请检查 RAG_LLM_BASE_URL，确认服务已经启动。",
    Outcome.UNAUTHORISED: "请检查 RAG_LLM_KEY。",
    Outcome.RATE_LIMITED: "请稍后再试，或检查账户的余额和限额。",
    Outcome.REJECTED: "请检查 RAG_LLM_MODEL 的名字和 RAG_LLM_BASE_URL 的路径（多数以 /v1 结尾）。",
    Outcome.BAD_REPLY: "请检查 RAG_LLM_BASE_URL：那里回答的不像兼容 OpenAI 的接口（多数以 /v1 结尾）。",
    Outcome.OVER_DAY: "请调大 RAG_LLM_DAY_TOKENS，或明天再试。",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one try."""

    failure: ModelFailure | None
    connected: float | None  # seconds until the address took a connection; None where that cannot be told
    meter: Meter
    reply: str
    sentences: int  # in the reply
    cited: int  # of them, with the right number
    is_chinese: bool

    @property
    def works(self) -> bool:
        """Whether answers can be worded by it."""
        return self.failure is None and self.is_chinese and 0 < self.cited == self.sentences


def check(model: LanguageModel) -> Report:
    """Ask the model one question about one clause."""
    settings, meter, splitter = model.settings, Meter(), Splitter()
    connected = _connected(settings)
    request = Prompt.load("answer").fill(
        clauses=f"[1]\n{fenced('条款', _CLAUSE)}", question=fenced("问题", _QUESTION), verdict="可以，文件有相关规定：", missing="无"
    )
    pieces, raw, failure = [], [], None
    try:
        for piece in model.reply(request, time.monotonic() + settings.answer_seconds, meter):
            pieces.append(piece)
            raw += splitter.feed(piece)
    except ModelFailure as error:
        failure = error
    sentences = [drafted(one) for one in [*raw, *splitter.rest()]]
    reply = "".join(pieces)
    if failure is None and not reply.strip():
        failure = ModelFailure(Outcome.EMPTY)
    cited = sum(sentence.numbers == (1,) for sentence in sentences)
    return Report(failure, connected, meter, reply, len(sentences), cited, is_chinese(reply))


def lines(report: Report, settings: ModelSettings) -> list[str]:
    """Return the report for a person; the key is not in it."""
    meter = report.meter
    found = [
        f"地址      {settings.base_url}",
        f"模型      {settings.model}",
        f"密钥      {'已设置（不显示）' if settings.key else '没有设置'}",
    ]
    if report.connected is not None:
        found.append(f"连接      {report.connected * 1000:.0f} 毫秒")
    if report.reply:
        writing = max(meter.seconds - meter.first_seconds, 1e-3)
        count = f"{'约 ' if meter.estimated else ''}{meter.tokens_out} token，每秒 {meter.tokens_out / writing:.0f} 个"
        found += [
            f"第一个字  {meter.first_seconds:.2f} 秒",
            f"全部      {meter.seconds:.2f} 秒，{count}" + ("（服务器没有报告用量，按字数估计）" if meter.estimated else ""),
            f"用中文    {'是' if report.is_chinese else '否'}",
            f"标编号    {report.sentences} 句里有 {report.cited} 句标对了",
            f"试写      {' '.join(report.reply.split())[:_SHOWN]}",
        ]
    return [*found, f"结论      {_verdict(report)}"]


def _verdict(report: Report) -> str:
    if report.failure:
        detail = f"（{report.failure.detail}）" if report.failure.detail else ""
        return f"不能使用：{WORDS[report.failure.outcome]}{detail}。{_ADVICE.get(report.failure.outcome, '请换一个模型，或稍后再试。')}"
    if not report.is_chinese:
        return "不能使用：模型没有用中文回答。请换一个中文好的模型。"
    if not report.works:
        return "勉强可用：模型没有给每一句标编号，没有标的句子不会显示。请换一个更听话的模型。"
    return "可以使用。"


def _connected(settings: ModelSettings) -> float | None:
    """Return the seconds until the address takes a connection; behind a proxy that tells nothing."""
    parts = urlsplit(settings.base_url)
    started = time.monotonic()
    try:
        with socket.create_connection((parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)), settings.timeout):
            return time.monotonic() - started
    except OSError:
        return None
