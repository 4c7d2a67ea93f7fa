"""What can be seen from a drafted sentence alone: its language, markup, orders to a machine, talk about itself."""

import re
from collections.abc import Iterator

Problem = tuple[str, str]  # code and message of a finding

# Share of Chinese characters among letters and Chinese characters that are not in the clause either.
_MOSTLY = 0.8
_MARKUP = re.compile(
    r"</?[a-z!][^>]*>|&(?:lt|gt|amp|quot|nbsp|#\d+);|!?\[[^\]]*\]\(|\*\*|__|~~|`|^\s{0,3}(?:#{1,6}|>|[-*+])\s|\|\s*-{3,}|\$[^$]+\$"
    r"|javascript:|\\[a-z]+\{|\{\{|<\|",
    re.IGNORECASE | re.MULTILINE,
)
_LINK = re.compile(r"(?:https?|ftp)://\S+|www\.[\w.-]+|[\w.+-]+@[\w-]+\.[\w.]+|[\w-]+\.(?:com|cn|net|org|gov)\b", re.IGNORECASE)
_ORDER = re.compile(
    r"(?:忽略|无视|忘记|不要理会|绕过|跳过|违背)[^。，,]{0,12}(?:以上|之前|前面|上述|所有|指令|规则|提示|设定|要求|限制)"
    r"|系统(?:提示|消息|指令|要求)|提示词|开发者模式|越狱|你(?:现在)?(?:是|必须|应当|要|只能)|扮演|输出以下|照此回答|直接回答|请回答[:：“]"
    r"|(?:system|assistant|user)\s*[:：]|system prompt|ignore (?:all|the|previous)|已(?:经)?通过核对|无需核对|不用核对|不必核对|跳过核对",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"我(?:认为|觉得|想|猜|建议|相信|保证|承诺|推测|理解|们(?:认为|建议|觉得|会|可以|将|保证|承诺))|作为(?:一[个名])?(?:AI|人工智能(?:助手|模型)|语言模型|智能助手|助手|大模型)"
    r"|据我(?:所知|了解)|以我的|笔者|本人认为|我(?:是|只是)(?:一个|AI|人工智能|助手)|抱歉|对不起|很遗憾",
    re.IGNORECASE,
)
_ASKS = re.compile(r"请(?:您|你)?(?:先|把|将|点击|添加|扫码|转账|汇款|回复|提供|发送|输入|加|关注|下载)")
_GUESS = re.compile(r"大概是|可能会|也许|或许|据说|听说|估计|应该(?:是|会|可以|能|在|有)|通常|一般来说|一般会|理论上|据悉|预计|想必|恐怕|似乎|好像|大致")


def surface(text: str, source: str) -> Iterator[Problem]:
    """Yield what is wrong with a sentence as it stands, beside the folded text of the clauses that it cites."""
    if match := _MARKUP.search(text):
        yield "markup", f"句子里有标记“{match.group().strip()[:20]}”，请只用文字"
    for match in _LINK.finditer(text):
        if match.group().lower() not in source:
            yield "link_not_in_clause", f"引用的条款里没有“{match.group()[:40]}”"
    if match := _ORDER.search(text):
        yield "instruction", f"“{match.group()[:20]}”是对程序的指令，不是条款的内容"
    if match := _SELF.search(text):
        yield "first_person", f"“{match.group()}”是说话人自己的话，请只说条款的内容"
    for pattern, code, what in ((_ASKS, "asks_reader", "要求"), (_GUESS, "guess", "推测")):
        for match in pattern.finditer(text):
            if match.group() not in source:
                yield code, f"引用的条款里没有“{match.group()}”这样的{what}"
    yield from _language(text, source)


def _language(text: str, source: str) -> Iterator[Problem]:
    foreign = [word for word in re.findall(r"[A-Za-z]{2,}", text) if word.lower() not in source]
    chinese = len(re.findall(r"[一-鿿]", text))
    letters = sum(map(len, foreign))
    if chinese == 0 or chinese / (chinese + letters) < _MOSTLY:
        yield "not_chinese", "句子不是中文，或夹了太多外文"
    elif foreign:
        yield "foreign_word", f"引用的条款里没有“{foreign[0]}”"
