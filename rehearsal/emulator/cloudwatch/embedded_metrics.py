"""Embedded metric format: metrics that a function or a container prints as lines of JSON."""

import json
from collections.abc import Iterator
from typing import Any

from .metric_store import MINUTE, MetricStore, SeriesKey


def store_embedded(store: MetricStore, text: str, now: float) -> None:
    """Store the metrics in the embedded-metric lines of a log; other lines are nothing to us."""
    for document in _documents(text):
        stamp = document["_aws"].get("Timestamp")
        at = stamp / 1000 if isinstance(stamp, (int, float)) else now
        for directive in document["_aws"].get("CloudWatchMetrics", []):
            _store_directive(store, document, directive, at)


def _documents(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        start = line.find("{")
        if start < 0 or '"_aws"' not in line:
            continue
        try:
            document = json.loads(line[start:])
        except ValueError:
            continue
        if isinstance(document.get("_aws"), dict):
            yield document


def _store_directive(store: MetricStore, document: dict[str, Any], directive: dict[str, Any], at: float) -> None:
    # Each list of names is a dimension set of its own: the value goes to all of them. A set with a name that is not in the
    # document is dropped, as CloudWatch does.
    for names in directive.get("Dimensions") or [[]]:
        if any(name not in document for name in names):
            continue
        dimensions = {name: str(document[name]) for name in names}
        for metric in directive.get("Metrics", []):
            values = [(value, 1.0) for value in _numbers(document.get(metric["Name"]))]
            if values:
                key = SeriesKey.of(directive["Namespace"], metric["Name"], dimensions)
                store.put(key, at, values, metric.get("Unit", "None"), metric.get("StorageResolution", MINUTE))


def _numbers(value: Any) -> list[float]:
    values = value if isinstance(value, list) else [value]
    return [float(item) for item in values if isinstance(item, (int, float)) and not isinstance(item, bool)]
