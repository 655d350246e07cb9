"""How good is a ranking: recall among the first ten, reciprocal rank, discounted gain."""
from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DEPTH = 10
RIGHT = 2
"""Grade of a right answer; 1 is a related one."""


@dataclass(frozen=True)
class Score:
    """Recall@10, MRR and nDCG@10, each from 0 to 1; of one query or a mean of several."""

    recall: float
    mrr: float
    ndcg: float
    queries: int = 1


def judge(found: Sequence[str], relevant: Mapping[str, int]) -> Score:
    """Score of one ranking. Recall counts right answers among the first ten, out of those that
    could stand there; the reciprocal rank is that of the first right answer.
    """
    right = {name for name, grade in relevant.items() if grade >= RIGHT}
    hits = [place for place, name in enumerate(found[:DEPTH]) if name in right]
    first = next((1 / place for place, name in enumerate(found, 1) if name in right), 0.0)
    gain = sum(
        (2 ** relevant.get(name, 0) - 1) / math.log2(place + 2)
        for place, name in enumerate(found[:DEPTH])
    )
    ideal = sum(
        (2**grade - 1) / math.log2(i + 2)
        for i, grade in enumerate(sorted(relevant.values(), reverse=True)[:DEPTH])
    )
    possible = min(DEPTH, len(right))
    return Score(len(hits) / possible if possible else 0.0, first, gain / ideal if ideal else 0.0)


def mean(scores: Sequence[Score]) -> Score:
    """Mean of several scores; zeros for none."""
    count = len(scores)
    return Score(
        sum(s.recall for s in scores) / count if count else 0.0,
        sum(s.mrr for s in scores) / count if count else 0.0,
        sum(s.ndcg for s in scores) / count if count else 0.0,
        count,
    )
