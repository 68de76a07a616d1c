"""Metric queries: the list of metrics and expressions that GetMetricData and math alarms are made of."""

from collections.abc import Callable, Iterator
from typing import Any

from .metric_math import Grid, MathError, Series, Value, evaluate
from .metric_store import MetricStore, SeriesKey, is_statistic

Query = dict[str, Any]


def series_key(metric: dict[str, Any]) -> SeriesKey:
    """The key of a metric as the API writes it: Namespace, MetricName, Dimensions."""
    dimensions = {one["Name"]: one["Value"] for one in metric.get("Dimensions") or []}
    return SeriesKey.of(metric["Namespace"], metric["MetricName"], dimensions)


def metric_series(store: MetricStore, metric_stat: dict[str, Any], grid: Grid) -> Series:
    """One statistic of one metric, for the periods of a grid that have data."""
    statistic = metric_stat["Stat"]
    if not is_statistic(statistic):
        raise MathError(
            f"statistic {statistic} is not computed here; use SampleCount, Sum, Average, Minimum, Maximum or a percentile such as p99"
        )
    key, unit = series_key(metric_stat["Metric"]), metric_stat.get("Unit")
    series: Series = {}
    for start in _occupied(store, key, grid):
        value = store.summarize(key, start, start + grid.period, unit).statistic(statistic)
        if value is not None:
            series[start] = value
    return series


def _occupied(store: MetricStore, key: SeriesKey, grid: Grid) -> list[float]:
    """Periods of the grid with data: a year of days must not look into every empty one."""
    if not grid.starts:
        return []
    first, last = grid.starts[0], grid.starts[-1] + grid.period
    return sorted({first + (moment - first) // grid.period * grid.period for moment in store.moments(key, first, last)})


def run_queries(store: MetricStore, queries: list[Query], grid_of: Callable[[int], Grid]) -> dict[str, Series]:
    """The series of every query by its id. `grid_of(period)` gives the periods of that length to look at."""
    return _Run(store, queries, grid_of).all()


def period_of(queries: list[Query]) -> int:
    """The period an expression is evaluated at: the shortest of its queries' periods."""
    periods = [int(query["MetricStat"]["Period"]) for query in queries if "MetricStat" in query]
    periods += [int(query["Period"]) for query in queries if query.get("Period")]
    return min(periods, default=60)


def metrics_of(queries: list[Query]) -> Iterator[dict[str, Any]]:
    """The metrics that queries read."""
    return (query["MetricStat"]["Metric"] for query in queries if "MetricStat" in query)


class _Run:
    def __init__(self, store: MetricStore, queries: list[Query], grid_of: Callable[[int], Grid]):
        self._grid = grid_of(period_of(queries))
        self._expressions = {query["Id"]: query["Expression"] for query in queries if "Expression" in query}
        self._metrics = {
            query["Id"]: metric_series(store, query["MetricStat"], grid_of(int(query["MetricStat"]["Period"])))
            for query in queries
            if "MetricStat" in query
        }
        self._done: dict[str, Series] = {}
        self._pending: set[str] = set()

    def all(self) -> dict[str, Series]:
        return {**self._metrics, **{name: self._expression(name) for name in self._expressions}}

    def _expression(self, name: str) -> Series:
        if name not in self._done:
            if name in self._pending:
                raise MathError(f"expression {name} refers to itself")
            self._pending.add(name)
            self._done[name] = evaluate(self._expressions[name], self._metrics, self._other, self._grid)
        return self._done[name]

    def _other(self, name: str) -> Value:
        if name not in self._expressions:
            raise MathError(f"{name} is not the id of a query")
        return self._expression(name)
