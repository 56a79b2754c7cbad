"""A Fenwick tree of heights: prefix sums, point updates and search in logarithmic time.

Heights are whole pixels, so sums are exact however many rows there are.
"""

from __future__ import annotations

from collections.abc import Iterable


class Fenwick:
    """A growing list of non-negative integers with fast prefix sums."""

    __slots__ = ("_tree", "_values")

    def __init__(self, values: Iterable[int] = ()) -> None:
        self._values = list(values)
        tree = [0, *self._values]
        for index in range(1, len(tree)):
            parent = index + (index & -index)
            if parent < len(tree):
                tree[parent] += tree[index]
        self._tree = tree

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, index: int) -> int:
        return self._values[index]

    @property
    def total(self) -> int:
        """The sum of all values."""
        return self.prefix(len(self._values))

    def prefix(self, count: int) -> int:
        """The sum of the first `count` values."""
        total = 0
        tree = self._tree
        while count > 0:
            total += tree[count]
            count &= count - 1
        return total

    def set(self, index: int, value: int) -> None:
        """Replace one value."""
        change = value - self._values[index]
        if not change:
            return
        self._values[index] = value
        tree, size = self._tree, len(self._tree)
        index += 1
        while index < size:
            tree[index] += change
            index += index & -index

    def append(self, value: int) -> None:
        """Add one value at the end."""
        self._values.append(value)
        index = len(self._tree)
        low = index - (index & -index)
        total = value
        child = index - 1
        while child > low:
            total += self._tree[child]
            child &= child - 1
        self._tree.append(total)

    def truncate(self, count: int) -> None:
        """Keep the first `count` values. The kept nodes never cover dropped ones."""
        del self._values[count:]
        del self._tree[count + 1 :]

    def find(self, offset: int) -> int:
        """The index of the value that covers `offset`; the last index beyond the end.

        Values of zero are stepped over. An empty tree gives 0.
        """
        if not self._values:
            return 0
        index, size = 0, len(self._tree)
        step = 1 << (size.bit_length() - 1)
        while step:
            candidate = index + step
            if candidate < size and self._tree[candidate] <= offset:
                index = candidate
                offset -= self._tree[candidate]
            step >>= 1
        return min(index, len(self._values) - 1)
