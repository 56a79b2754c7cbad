"""A list of heights with fast prefix sums, point updates, search and splicing.

Two levels: the heights, and the sums of groups of them. Summing a few hundred integers in C costs
less than the dozen steps in Python that a Fenwick tree takes, and building one costs a twentieth:
measured, 0.06 ms for 10,000 heights against 1.5. The running sums that were asked for last are kept
until a height changes. Near the end, where text streams and each frame changes a height, sums and
places are counted back from the end instead. Heights are whole pixels, so sums are exact.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

GROUP = 128
NEAR = 48
"""Values from the end for which counting back is cheaper than summing up a group."""


class Heights:
    """A growing list of non-negative integers with fast prefix sums."""

    __slots__ = ("_ends", "_inner", "_sums", "_total", "_values")

    def __init__(self, values: Iterable[int] = ()) -> None:
        self._values = list(values)
        self._sums: list[int] = []
        self._total = 0
        self._ends: list[int] | None = None
        """Where each group ends."""
        self._inner: tuple[int, list[int]] | None = None
        """A group, and where each of its values ends within it."""
        self._add_up(0)

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, index: int) -> int:
        return self._values[index]

    @property
    def total(self) -> int:
        """The sum of all values."""
        return self._total

    def prefix(self, count: int) -> int:
        """The sum of the first `count` values."""
        if len(self._values) - count <= NEAR:
            return self._total - sum(self._values[count:])
        group, inside = divmod(count, GROUP)
        before = self._group_ends()[group - 1] if group else 0
        return before + self._ends_in(group)[inside - 1] if inside else before

    def set(self, index: int, value: int) -> None:
        """Replace one value."""
        change = value - self._values[index]
        if not change:
            return
        self._values[index] = value
        self._sums[index // GROUP] += change
        self._total += change
        self._ends = self._inner = None

    def append(self, value: int) -> None:
        """Add one value at the end."""
        if len(self._values) % GROUP == 0:
            self._sums.append(0)
        self._values.append(value)
        self._sums[-1] += value
        self._total += value
        self._ends = self._inner = None

    def truncate(self, count: int) -> None:
        """Keep the first `count` values."""
        self.splice(count, len(self._values) - count)

    def splice(self, start: int, count: int, values: Sequence[int] = ()) -> None:
        """Put `values` in the place of `count` values from `start` on."""
        if count or values:
            self._values[start : start + count] = values
            self._add_up(start // GROUP)

    def scaled(self, factor: float) -> Heights:
        """All values times `factor`, in whole numbers."""
        # Ten thousand heights are a few hundred different ones: each is multiplied once.
        scaled = {value: int(value * factor + 0.5) for value in set(self._values)}
        return Heights(map(scaled.__getitem__, self._values))

    def find(self, offset: int) -> int:
        """The index of the value that covers `offset`; the last index beyond the end.

        Values of zero are stepped over. An empty list gives 0.
        """
        values, start = self._values, self._total
        if offset >= start:
            return max(0, len(values) - 1)
        if self._inner is None:
            last = len(values) - 1
            for index in range(last, max(-1, last - NEAR), -1):
                start -= values[index]
                if start <= offset:
                    return index
        ends = self._group_ends()
        group = bisect_right(ends, offset)
        before = ends[group - 1] if group else 0
        return group * GROUP + bisect_right(self._ends_in(group), offset - before)

    def _group_ends(self) -> list[int]:
        if self._ends is None:
            self._ends = list(accumulate(self._sums))
        return self._ends

    def _ends_in(self, group: int) -> list[int]:
        if self._inner is None or self._inner[0] != group:
            start = group * GROUP
            self._inner = (group, list(accumulate(self._values[start : start + GROUP])))
        return self._inner[1]

    def _add_up(self, group: int) -> None:
        """Sum up the groups from `group` on."""
        values, sums = self._values, self._sums
        del sums[group:]
        sums += [
            sum(values[start : start + GROUP]) for start in range(group * GROUP, len(values), GROUP)
        ]
        self._total = sum(sums)
        self._ends = self._inner = None
