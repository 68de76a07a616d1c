"""Puts the container's package on the path, and trains one small model that the tests share."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet as parquet
import pytest

CONTAINER = Path(__file__).resolve().parents[2] / "container"
sys.path.insert(0, str(CONTAINER))
os.environ.setdefault("OMP_NUM_THREADS", "1")

COLUMNS = [
    {"name": "scheduled", "kind": "timestamp"},
    {"name": "origin", "kind": "categorical"},
    {"name": "distance", "kind": "numeric"},
    {"name": "earlier", "kind": "numeric", "nullable": True},
    {"name": "weekend", "kind": "boolean"},
    {"name": "late", "kind": "boolean"},
]
FEATURES = [
    {"kind": "hour", "column": "scheduled"},
    {"kind": "weekday", "column": "scheduled"},
    {"kind": "category", "column": "origin"},
    {"kind": "numeric", "column": "distance", "impute": "median", "scale": "standard", "clip": [0, 3000]},
    {"kind": "numeric", "column": "earlier"},
    {"kind": "boolean", "column": "weekend"},
]
CONFIG = {
    "model": "late-trains",
    "data": {"columns": COLUMNS, "target": "late", "time": "scheduled"},
    "target": "late",
    "features": FEATURES,
    "seed": 7,
}


def made_rows(count, seed):
    """Rows of a made-up railway whose lateness depends on every column; a fifth of `earlier` is missing."""
    random = np.random.default_rng(seed)
    seconds = 978307200 + random.integers(0, 31 * 86400, count)
    origin = random.choice(["ATL", "BOS", "DEN", "ORD", "SEA"], count, p=[0.3, 0.1, 0.2, 0.3, 0.1])
    distance = np.round(random.gamma(2, 400, count), 1)
    earlier = np.where(random.random(count) < 0.2, np.nan, np.round(random.normal(5, 20, count), 1))
    weekend = (seconds // 86400 + 3) % 7 >= 5
    margin = (
        -1.5
        + 0.05 * (seconds // 3600 % 24 - 12)
        + 0.8 * np.isin(origin, ["ORD", "DEN"])
        + 0.02 * np.nan_to_num(earlier)
        + 0.5 * weekend
        - 0.0003 * distance
    )
    late = random.random(count) < 1 / (1 + np.exp(-margin))
    return pyarrow.table(
        {
            "scheduled": pyarrow.array(seconds * 1_000_000, pyarrow.timestamp("us")),
            "origin": origin.tolist(),
            "distance": distance,
            "earlier": pyarrow.array(earlier, from_pandas=True),
            "weekend": weekend,
            "late": late,
        }
    )


def instances(table):
    """Rows as a caller would send them: no target, timestamps as ISO text."""
    rows = table.drop_columns(["late"]).to_pylist()
    return [{**row, "scheduled": row["scheduled"].isoformat() + "Z"} for row in rows]


def training_environment(folder, train, validation, config=CONFIG):
    """Writes channels below `folder` and returns the SM_* environment SageMaker would give the script."""
    for name, table in (("train", train), ("validation", validation)):
        (folder / name).mkdir(parents=True)
        if table is not None:
            parquet.write_table(table, folder / name / "part-00000.parquet")
    (folder / "config").mkdir()
    (folder / "config" / "model.json").write_text(json.dumps(config))
    return {
        "SM_CHANNEL_TRAIN": str(folder / "train"),
        "SM_CHANNEL_VALIDATION": str(folder / "validation"),
        "SM_CHANNEL_CONFIG": str(folder / "config"),
        "SM_MODEL_DIR": str(folder / "model"),
        "SM_OUTPUT_DIR": str(folder / "output"),
        "SM_NUM_CPUS": "1",
        "SM_NUM_GPUS": "0",
    }


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """Folder of a model trained by the real training code; `source` beside it holds the scripts it was trained with."""
    from modelway_container.training import train

    folder = tmp_path_factory.mktemp("trained")
    source = folder / "source"
    source.mkdir()
    (source / "inference.py").write_text("from modelway_container.serving import model_fn, transform_fn\n")
    environment = training_environment(folder, made_rows(4000, 1), made_rows(1500, 2))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        train(source, ["--num_round", "40", "--max_depth", "5", "--min_child_weight", "5"])
    return folder / "model"
