"""What a search costs as conversations grow, what the index costs, and what it weighs.

CPU time of the process and elapsed time; the ratio says what a hundred times as many messages cost.
Other numbers of messages: `python tests/benchmarks/bench_search.py 10000 100000`.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import apsw

sys.path.insert(0, str(Path(__file__).parents[2]))

from desktop_app.domain.search import Scope, SearchQuery
from desktop_app.storage.connection import accept, connect
from desktop_app.storage.migrations import migrate
from desktop_app.storage.search_grams import document
from desktop_app.storage.search_index import index_path, open_index, until, work
from desktop_app.storage.search_reading import search
from tests.corpus import SECONDS, Corpus, insert

SIZES = (10_000, 1_000_000)
QUERIES = 400
SEED = 7


def texts(count: int) -> Iterator[str]:
    corpus = Corpus(SEED)
    return (corpus.text(most=2) for _ in range(count))


def queries(count: int) -> list[str]:
    """Cut out of the texts, of one to twelve signs; some of two words, some that stand nowhere."""
    corpus, chance = Corpus(SEED), random.Random(SEED)
    wanted = []
    while len(wanted) < count:
        text = corpus.text(most=2)
        length = chance.choice((1, 2, 2, 3, 4, 5, 6, 8, 12))
        start = chance.randrange(max(1, len(text) - length))
        query = text[start : start + length].strip()
        kind = chance.random()
        if kind < 0.15:
            query = " ".join(chance.sample(text.split(), 2)) if len(text.split()) > 1 else query
        elif kind < 0.3:
            query += chance.choice(("q", "zx", "思", "9"))
        if query:
            wanted.append(query)
    return wanted


def spread(values: list[float]) -> str:
    ordered = sorted(values)
    at = [ordered[int(len(ordered) * share)] for share in (0.5, 0.95)]
    return f"p50 {at[0]:.2f} p95 {at[1]:.2f} most {ordered[-1]:.2f} ms"


def measure(index: apsw.Connection, wanted: list[SearchQuery]) -> tuple[list[float], list[float]]:
    cpu, wall = [], []
    for query in wanted:
        began = time.process_time_ns(), time.perf_counter_ns()
        search(index, query)
        cpu.append((time.process_time_ns() - began[0]) / 1e6)
        wall.append((time.perf_counter_ns() - began[1]) / 1e6)
    return cpu, wall


def build(folder: Path, count: int) -> tuple[Path, int]:
    path = folder / f"{count}.db"
    connection = connect(path)
    accept(connection)
    migrate(connection)
    size = 0

    def counted() -> Iterator[str]:
        nonlocal size
        for text in texts(count):
            size += len(text.encode())
            yield text

    insert(connection, counted())
    began = time.process_time()
    index = open_index(index_path(path), path)
    while not work(index, until(5)).is_done:
        pass
    took = time.process_time() - began
    index.close()
    connection.execute("DELETE FROM search_change")
    connection.close()
    weight = index_path(path).stat().st_size
    print(
        f"{count:,} messages, {size / 1e6:.0f} MB of text: index {weight / 1e6:.0f} MB"
        f" ({weight / size:.2f} of the text), made in {took:.1f} s CPU,"
        f" {took / count * 1e3:.3f} ms for each"
    )
    return path, size


def streaming(path: Path) -> None:
    """What one more answer of 1,500 characters costs, in an index that is there."""
    keeper = connect(path)
    accept(keeper)
    index = open_index(index_path(path), path)
    corpus = Corpus(SEED + 1)
    costs = []
    for number in range(100):
        text = ""
        while len(text) < 1500:
            text += corpus.text() + "\n"
        with keeper:
            keeper.execute(
                "INSERT INTO message (id, conversation, role, state, created_at)"
                " VALUES (?, 1, 'assistant', 'complete', 1e9)",
                (f"new{number}",),
            )
            keeper.execute(
                "INSERT INTO part (message, position, kind, text) VALUES (?, 0, 'text', ?)",
                (keeper.last_insert_rowid(), text),
            )
        began = time.process_time_ns()
        work(index, until(5))
        costs.append((time.process_time_ns() - began) / 1e6)
    began = time.process_time_ns()
    document(text, Scope.ANSWERS, 1e9)
    runs = (time.process_time_ns() - began) / 1e6
    print(f"  one answer of 1,500 characters more: {spread(costs)} CPU, its runs {runs:.2f} ms")
    index.close()
    keeper.close()


def main(sizes: tuple[int, ...]) -> None:
    wanted = {
        "as typed": [SearchQuery(text) for text in queries(QUERIES)],
        "one letter": [SearchQuery(letter) for letter in "eaqxz的思かM0.🍵"],
        "thinking alone": [
            SearchQuery(text, frozenset({Scope.THINKING})) for text in queries(QUERIES // 4)
        ],
        "in a tenth of the time": [],
    }
    medians: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path, _ = build(Path(folder), size)
            keeper = connect(path)
            accept(keeper)
            index = open_index(index_path(path), path)
            wanted["in a tenth of the time"] = [
                SearchQuery(text, since=size * SECONDS * 0.1, until=size * SECONDS * 0.2)
                for text in queries(QUERIES // 4)
            ]
            for name, asked in wanted.items():
                cpu, wall = measure(index, asked)
                medians.setdefault(name, []).append(statistics.median(cpu))
                print(f"  {name}: CPU {spread(cpu)}; elapsed {spread(wall)}")
            index.close()
            keeper.close()
            streaming(path)
    for name, found in medians.items():
        print(
            f"{name}: median CPU ratio {found[-1] / found[0]:.2f} from {sizes[0]:,} to {sizes[-1]:,}"
        )


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
