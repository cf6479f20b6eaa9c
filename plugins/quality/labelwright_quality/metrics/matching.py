"""Which of one person's regions are which of the other's: the pairing with the greatest sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
Pair = tuple[int, int, float]


def matched(a: Sequence[T], b: Sequence[T], likeness: Callable[[T, T], float]) -> list[Pair]:
    """Pair each of ``a`` with at most one of ``b`` so that the likenesses add up to the most.

    Things that are nothing like each other are never paired, so that what lies far apart is worked on apart: many
    regions cost no more than the crowds among them.

    :returns: index in ``a``, index in ``b``, likeness (above 0).
    """
    like = {
        (i, j): value
        for i, one in enumerate(a)
        for j, other in enumerate(b)
        if (value := likeness(one, other)) > 0
    }
    found: list[Pair] = []
    for rows, columns in _crowds(like):
        costs = [[-like.get((i, j), 0.0) for j in columns] for i in rows]
        for i, j in _assigned(costs) if len(rows) <= len(columns) else _turned(costs):
            pair = (rows[i], columns[j])
            if pair in like:
                found.append((*pair, like[pair]))
    return sorted(found)


def _crowds(like: dict[tuple[int, int], float]) -> list[tuple[list[int], list[int]]]:
    """The indexes that hang together by any likeness."""
    rows: dict[int, list[int]] = {}
    columns: dict[int, list[int]] = {}
    for i, j in like:
        rows.setdefault(i, []).append(j)
        columns.setdefault(j, []).append(i)
    crowds = []
    left = dict.fromkeys(rows)
    while left:
        seen_rows, seen_columns, waiting = set(), set(), [next(iter(left))]
        while waiting:
            i = waiting.pop()
            if i in seen_rows:
                continue
            seen_rows.add(i)
            left.pop(i, None)
            for j in rows[i]:
                if j not in seen_columns:
                    seen_columns.add(j)
                    waiting += columns[j]
        crowds.append((sorted(seen_rows), sorted(seen_columns)))
    return crowds


def _turned(costs: list[list[float]]) -> list[tuple[int, int]]:
    return [(i, j) for j, i in _assigned([list(column) for column in zip(*costs, strict=True)])]


def _assigned(costs: list[list[float]]) -> list[tuple[int, int]]:
    """The cheapest assignment of every row to a column of its own: Kuhn and Munkres, by shortest augmenting paths.

    :param costs: at least as many columns as rows.
    """
    rows, columns = len(costs), len(costs[0])
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    row_at = [0] * (columns + 1)  # 0: nobody's; rows and columns count from 1
    for row in range(1, rows + 1):
        row_at[0], column = row, 0
        least, before = [float("inf")] * (columns + 1), [0] * (columns + 1)
        used = [False] * (columns + 1)
        while row_at[column]:
            used[column] = True
            here, step, following = row_at[column], float("inf"), 0
            for j in range(1, columns + 1):
                if used[j]:
                    continue
                reduced = costs[here - 1][j - 1] - of_row[here] - of_column[j]
                if reduced < least[j]:
                    least[j], before[j] = reduced, column
                if least[j] < step:
                    step, following = least[j], j
            for j in range(columns + 1):
                if used[j]:
                    of_row[row_at[j]] += step
                    of_column[j] -= step
                else:
                    least[j] -= step
            column = following
        while column:
            row_at[column] = row_at[before[column]]
            column = before[column]
    return [(row_at[j] - 1, j - 1) for j in range(1, columns + 1) if row_at[j]]
