"""Fits the typed features of a model's config to training columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from . import columns as read
from .columns import Column
from .transform import Boolean, Category, Hour, Numeric, Step, Transform, Weekday

DEFAULT_MAX_VALUES = 1000


def fit_transform(
    features: Sequence[Mapping[str, Any]], columns: Mapping[str, Column], known: Sequence[str]
) -> Transform:
    """Fits `features` (the config's, see contracts/features.ts) to training columns; `known` are the data's columns."""
    return Transform([_fit(feature, columns[feature["column"]]) for feature in features], known)


def _fit(feature: Mapping[str, Any], values: Column) -> Step:
    kind, column = feature["kind"], feature["column"]
    if kind == "numeric":
        return _fit_numeric(feature, read.numbers(values, column))
    if kind == "category":
        return Category(column, _kept_values(values, column, feature.get("maxValues", DEFAULT_MAX_VALUES)))
    if kind == "hour":
        return Hour(column)
    if kind == "weekday":
        return Weekday(column)
    if kind == "boolean":
        return Boolean(column)
    raise ValueError(f"feature {column}: kind {kind!r} is not one of numeric, category, hour, weekday, boolean")


def _fit_numeric(feature: Mapping[str, Any], values: np.ndarray) -> Numeric:
    clip = tuple(feature["clip"]) if feature.get("clip") is not None else None
    if clip is not None:
        values = np.clip(values, *clip)
    fill = _fill_value(feature.get("impute", "none"), values)
    if fill is not None:
        values = np.where(np.isnan(values), fill, values)
    offset, divisor = _scale(feature.get("scale", "none"), values)
    return Numeric(feature["column"], clip, fill, offset, divisor)


def _fill_value(impute: str, values: np.ndarray) -> float | None:
    if impute == "none":
        return None
    known = values[~np.isnan(values)]
    if impute == "zero" or len(known) == 0:
        return 0.0
    return float(np.median(known) if impute == "median" else np.mean(known))


def _scale(scale: str, values: np.ndarray) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    if scale == "none" or len(known) == 0:
        return 0.0, 1.0
    if scale == "standard":
        offset, divisor = float(np.mean(known)), float(np.std(known))
    else:
        offset, divisor = float(np.min(known)), float(np.max(known) - np.min(known))
    # A constant column carries nothing; dividing by its zero spread would make it infinite.
    return offset, divisor if divisor > 0 else 1.0


def _kept_values(values: Column, column: str, limit: int) -> tuple[str, ...]:
    counts = Counter(value for value in read.texts(values, column) if value is not None)
    frequent = sorted(counts, key=lambda value: (-counts[value], value))[:limit]
    return tuple(sorted(frequent))
