"""The score from which a row is labelled 1."""

from __future__ import annotations

import numpy as np


def best_threshold(labels: np.ndarray, scores: np.ndarray) -> float:
    """The threshold with the largest true-positive rate minus false-positive rate (Youden's J), labels 0 or 1.

    J weighs both kinds of mistake by their class, so a rare class is not simply never predicted. Among equals: the highest.
    """
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], labels[order] == 1
    last_of_score = np.append(np.diff(ranked) != 0, True)
    gains = np.cumsum(hits) / hits.sum() - np.cumsum(~hits) / (~hits).sum()
    return float(ranked[last_of_score][np.argmax(gains[last_of_score])])
