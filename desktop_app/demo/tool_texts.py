"""What the demo says while it shows the program's tools, in both languages."""

from dataclasses import dataclass
from typing import Final

from desktop_app.demo import texts_chinese, texts_english


@dataclass(frozen=True)
class ToolTexts:
    """The words of one language; those in braces are filled in from what the tools found."""

    first_thought: str
    second_thought: str
    last_thought: str
    answer: str
    refused_thought: str
    refused: str
    no_tools_thought: str
    no_tools: str


ENGLISH: Final = ToolTexts(
    first_thought=(
        "How many minutes are left of this year? I do not know what time it is, so I must not guess: "
        "there is a clock among the tools.\n\nI will also need the minutes of a whole day. That sum "
        "does not depend on the clock, so both calls can go out together."
    ),
    second_thought=(
        "The clock says {time}. After today, {days} whole days are left, and {minutes} minutes of "
        "today itself.\n\nWith {per_day} minutes a day that makes {formula}. I could do it in my "
        "head and be wrong; the calculator is exact."
    ),
    last_thought="Now all of it is there: the time, the days, the sum. No further call is needed.",
    answer="""## **{total} minutes** are left of this year ⏳

| Step | Found |
|---|---:|
| The clock says | {time} |
| Whole days after today | {days} |
| Minutes left of today | {minutes} |
| `{formula}` | **{total}** |

Three calls in two rounds: the first two ran at the same time, the third needed what they found. Open *Thinking* to see every step in its order.

"""
    + texts_english.NOTE,
    refused_thought=(
        "A call did not bring what I needed. Without it any number would be made up, so I say so."
    ),
    refused="""I cannot work it out: a call was not made, or did not bring what it should.

{said}

Ask again and allow the calls, and you will see how an answer is built from them.

"""
    + texts_english.NOTE,
    no_tools_thought="This needs a clock and a calculator, and neither is among my tools.",
    no_tools="""There is no clock and no calculator among the tools that I was told of. They can be turned on in the settings, on the page *Tools and permissions*.

"""
    + texts_english.NOTE,
)

CHINESE: Final = ToolTexts(
    first_thought=(
        "今年还剩多少分钟？我不知道现在几点，不能乱猜；工具里正好有时钟。\n\n"
        "另外还要知道一整天有多少分钟。这一步与时钟无关，所以两个调用可以同时发出。"
    ),
    second_thought=(
        "时钟显示 {time}。今天之后还有 {days} 个整天，今天本身还剩 {minutes} 分钟。\n\n"
        "一天 {per_day} 分钟，所以要算的是 {formula}。心算容易出错，交给计算器才准确。"
    ),
    last_thought="时间、天数、结果都齐了，不需要再调用工具。",
    answer="""## 今年还剩 **{total} 分钟** ⏳

| 步骤 | 结果 |
|---|---:|
| 时钟显示 | {time} |
| 今天之后的整天数 | {days} |
| 今天剩余的分钟 | {minutes} |
| `{formula}` | **{total}** |

一共两轮、三次调用：前两次同时运行，第三次用到了它们的结果。打开“思考”面板可以按顺序看到每一步。

"""
    + texts_chinese.NOTE,
    refused_thought="有一次调用没有带回需要的内容。没有它，任何数字都是编造的，所以要如实说明。",
    refused="""这次算不出来：有的调用没有执行，或者没有带回应有的结果。

{said}

请再问一次并允许调用，就能看到回答是怎样一步步得出的。

"""
    + texts_chinese.NOTE,
    no_tools_thought="这需要时钟和计算器，而可用的工具里都没有。",
    no_tools="""可用的工具里没有时钟，也没有计算器。可以在设置的“工具与权限”页面中打开它们。

"""
    + texts_chinese.NOTE,
)
