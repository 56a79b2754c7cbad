"""Conversations without end, made from a seed: prose, code, Chinese, Japanese, Korean, and odd signs."""

import random
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

import apsw

_SYLLABLES: Final = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "qui",
    "ro",
    "su",
    "ta",
    "ve",
    "wi",
    "xo",
    "yu",
    "za",
    "the",
    "ing",
    "ion",
    "er",
    "st",
    "tr",
]
_HAN: Final = [chr(code) for code in range(0x4E00, 0x4E00 + 2400)]
_KANA: Final = [chr(code) for code in (*range(0x3042, 0x3094), *range(0x30A2, 0x30F4))]
_HANGUL: Final = [chr(code) for code in range(0xAC00, 0xAC00 + 11172, 19)]
_ODD: Final = [
    "café",
    "naïve",
    "Straße",
    "İstanbul",
    "ﬁne",
    "ＦＵＬＬ１２３",
    "ｶﾀｶﾅ",
    "e\u0301te\u0301",
    "Ελληνικά",
    "ещё",
    "①②",
    "…",
    "🍵",
    "👩\u200d💻",
    "❤\ufe0f",
    "C#",
    "a!=b",
    "x->y",
    "std::vector",
    "3.15.2",
    "os.path.join()",
    "naïveté",
    "ŁÓDŹ",
    "한국어",
    "½",
    "“quoted”",
    "don’t",
]


class Corpus:
    """Texts from a seed; the same seed gives the same texts.

    Args:
        seed: Any number.
        sentences: How many texts are made of each kind; messages are put together from them.
    """

    def __init__(self, seed: int, sentences: int = 1500) -> None:
        self.chance = random.Random(seed)
        self._words = ["".join(self._some(_SYLLABLES, 1, 4)) for _ in range(6000)]
        # Some words are said far more often than others, as in every language.
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self._words))))
        makers = (self._prose, self._prose, self._code, self._chinese, self._japanese, self._korean)
        self._kinds = [[make() for _ in range(sentences)] for make in makers]

    def text(self, most: int = 3) -> str:
        """Return up to ``most`` sentences of one kind, and now and then something odd."""
        kind = self.chance.choice(self._kinds)
        parts = self._some(kind, 1, most)
        if self.chance.random() < 0.15:
            parts.append(self.chance.choice(_ODD) + str(self.chance.randrange(100_000)))
        return " ".join(parts)

    def _some(self, values: list[str], least: int, most: int) -> list[str]:
        return self.chance.choices(values, k=self.chance.randint(least, most))

    def _spoken(self, count: int) -> list[str]:
        return self.chance.choices(self._words, cum_weights=self._weights, k=count)

    def _prose(self) -> str:
        return " ".join(self._spoken(self.chance.randint(4, 12))).capitalize() + "."

    def _code(self) -> str:
        name, other, kind = self._spoken(3)
        number = self.chance.randrange(1000)
        return (
            f"def get_{name}_{other}(self): return self.{kind.title()}{other.title()}[{number}]"
            f" if {name}.{kind} >= 0x{number:x} else {{'{other}': {number / 7:.3f}}}"
        )

    def _chinese(self) -> str:
        return "".join(self.chance.choices(_HAN, k=self.chance.randint(6, 24))) + "。"

    def _japanese(self) -> str:
        signs = self.chance.choices([*_KANA * 6, *_HAN], k=self.chance.randint(6, 24))
        return "".join(signs) + "、M2モデル"

    def _korean(self) -> str:
        words = ("".join(self._some(_HANGUL, 1, 4)) for _ in range(self.chance.randint(2, 6)))
        return " ".join(words)


SECONDS: Final = 60
"""From one message to the next."""

_KINDS: Final = (
    ("user", "text"),
    ("assistant", "text"),
    ("assistant", "thought"),
    ("tool", "tool_result"),
)


def insert(connection: apsw.Connection, texts: Iterable[str], per_conversation: int = 100) -> None:
    """Write one message for each text, past the store: a hundred thousand in a second or two."""

    def rows() -> Iterator[tuple[int, str, str, str]]:
        for seq, text in enumerate(texts, start=1):
            role, kind = _KINDS[seq % len(_KINDS)]
            yield seq, role, kind, text

    with connection:
        conversations = 0
        for seq, role, kind, text in rows():
            if (seq - 1) // per_conversation == conversations:
                conversations += 1
                connection.execute(
                    "INSERT INTO conversation (seq, id, title, created_at, updated_at, model,"
                    " system_prompt) VALUES (?, ?, ?, ?, ?, 'MiniMax-M2', '')",
                    (
                        conversations,
                        f"c{conversations}",
                        f"No {conversations}",
                        seq * 1.0,
                        seq * 1.0,
                    ),
                )
            connection.execute(
                "INSERT INTO message (seq, id, conversation, role, state, created_at)"
                " VALUES (?, ?, ?, ?, 'complete', ?)",
                (seq, f"m{seq}", conversations, role, float(seq * SECONDS)),
            )
            connection.execute(
                "INSERT INTO part (id, message, position, kind, text, meta) VALUES (?, ?, 0, ?, ?, ?)",
                (seq, seq, kind, text, '{"name":""}' if role == "tool" else None),
            )
