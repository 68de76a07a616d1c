"""Drift of every column with deepchecks, and pandas' summary of both sides."""

import os
import sys

os.environ["DEEPCHECKS_DISABLE_TELEMETRY"] = "true"
os.environ["DISABLE_DEEPCHECKS_ANONYMOUS_TELEMETRY"] = "true"
os.environ["DISABLE_LATEST_VERSION_CHECK"] = "true"

import pandas as pd
from deepchecks.tabular import Dataset
from deepchecks.tabular.checks import FeatureDrift
from own_cost import print_own_cost


def main(reference_path: str, current_path: str) -> None:
    """Compares two Parquet files, all rows and all columns."""
    reference, current = pd.read_parquet(reference_path), pd.read_parquet(current_path)
    summaries = [frame.describe(include="all") for frame in (reference, current)]
    categories = [name for name in reference.columns if not pd.api.types.is_numeric_dtype(reference[name])]
    datasets = [Dataset(frame, cat_features=categories, label=None) for frame in (reference, current)]
    check = FeatureDrift(n_samples=len(reference), n_top_columns=reference.shape[1])
    result = check.run(*datasets, with_display=False)
    assert len(result.value) == reference.shape[1] and len(summaries) == 2


main(*sys.argv[1:])
print_own_cost()
