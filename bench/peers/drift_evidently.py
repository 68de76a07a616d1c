"""Drift of every column with Evidently, and its summary of both sides."""

import os
import sys

os.environ["DO_NOT_TRACK"] = "1"

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset, DataSummaryPreset
from own_cost import print_own_cost


def main(reference_path: str, current_path: str) -> None:
    """Compares two Parquet files, all rows and all columns."""
    reference, current = pd.read_parquet(reference_path), pd.read_parquet(current_path)
    numeric = [name for name in reference.columns if pd.api.types.is_numeric_dtype(reference[name])]
    categories = [name for name in reference.columns if name not in numeric]
    definition = DataDefinition(numerical_columns=numeric, categorical_columns=categories)
    before, after = (Dataset.from_pandas(frame, data_definition=definition) for frame in (reference, current))
    snapshot = Report([DataDriftPreset(), DataSummaryPreset()]).run(after, before)
    assert snapshot.dict()["metrics"]


main(*sys.argv[1:])
print_own_cost()
