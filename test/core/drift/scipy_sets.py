"""Writes scipy-sets.csv: twenty pairs of samples such as columns of real tables have, as counts, with scipy's statistics of them.

Run as `python scipy_sets.py > scipy-sets.csv` with scipy 1.17.1 and numpy 2.4.6.
"""

import numpy as np
from scipy import spatial, stats

random = np.random.default_rng(20)
BINS = 9

SHAPES = {
    "normal": lambda n, d: random.normal(0.3 * d, 1 + 0.2 * d, n),
    "lognormal": lambda n, d: random.lognormal(0.25 * d, 0.8, n),
    "exponential": lambda n, d: random.exponential(1 + 0.4 * d, n),
    "zero-inflated": lambda n, d: random.gamma(2, 1, n) * (random.random(n) < 0.5 + 0.15 * d),
    "counts": lambda n, d: random.poisson(3 + d, n).astype(float),
    "two peaks": lambda n, d: random.normal(0, 1, n) + 4 * (random.random(n) < 0.3 + 0.15 * d),
}


def numeric(shape, drift, before_rows, after_rows):
    before = SHAPES[shape](before_rows, 0)
    edges = np.unique(np.quantile(before, np.arange(1, BINS) / BINS))
    bins = len(edges) + 1
    of = lambda values: np.bincount(np.searchsorted(edges, values, side="right"), minlength=bins)
    return of(before), of(SHAPES[shape](after_rows, drift))


def category(drift, before_rows, after_rows):
    shares = 1 / np.arange(1, BINS + 1)
    shares /= shares.sum()
    moved = shares.copy()
    moved[0] -= 0.12 * drift
    moved[3] += 0.12 * drift
    return random.multinomial(before_rows, shares), random.multinomial(after_rows, moved)


def statistics(before, after):
    table = np.array([before, after])
    table = table[:, table.sum(axis=0) > 0]
    p, q = before / before.sum(), after / after.sum()
    values = np.arange(len(before))
    first, second = np.repeat(values, before), np.repeat(values, after)
    chi2 = stats.chi2_contingency(table, correction=False)
    return {
        "js": spatial.distance.jensenshannon(p, q, 2),
        # Half a row in every bin, that of values nobody knows among them.
        "kl": stats.entropy(np.append(after, 0) + 0.5, np.append(before, 0) + 0.5),
        "hellinger": np.linalg.norm(np.sqrt(p) - np.sqrt(q)) / np.sqrt(2),
        "totalVariation": spatial.distance.cityblock(p, q) / 2,
        "chi2": chi2.statistic,
        "g": stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic,
        "cramersV": stats.contingency.association(table, method="cramer"),
        "ks": stats.ks_2samp(first, second).statistic,
        "wasserstein": stats.wasserstein_distance(values, values, before, after),
        "pValue": chi2.pvalue,
    }


def main():
    columns = None
    for number in range(20):
        drift = 0 if number % 2 == 0 else 1
        rows = (20_000, [1500, 3000, 6000, 9000][number % 4])
        if number % 5 == 4:
            kind, (before, after) = "category", category(drift, *rows)
        else:
            shape = list(SHAPES)[number % len(SHAPES)]
            kind, (before, after) = "numeric", numeric(shape, drift, *rows)
        found = statistics(before, after)
        if columns is None:
            columns = ["kind", "before", "after", *found]
            print(",".join(columns))
        counts = [" ".join(map(str, side)) for side in (before, after)]
        print(",".join([kind, *counts, *(repr(float(value)) for value in found.values())]))


main()
