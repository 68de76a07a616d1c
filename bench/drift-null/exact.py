"""Two samples of each of several distributions as raw doubles, and the exact statistics of scipy as JSON."""

import json
import sys

import numpy as np
import scipy
from scipy import stats

folder, rows = sys.argv[1], int(sys.argv[2])
draw = np.random.default_rng(7)
normal = draw.standard_normal
PAIRS = {
    "same": (normal(rows), normal(rows)),
    "shifted": (normal(rows), 0.25 + normal(rows)),
    "spread": (normal(rows), 1.4 * normal(rows)),
    "tails": (normal(rows), normal(rows) * np.where(draw.random(rows) < 0.05, 3, 1)),
    "lognormal": (np.exp(normal(rows)), np.exp(0.1 + normal(rows))),
    "exponential": (draw.exponential(size=rows), 1.2 * draw.exponential(size=rows)),
    "two humps": (normal(rows) + 4 * (draw.random(rows) < 0.4), normal(rows) + 4 * (draw.random(rows) < 0.45)),
    "heavy": (draw.standard_t(3, rows), draw.standard_t(5, rows)),
}

found = {}
for name, (before, after) in PAIRS.items():
    np.concatenate([before, after]).tofile(f"{folder}/{name}.f64")
    low, high = np.quantile(before, [0.25, 0.75])
    found[name] = {
        "ks": float(stats.ks_2samp(before, after, method="asymp").statistic),
        "wasserstein": float(stats.wasserstein_distance(before, after)),
        "iqr": float(high - low),
    }
print(json.dumps({"scipy": scipy.__version__, "found": found}))
