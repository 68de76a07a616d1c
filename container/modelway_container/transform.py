"""The one feature transform: fitted once at training, kept as readable JSON, applied alike in training, batch and serving.

The result is a dense float32 matrix; categories are codes and missing values are NaN, so XGBoost sees one encoding everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from . import columns as read
from .columns import Column
from .refusals import Refused

FILE_NAME = "transform.json"
_LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class Numeric:
    """Clip, then fill what is missing (`fill` None: it stays missing), then `(value - offset) / divisor`."""

    column: str
    clip: tuple[float, float] | None
    fill: float | None
    offset: float
    divisor: float


@dataclass(frozen=True)
class Category:
    """The code of a value is its place in `values`; a value that is not there counts as missing."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Hour:
    """Hour of the day in UTC, 0–23."""

    column: str


@dataclass(frozen=True)
class Weekday:
    """Day of the week in UTC, Monday is 0."""

    column: str


@dataclass(frozen=True)
class Boolean:
    """True is 1, false is 0."""

    column: str


Step = Numeric | Category | Hour | Weekday | Boolean
_KINDS: dict[str, type[Step]] = {
    "numeric": Numeric,
    "category": Category,
    "hour": Hour,
    "weekday": Weekday,
    "boolean": Boolean,
}
_KIND_NAMES = {kind: name for name, kind in _KINDS.items()}


class Transform:
    """A fitted transform: `matrix` for columns, `rows_matrix` for rows; both give the same bytes."""

    def __init__(self, steps: Sequence[Step], known_columns: Sequence[str]) -> None:
        self.steps = tuple(steps)
        self.known_columns = tuple(known_columns)
        self.feature_names = [feature_name(step) for step in steps]
        self.feature_types = ["c" if isinstance(step, Category) else "float" for step in steps]
        self._codes = [_codes_of(step) for step in steps]
        self._needed = tuple(dict.fromkeys(step.column for step in steps))
        self._known = frozenset(known_columns)

    def matrix(self, columns: Mapping[str, Column], rows: int) -> np.ndarray:
        """Features of `rows` rows given as columns; a column that is absent is missing in every row."""
        features = np.empty((rows, len(self.steps)), np.float32)
        times: dict[str, np.ndarray] = {}
        for index, step in enumerate(self.steps):
            raw = columns.get(step.column)
            values: Column = [None] * rows if raw is None else raw
            if isinstance(step, Numeric):
                features[:, index] = _scaled(read.numbers(values, step.column), step)
            elif isinstance(step, Category):
                code = self._codes[index].get
                features[:, index] = [code(value, np.nan) for value in read.texts(values, step.column)]
            elif isinstance(step, Boolean):
                features[:, index] = read.flags(values, step.column)
            else:
                if step.column not in times:
                    times[step.column] = read.times(values, step.column)
                features[:, index] = _calendar(times[step.column], step)
        return features

    def rows_matrix(self, rows: Sequence[Mapping[str, Any]]) -> np.ndarray:
        """Features of rows as callers send them; a column the model's data does not have is refused."""
        for index, row in enumerate(rows):
            if not self._known.issuperset(row):
                unknown = next(name for name in row if name not in self._known)
                raise Refused(
                    f"row {index + 1}, column {unknown}: not known; known are {', '.join(self.known_columns)}"
                )
        return self.matrix({name: [row.get(name) for row in rows] for name in self._needed}, len(rows))

    def document(self) -> dict[str, Any]:
        """The readable form, as `transform.json` holds it."""
        steps = [{"name": feature_name(step), "kind": _KIND_NAMES[type(step)], **asdict(step)} for step in self.steps]
        return {"version": 1, "columns": list(self.known_columns), "features": steps}

    def save(self, folder: Path) -> None:
        """Writes `transform.json` into a model folder."""
        (folder / FILE_NAME).write_text(json.dumps(self.document(), indent=1), encoding="utf-8")


def load_transform(folder: Path) -> Transform:
    """The transform of a model folder."""
    return transform_from(json.loads((folder / FILE_NAME).read_text(encoding="utf-8")))


def transform_from(document: Mapping[str, Any]) -> Transform:
    """The transform a `transform.json` describes."""
    return Transform([_step_from(entry) for entry in document["features"]], document["columns"])


def feature_name(step: Step) -> str:
    """The column's name, or `<column>.hour` and `<column>.weekday`, as in contracts/features.ts."""
    return f"{step.column}.{_KIND_NAMES[type(step)]}" if isinstance(step, (Hour, Weekday)) else step.column


def _step_from(entry: Mapping[str, Any]) -> Step:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    kind = _KINDS[entry["kind"]]
    del fields["kind"], fields["name"]
    return kind(**fields)


def _codes_of(step: Step) -> dict[str, float]:
    return {value: float(code) for code, value in enumerate(step.values)} if isinstance(step, Category) else {}


def _scaled(values: np.ndarray, step: Numeric) -> np.ndarray:
    if step.clip is not None:
        values = np.clip(values, *step.clip)
    if step.fill is not None:
        values = np.where(np.isnan(values), step.fill, values)
    # A finite value must stay finite in float32, or XGBoost refuses the whole matrix.
    with np.errstate(over="ignore"):
        return np.clip((values - step.offset) / step.divisor, -_LARGEST, _LARGEST)


def _calendar(seconds: np.ndarray, step: Hour | Weekday) -> np.ndarray:
    part = seconds // 3600 % 24 if isinstance(step, Hour) else (seconds // 86400 + 3) % 7
    return np.where(seconds == read.MISSING_TIME, np.nan, part)
