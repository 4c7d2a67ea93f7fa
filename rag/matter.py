"""What a question is about, without the words that ask for a detail of it."""

import re

# Words that ask for papers, steps, a place or person to turn to, an amount, a rate or a time.
_DETAIL = re.compile(
    r"(?:需要|得|要)?(?:交|准备|提交|带|递|填)?(?:些|上|齐)?(?:什么|啥|哪些|哪几样)?(?:申请|申报)?(?:材料|资料|证件|证明|手续|流程|步骤)|"
    r"(?:怎么|咋|如何|怎样)(?:申请|申报|办理?|弄|领|报|交)?|"
    r"(?:去|到|在|上|往|找)?(?:哪里|哪儿|哪个(?:窗口|部门|地方|单位|网站)|(?:啥|什么)(?:地方|部门))(?:去)?(?:申请|申报|办理?|领|交|报|问|咨询)?|找(?:谁|哪个)|"
    r"(?:窗口)?(?:电话|联系方式|联系人|热线|号码|地址|网址|网站|邮箱)(?:是)?(?:多少|几|啥|什么|在哪)?|"
    r"(?:具体|一共|最多|最高|到底|大概)?(?:能|给|补|发|贴|奖|拿|领|报销?)*(?:是)?(?:多少|几)(?:钱|万|块|元|个点|成|个?百分点)?|"
    r"(?:什么|啥)时候|几(?:号|月份?|天|年|个月)|哪天|多(?:久|长时间)|截止(?:到)?|期限|比例|标准|[上下]限|封顶|额度"
)
_BREAKS = re.compile(r"[\s，,。；;：:？?！!、的呢吗]+")


def matter(question: str) -> str:
    """Return a question without the words that ask for a detail of what it is about.

    Example: "贷款贴息要交什么材料？" -> "贷款贴息"
    """
    return _BREAKS.sub(" ", _DETAIL.sub(" ", question)).strip()
