"""Whether an alarm should be in ALARM, OK or INSUFFICIENT_DATA at a moment, and when that could next change."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from .metric_math import Grid, Series
from .metric_store import MetricStore, SeriesKey
from .queries import metric_series, metrics_of, period_of, run_queries, series_key

ALARM, OK, INSUFFICIENT_DATA = "ALARM", "OK", "INSUFFICIENT_DATA"

Alarm = dict[str, Any]

# CloudWatch looks at more periods than it needs, so that a late or missing point does not decide.
_EXTRA_PERIODS = 2

_COMPARISONS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
COMPARISON_OPERATORS = tuple(_COMPARISONS)
MISSING_DATA = ("breaching", "notBreaching", "ignore", "missing")


@dataclass(frozen=True)
class Outcome:
    """The state an alarm should be in (None: the one it is in), why, and the points that were looked at, newest first."""

    state: str | None
    reason: str
    points: tuple[tuple[float, float], ...] = ()


def evaluate(alarm: Alarm, store: MetricStore, now: float) -> Outcome:
    """Evaluate an alarm over its last complete periods.

    The newest values in the evaluation range count, as many as there are evaluation periods. Only when the range has fewer do missing
    periods count, as `TreatMissingData` says.
    """
    grid = _grid(alarm, now)
    series = _series(alarm, store, grid)
    wanted = alarm["EvaluationPeriods"]
    points = tuple((start, series[start]) for start in reversed(grid.starts) if start in series)[:wanted]
    compare, words = _COMPARISONS[alarm["ComparisonOperator"]]
    breaching = sum(compare(value, alarm["Threshold"]) for _, value in points)
    state = _state(breaching, len(points), wanted, alarm.get("DatapointsToAlarm") or wanted, _treatment(alarm))
    return Outcome(state, _reason(alarm, state, points, breaching, words), points)


def _state(breaching: int, known: int, wanted: int, needed: int, treatment: str) -> str | None:
    missing = wanted - known
    if treatment == "breaching":
        return ALARM if breaching + missing >= needed else OK
    if treatment == "notBreaching":
        return ALARM if breaching >= needed else OK
    if known == 0:
        return None if treatment == "ignore" else INSUFFICIENT_DATA
    if breaching >= needed:
        return ALARM
    if breaching >= min(needed, known):
        # All that is known breaches, but there is too little of it: `missing` alarms early, `ignore` keeps the state.
        return None if treatment == "ignore" else ALARM
    return OK


def watched(alarm: Alarm) -> set[SeriesKey]:
    """The metrics whose values decide about an alarm."""
    metrics = metrics_of(alarm["Metrics"]) if alarm.get("Metrics") else [alarm]
    return {series_key(metric) for metric in metrics}


def period(alarm: Alarm) -> int:
    """Length of an alarm's periods in seconds."""
    return period_of(alarm["Metrics"]) if alarm.get("Metrics") else alarm["Period"]


def step(alarm: Alarm) -> int:
    """Seconds between two evaluations: a minute, or ten seconds for an alarm with a shorter period than that."""
    return 10 if period(alarm) < 60 else 60


def next_change(alarm: Alarm, store: MetricStore, now: float) -> float | None:
    """The next evaluation that can come out differently without new data: when a value moves into another period or out of range."""
    length, every = period(alarm), _advance(alarm)
    base = now // every * every
    span = (alarm["EvaluationPeriods"] + _EXTRA_PERIODS) * length
    soonest: float | None = None
    for key in watched(alarm):
        for start in store.moments(key, base - span - length, now + 1):
            # A value counts from the first evaluation after its bucket began, and moves on by one period after each period.
            entered = (start // every + 1) * every
            moment = entered + (max(0, (base - entered) // length + 1) * length if base >= entered else 0)
            if moment - entered <= span and (soonest is None or moment < soonest):
                soonest = moment
        if soonest == base + every:
            break
    return soonest


def _advance(alarm: Alarm) -> int:
    """Seconds from one evaluation window to the next: a minute for a sliding window, a period for one aligned to the clock."""
    return period(alarm) if _aligned(alarm) else step(alarm)


def _aligned(alarm: Alarm) -> bool:
    return "WallClockWindow" in (alarm.get("EvaluationWindow") or {})


def _grid(alarm: Alarm, now: float) -> Grid:
    length, every = period(alarm), _advance(alarm)
    end = now // every * every
    count = alarm["EvaluationPeriods"] + _EXTRA_PERIODS
    return Grid(tuple(end - length * back for back in range(count, 0, -1)), length)


def _series(alarm: Alarm, store: MetricStore, grid: Grid) -> Series:
    if alarm.get("Metrics"):
        returned = next(query["Id"] for query in alarm["Metrics"] if query.get("ReturnData", True))
        return run_queries(store, alarm["Metrics"], lambda length: _regrid(grid, length))[returned]
    statistic = alarm.get("ExtendedStatistic") or alarm["Statistic"]
    return metric_series(store, {"Metric": alarm, "Stat": statistic, "Unit": alarm.get("Unit")}, grid)


def _regrid(grid: Grid, length: int) -> Grid:
    if length == grid.period or not grid.starts:
        return grid
    end = grid.starts[-1] + grid.period
    count = -(-int(end - grid.starts[0]) // length)
    return Grid(tuple(end - length * back for back in range(count, 0, -1)), length)


def _treatment(alarm: Alarm) -> str:
    # Alarms on DynamoDB's metrics ignore missing data whatever they say.
    return "ignore" if alarm.get("Namespace") == "AWS/DynamoDB" else alarm.get("TreatMissingData") or "missing"


def _reason(alarm: Alarm, state: str | None, points: tuple[tuple[float, float], ...], breaching: int, words: str) -> str:
    wanted = alarm["EvaluationPeriods"]
    if state == INSUFFICIENT_DATA:
        return f"Insufficient Data: {wanted} datapoint{' was' if wanted == 1 else 's were'} unknown."
    if not points:
        treated = "Breaching" if state == ALARM else "NonBreaching"
        return f"Threshold Crossed: no datapoints were received for {wanted} period(s); missing datapoints were treated as [{treated}]."
    shown = ", ".join(f"{value!r} ({_short(start)})" for start, value in points)
    few = "was" if state == ALARM else "was not"
    count = breaching if state == ALARM else len(points)
    plural = "" if len(points) == 1 else "s"
    return (
        f"Threshold Crossed: {count} out of the last {len(points)} datapoint{plural} [{shown}] {few} {words} the threshold "
        f"({alarm['Threshold']!r})."
    )


def _short(moment: float) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%d/%m/%y %H:%M:%S")
