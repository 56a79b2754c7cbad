"""What the demo answers with when it is asked for code and tables: long, wide and hostile ones.

The code is the same in both languages; only the words around it differ.
"""

from typing import Final

_PYTHON: Final = '''"""A small cache with a limit, to have something long to look at.

The text between the quotes goes on for more than thirty lines further down; whatever looks like
code in it stays a comment:

    def not_a_function(): return None
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """Keeps what was used last.

    for the first line of an answer, a cache is a dictionary that forgets
    while it is asked, it moves what it found to the end
    if it grows beyond its limit, it drops what stands at the beginning
    class and def, import and return are only words here
    try to read on: the quotes end below the cut that the view makes
    """

    def __init__(self, limit: int, make: Callable[[Key], Value]) -> None:
        if limit < 1:
            raise ValueError(f"a cache needs room for at least one value, and {limit} is no such number of values")
        self._limit = limit
        self._make = make
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self.hits = 0
        self.misses = 0

    def get(self, key: Key) -> Value:
        if key in self._kept:
            self.hits += 1
            self._kept.move_to_end(key)
            return self._kept[key]
        self.misses += 1
        value = self._kept[key] = self._make(key)
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)
        return value

    @property
    def share(self) -> float:
        asked = self.hits + self.misses
        return self.hits / asked if asked else 0.0


if __name__ == "__main__":
    cache = BoundedCache(3, lambda number: number**2)
    print([cache.get(number) for number in (1, 2, 3, 1, 4, 2)], f"{cache.share:.0%}")'''

_TROJAN: Final = """def may_enter(level):
    if level != "user\u202e \u2066# only administrators\u2069 \u2066":
        return True
    name = "admin\u200b"  # \U000e0068\U000e0069
    return False"""

_DIAGRAM: Final = """sequenceDiagram
    participant P as Person
    participant M as Model
    %% one turn
    P->>M: question
    M-->>P: thinking
    M-->>P: answer"""

_BLOCKS: Final = {
    "python": f'```python title="bounded_cache.py"\n{_PYTHON}\n```',
    "trojan": f"```python\n{_TROJAN}\n```",
    "diagram": f"```mermaid\n{_DIAGRAM}\n```",
}

_WIDE_ENGLISH: Final = """| Route | Departure | Arrival | Operator | Platform | Rolling stock | Remarks | Reservation |
|:--|--:|--:|:--|:-:|:--|:--|:-:|
| Hangzhou East to Shanghai Hongqiao | 07:02 | 07:47 | China Railway Shanghai Group | 12 | CR400AF-A | Stops only at Jiaxing South; a quiet car at the front | `G7302` |
| Hangzhou East to Nanjing South | 08:15 | 09:33 | China Railway Shanghai Group | 4 | CRH380BL | Through carriages for Hefei | `G7344` |
| Hangzhou East to Ningbo | 09:20 | 10:16 | China Railway Shanghai Group | 21 | CR300BF | Bicycles in bags | `D3141` |"""

_WIDE_CHINESE: Final = """| 线路 | 出发 | 到达 | 运营方 | 站台 | 车型 | 备注 | 车次 |
|:--|--:|--:|:--|:-:|:--|:--|:-:|
| 杭州东至上海虹桥 | 07:02 | 07:47 | 中国铁路上海局集团有限公司 | 12 | CR400AF-A | 只停嘉兴南站，车头一节为静音车厢 | `G7302` |
| 杭州东至南京南 | 08:15 | 09:33 | 中国铁路上海局集团有限公司 | 4 | CRH380BL | 部分车厢直达合肥 | `G7344` |
| 杭州东至宁波 | 09:20 | 10:16 | 中国铁路上海局集团有限公司 | 21 | CR300BF | 自行车须装袋 | `D3141` |"""

THOUGHTS: Final = (
    "Long code, a wide table, and code that is not what it seems: one of each, with a word on use.",
)

THOUGHTS_CHINESE: Final = (
    "长代码、宽表格，还有一段暗藏玄机的代码：各来一个，再说明可以试试什么。",
)

ANSWER: Final = f"""# Code and tables

A file that is longer than the window. Fold it, wrap its one long line or not, save it:

{_BLOCKS["python"]}

A table that is wider than its column scrolls sideways (Shift and the wheel), and can be copied into a spreadsheet:

{_WIDE_ENGLISH}

And a piece of *Trojan source*: the marks are characters that nobody would see otherwise. Without them, the comparison looks harmless.

{_BLOCKS["trojan"]}

{_BLOCKS["diagram"]}
"""

ANSWER_CHINESE: Final = f"""# 代码与表格

一个比窗口还长的文件：可以折叠，可以让那一行长代码换行或不换行，也可以保存为文件：

{_BLOCKS["python"]}

比正文更宽的表格可以横向滚动（Shift 加滚轮），也可以复制到电子表格里：

{_WIDE_CHINESE}

再来一段“木马源码”：标出来的都是平时看不见的字符。没有这些标记，这个比较看上去毫无问题。

{_BLOCKS["trojan"]}

{_BLOCKS["diagram"]}
"""
