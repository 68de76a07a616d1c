"""Reads the training channels: typed Parquet files, and the config the platform froze with them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.parquet as parquet

from . import columns as read


@dataclass(frozen=True)
class Channel:
    """Rows of one channel, as columns, with their labels (1 or 0)."""

    columns: Mapping[str, Any]
    labels: np.ndarray

    @property
    def rows(self) -> int:
        return len(self.labels)


def read_config(folder: Path) -> dict[str, Any]:
    """`model.json` of the `config` channel: see `TrainingConfigSchema` in contracts/serving.ts."""
    return json.loads((folder / "model.json").read_text(encoding="utf-8"))


def read_channel(folder: Path, config: Mapping[str, Any]) -> Channel:
    """All Parquet files below a channel's folder, in order of their names."""
    files = sorted(folder.rglob("*.parquet"))
    if not files:
        raise ValueError(f"channel {folder.name} holds no Parquet file")
    target = config["target"]
    needed = list(dict.fromkeys([*(feature["column"] for feature in config["features"]), target]))
    table = pyarrow.concat_tables([parquet.ParquetFile(file).read(columns=needed) for file in files])
    missing = [name for name in needed if name not in table.column_names]
    if missing:
        raise ValueError(f"channel {folder.name} lacks column {missing[0]}; it has {', '.join(table.column_names)}")
    labels = read.flags(table.column(target), target)
    if np.isnan(labels).any():
        raise ValueError(
            f"channel {folder.name}: target {target} is missing in row {int(np.isnan(labels).argmax()) + 1}"
        )
    if len(np.unique(labels)) < 2:
        raise ValueError(f"channel {folder.name}: {len(labels)} rows, but target {target} does not have both values")
    return Channel({name: table.column(name) for name in needed}, labels.astype(np.float32))
