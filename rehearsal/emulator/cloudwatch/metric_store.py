"""Metrics as CloudWatch keeps them: values of one minute and series added up, so that a hundred thousand requests stay cheap."""

import bisect
import math
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

MINUTE = 60
_SAMPLES_KEPT = 500
_STATISTICS = ("SampleCount", "Sum", "Average", "Minimum", "Maximum")


@dataclass(frozen=True)
class SeriesKey:
    """One metric: a namespace, a name and an exact set of dimensions. Another set of dimensions is another metric."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def of(namespace: str, name: str, dimensions: dict[str, str]) -> "SeriesKey":
        """The key of a metric whose dimensions come as a dictionary, in any order."""
        return SeriesKey(namespace, name, tuple(sorted(dimensions.items())))


@dataclass
class Summary:
    """Values seen in a stretch of time: exact count, sum and extremes, and samples for percentiles.

    Up to 500 distinct values are kept as they are; beyond, values are rounded to three digits, which is about what CloudWatch keeps.
    """

    count: float = 0.0
    total: float = 0.0
    low: float = math.inf
    high: float = -math.inf
    samples: dict[float, float] = field(default_factory=dict)

    def add(self, value: float, times: float = 1.0) -> None:
        """Add a value seen `times` times."""
        self._count(times, value * times, value, value)
        exact = value in self.samples or len(self.samples) < _SAMPLES_KEPT
        kept = value if exact else float(f"{value:.3g}")
        self.samples[kept] = self.samples.get(kept, 0.0) + times

    def add_statistics(self, count: float, total: float, low: float, high: float) -> None:
        """Add a published statistic set; it has a percentile only when all its values are the same, as in CloudWatch."""
        if low == high:
            self.add(low, count)
            return
        self._count(count, total, low, high)
        self.samples[math.nan] = self.samples.get(math.nan, 0.0) + count

    def merge(self, other: "Summary") -> None:
        """Add all that another summary has seen."""
        self._count(other.count, other.total, other.low, other.high)
        for value, times in other.samples.items():
            self.samples[value] = self.samples.get(value, 0.0) + times

    def statistic(self, name: str) -> float | None:
        """A statistic by CloudWatch's name (`Average`, `p99.9`), or None when there is none."""
        if self.count == 0:
            return None
        match name:
            case "SampleCount":
                return self.count
            case "Sum":
                return self.total
            case "Average":
                return self.total / self.count
            case "Minimum":
                return self.low
            case "Maximum":
                return self.high
            case _:
                return self._percentile(float(name[1:]))

    def _percentile(self, percent: float) -> float | None:
        if self.low < 0 or any(math.isnan(value) for value in self.samples):
            return None
        rank = percent / 100 * (self.count - 1)
        low, high = self._at(math.floor(rank)), self._at(math.ceil(rank))
        return low + (high - low) * (rank - math.floor(rank))

    def _at(self, rank: float) -> float:
        seen = 0.0
        for value, times in sorted(self.samples.items()):
            seen += times
            if rank < seen:
                return value
        return self.high

    def _count(self, count: float, total: float, low: float, high: float) -> None:
        self.count += count
        self.total += total
        self.low = min(self.low, low)
        self.high = max(self.high, high)


def is_statistic(name: str) -> bool:
    """Whether a name is a statistic that can be computed here: the five basic ones and percentiles."""
    if name in _STATISTICS:
        return True
    number = name[1:].replace(".", "", 1)
    return name[:1] == "p" and number.isdigit() and 0 < float(name[1:]) <= 100


class _Series:
    """Summaries of one metric by bucket start and unit, in order of time."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.buckets: dict[int, dict[str, Summary]] = {}

    def bucket(self, start: int, unit: str) -> Summary:
        if start not in self.buckets:
            bisect.insort(self.starts, start)
            self.buckets[start] = {}
        return self.buckets[start].setdefault(unit, Summary())

    def between(self, start: float, end: float) -> list[int]:
        return self.starts[bisect.bisect_left(self.starts, start) : bisect.bisect_left(self.starts, end)]


class MetricStore:
    """All metrics of a rehearsal. `changed(key, start)` is called with the bucket that every new value fell into."""

    def __init__(self, changed: Callable[[SeriesKey, int], None]):
        self._series: dict[SeriesKey, _Series] = {}
        self._changed = changed
        self._lock = threading.Lock()

    def put(
        self, key: SeriesKey, at: float, values: Iterable[tuple[float, float]], unit: str = "None", resolution: int = MINUTE
    ) -> None:
        """Add values, each with how often it was seen, at a moment. `resolution` is 60 seconds, or 1 for a high-resolution metric."""
        with self._lock:
            summary, start = self._bucket(key, at, unit, resolution)
            for value, times in values:
                summary.add(float(value), float(times))
        self._changed(key, start)

    def put_statistics(
        self,
        key: SeriesKey,
        at: float,
        statistics: tuple[float, float, float, float],
        unit: str = "None",
        resolution: int = MINUTE,
    ) -> None:
        """Add a statistic set: sample count, sum, minimum, maximum."""
        with self._lock:
            summary, start = self._bucket(key, at, unit, resolution)
            summary.add_statistics(*statistics)
        self._changed(key, start)

    def summarize(self, key: SeriesKey, start: float, end: float, unit: str | None = None) -> Summary:
        """What the metric saw from `start` (inclusive) to `end` (exclusive), in one unit or in all."""
        merged = Summary()
        with self._lock:
            series = self._series.get(key)
            for moment in series.between(start, end) if series else ():
                for stored, summary in series.buckets[moment].items():
                    if unit is None or unit == stored:
                        merged.merge(summary)
        return merged

    def moments(self, key: SeriesKey, start: float, end: float) -> list[int]:
        """Starts of the buckets with data from `start` (inclusive) to `end` (exclusive)."""
        with self._lock:
            series = self._series.get(key)
            return series.between(start, end) if series else []

    def keys(self) -> Iterator[SeriesKey]:
        """All metrics that have data."""
        return iter(list(self._series))

    def unit(self, key: SeriesKey) -> str:
        """The unit of a metric's newest data, `None` when there is none."""
        series = self._series.get(key)
        return next(iter(series.buckets[series.starts[-1]])) if series else "None"

    def _bucket(self, key: SeriesKey, at: float, unit: str, resolution: int) -> tuple[Summary, int]:
        start = int(at // resolution) * resolution
        series = self._series.setdefault(key, _Series())
        return series.bucket(start, unit), start
