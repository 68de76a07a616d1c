"""Raw columns to numpy arrays. A column is a list of Python values, a numpy array, or a PyArrow array; all give the same bytes.

Missing is NaN in numbers and flags, and `MISSING_TIME` in timestamps. A value of the wrong type is refused, never guessed: a
number sent as text would otherwise become a missing value without anybody noticing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from numbers import Real
from typing import Any

import numpy as np

from .refusals import Refused, refused_value

# PyArrow is only ever passed in, never imported: serving must start without it.
Column = Sequence[Any] | np.ndarray | Any

MISSING_TIME = np.iinfo(np.int64).min
_SECOND_FRACTIONS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_ISO = re.compile(r"(\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?)\s?(Z|z|[+-]\d\d(?::?\d\d)?)?")
_PLAIN_NUMBERS = {int, float, type(None)}
_PLAIN_TEXTS = {str, type(None)}


def numbers(values: Column, column: str) -> np.ndarray:
    """A column as float64. Infinity counts as missing, as XGBoost would refuse it."""
    array = _number_array(values, column)
    return np.where(np.isfinite(array), array, np.nan)


def texts(values: Column, column: str) -> Sequence[Any]:
    """A column as a list of text or None."""
    plain = _plain(values)
    if not set(map(type, plain)) <= _PLAIN_TEXTS:
        _refuse_first(plain, column, "text", lambda value: isinstance(value, str))
        return [None if _is_missing(value) else value for value in plain]
    return plain


def flags(values: Column, column: str) -> np.ndarray:
    """A column of true and false (or 1 and 0) as float64."""
    plain = _plain(values)
    _refuse_first(plain, column, "true or false", lambda value: value in (0, 1))
    return np.array([np.nan if _is_missing(value) else float(value) for value in plain], np.float64)


def times(values: Column, column: str) -> np.ndarray:
    """A column of timestamps as whole seconds since 1970 in UTC. A timestamp without a zone is taken as UTC."""
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        seconds = values.astype("datetime64[s]").astype(np.int64)
        return np.where(np.isnat(values), MISSING_TIME, seconds)
    if _is_arrow(values) and hasattr(values.type, "unit"):
        ticks = np.asarray(values.cast("int64").fill_null(MISSING_TIME))
        seconds = ticks // _SECOND_FRACTIONS[values.type.unit]
        return np.where(ticks == MISSING_TIME, MISSING_TIME, seconds)
    return _parsed_times(_plain(values), column)


def _number_array(values: Column, column: str) -> np.ndarray:
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiu":
        return values.astype(np.float64)
    if _is_arrow(values) and str(values.type) in _ARROW_NUMBERS:
        return np.asarray(values.cast("float64").fill_null(np.nan))
    plain = _plain(values)
    if not set(map(type, plain)) <= _PLAIN_NUMBERS:
        _refuse_first(plain, column, "a number", lambda value: isinstance(value, Real) and not isinstance(value, bool))
    try:
        return np.array(plain, np.float64)
    except OverflowError:
        raise Refused(f"column {column}: a whole number is too large for a 64-bit float") from None


_ARROW_NUMBERS = {
    "double",
    "float",
    "halffloat",
    *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)),
}


def _parsed_times(plain: Sequence[Any], column: str) -> np.ndarray:
    seconds = np.full(len(plain), MISSING_TIME, np.int64)
    local: list[str] = []
    places: list[int] = []
    shifts: list[int] = []
    for index, value in enumerate(plain):
        if isinstance(value, datetime):
            seconds[index] = _datetime_seconds(value)
        elif not _is_missing(value):
            match = _ISO.fullmatch(value) if isinstance(value, str) else None
            if match is None:
                raise refused_value(index + 1, column, "an ISO timestamp such as 2001-02-03T04:05:06Z", value)
            local.append(match.group(1)[:19])
            places.append(index)
            shifts.append(_offset_seconds(match.group(2)))
    if local:
        seconds[places] = _local_seconds(local, places, column) - np.array(shifts, np.int64)
    return seconds


def _local_seconds(local: list[str], places: list[int], column: str) -> np.ndarray:
    try:
        return np.array(local, "datetime64[s]").astype(np.int64)
    except ValueError:
        for text, place in zip(local, places):
            try:
                np.datetime64(text, "s")
            except ValueError:
                raise refused_value(place + 1, column, "a date that exists", text) from None
        raise


def _offset_seconds(zone: str | None) -> int:
    if zone is None or zone in "Zz":
        return 0
    digits = zone[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:] or 0) * 60
    return -seconds if zone[0] == "-" else seconds


def _datetime_seconds(value: datetime) -> int:
    zoned = value if value.tzinfo is not None else value.replace(tzinfo=timezone.utc)
    return int((zoned - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds() // 1)


def _plain(values: Column) -> Sequence[Any]:
    if _is_arrow(values):
        return values.to_pylist()
    return values.tolist() if isinstance(values, np.ndarray) else values


def _is_arrow(values: Column) -> bool:
    return hasattr(values, "to_pylist")


def _is_missing(value: Any) -> bool:
    return value is None or value != value


def _refuse_first(plain: Sequence[Any], column: str, expected: str, fits: Callable[[Any], bool]) -> None:
    for index, value in enumerate(plain):
        if not _is_missing(value) and not fits(value):
            raise refused_value(index + 1, column, expected, value)
