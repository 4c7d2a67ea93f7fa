"""How a language model did with one answer, in a word for the program and a few for people."""

from enum import StrEnum


class Outcome(StrEnum):
    """What came of asking the model."""

    GENERATED = "generated"  # its sentences are shown
    STOPPED = "stopped"  # the user stopped it; what had passed is shown
    UNVERIFIED = "unverified"  # what passed verification does not answer
    EMPTY = "empty"
    LOOPING = "looping"
    NOT_CHINESE = "not_chinese"
    TIMEOUT = "timeout"
    CUT = "cut"  # the connection broke in mid-answer
    UNREACHABLE = "unreachable"
    UNAUTHORISED = "unauthorised"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    REJECTED = "rejected"  # another 4xx: no such model, a parameter it does not take
    BAD_REPLY = "bad_reply"  # what came is not the protocol
    BUSY = "busy"  # no place in the queue in time
    RESTING = "resting"  # it failed repeatedly and is not asked for a while
    OVER_CONVERSATION = "over_conversation"
    OVER_DAY = "over_day"


WORDS = {
    Outcome.GENERATED: "已生成",
    Outcome.STOPPED: "已停止",
    Outcome.UNVERIFIED: "通过核对的句子不足以回答",
    Outcome.EMPTY: "模型没有写出内容",
    Outcome.LOOPING: "模型反复写同样的内容",
    Outcome.NOT_CHINESE: "模型没有用中文回答",
    Outcome.TIMEOUT: "模型超时",
    Outcome.CUT: "模型的连接中断",
    Outcome.UNREACHABLE: "连不上模型",
    Outcome.UNAUTHORISED: "模型不接受密钥",
    Outcome.RATE_LIMITED: "模型限流",
    Outcome.SERVER_ERROR: "模型的服务出错",
    Outcome.REJECTED: "模型拒绝了请求",
    Outcome.BAD_REPLY: "模型的回复格式不对",
    Outcome.BUSY: "排队的人太多",
    Outcome.RESTING: "模型刚才连续出错，暂停使用",
    Outcome.OVER_CONVERSATION: "本次对话的用量已到上限",
    Outcome.OVER_DAY: "今天的用量已到上限",
}
# Failures of the endpoint itself, which the next call would meet again.
DEAD = frozenset(
    {Outcome.TIMEOUT, Outcome.CUT, Outcome.UNREACHABLE, Outcome.UNAUTHORISED, Outcome.RATE_LIMITED}
    | {Outcome.SERVER_ERROR, Outcome.REJECTED, Outcome.BAD_REPLY}
)


class ModelFailure(Exception):
    """No usable reply; never leaves the modules that word answers."""

    def __init__(self, outcome: Outcome, detail: str = "") -> None:
        super().__init__(f"{outcome}{f' ({detail})' if detail else ''}")
        self.outcome = outcome
        self.detail = detail  # class of the error or status code, never its message: a server may repeat the key there
