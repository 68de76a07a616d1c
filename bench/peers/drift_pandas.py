"""Drift of every column with pandas and exact scipy tests: what a careful notebook does."""

import sys

import numpy as np
import pandas as pd
from own_cost import print_own_cost
from scipy import stats
from scipy.spatial.distance import jensenshannon

BINS = 50


def main(reference_path: str, current_path: str) -> None:
    """Compares two Parquet files column by column, and summarises both."""
    reference, current = pd.read_parquet(reference_path), pd.read_parquet(current_path)
    summaries = [frame.describe(include="all") for frame in (reference, current)]
    found = {}
    for name in reference.columns:
        before, after = reference[name].dropna(), current[name].dropna()
        if pd.api.types.is_numeric_dtype(reference[name]):
            found[name] = numeric(before.to_numpy(), after.to_numpy())
        else:
            found[name] = categorical(before, after)
    assert len(found) == reference.shape[1] and len(summaries) == 2


def numeric(before: np.ndarray, after: np.ndarray) -> dict:
    edges = np.unique(np.quantile(before, np.linspace(0, 1, BINS + 1)[1:-1]))
    shares = [np.bincount(np.searchsorted(edges, x, "right"), minlength=edges.size + 1) / x.size for x in (before, after)]
    return {
        "ks": stats.ks_2samp(before, after, method="asymp"),
        "wasserstein": stats.wasserstein_distance(before, after),
        **distances(*shares),
    }


def categorical(before: pd.Series, after: pd.Series) -> dict:
    counts = pd.concat([before.value_counts(), after.value_counts()], axis=1).fillna(0).to_numpy().T
    shares = counts / counts.sum(axis=1, keepdims=True)
    return {"chi2": stats.chi2_contingency(counts), **distances(*shares)}


def distances(p: np.ndarray, q: np.ndarray) -> dict:
    safe_p, safe_q = np.maximum(p, 1e-6), np.maximum(q, 1e-6)
    return {"js": jensenshannon(p, q, base=2), "psi": np.sum((safe_q - safe_p) * np.log(safe_q / safe_p))}


main(*sys.argv[1:])
print_own_cost()
