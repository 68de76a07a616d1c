"""CloudWatch as the service works: metrics per exact dimension set, alarms over complete periods in virtual time, metric math,
composite alarms, embedded metric format, state-change events, and actions that need the right to act.

MiniStack keeps the alarms, dashboards, history and the rules of composites; the rest is ours.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import ministack.services.cloudwatch as cw

from .alarm_actions import announce, dispatch
from .alarm_watch import AlarmWatch
from .cloudformation_alarms import install_cloudformation
from .embedded_metrics import store_embedded
from .metric_store import SeriesKey
from .requests import install_requests

__all__ = ["emf", "install", "next_evaluation", "put_points", "tick"]


class _Clock(Protocol):
    def now(self) -> float: ...


_watch = AlarmWatch()
_now: Callable[[], float] = lambda: 0.0  # noqa: E731 - replaced by `install`


def install(clock: _Clock) -> None:
    """Put ours in the place of MiniStack's metrics and alarms."""
    global _now
    _now = clock.now
    # Alarms are evaluated as time passes, not when somebody puts a value or an alarm.
    cw._evaluate_alarm = lambda _alarm: None
    cw._evaluate_all_alarms = lambda: None
    # CloudWatch keeps metrics for fifteen months, longer than a rehearsal; MiniStack would drop them after two weeks.
    cw._evict_old_metrics = lambda: None
    cw._metric_bucket = _bucket
    cw._dispatch_alarm_actions = dispatch
    _announce_composites()
    install_requests(_watch)
    install_cloudformation()


def tick() -> None:
    """Evaluate the alarms that are due."""
    _watch.tick(_now())


def next_evaluation(now: float) -> float | None:
    """The next moment at which any alarm's outcome could change; None when only new data can change one."""
    return _watch.next_evaluation(now)


def put_points(points: Iterable[dict[str, Any]]) -> None:
    """Store values: each `{namespace, name, dimensions, value, unit, at}`; unit and at (seconds) may be left out."""
    for point in points:
        key = SeriesKey.of(point["namespace"], point["name"], point.get("dimensions") or {})
        _watch.store.put(key, point.get("at") or _now(), [(point["value"], 1.0)], point.get("unit") or "None")


def emf(text: str) -> None:
    """Store the metrics in the embedded-metric lines of a log."""
    store_embedded(_watch.store, text, _now())


class _Bucket:
    """Stands where MiniStack's services expect a list of points to append to."""

    def __init__(self, key: SeriesKey):
        self._key = key

    def append(self, point: dict[str, Any]) -> None:
        _watch.store.put(self._key, point["Timestamp"], [(point["Value"], point.get("Count", 1.0))], point.get("Unit") or "None")


def _bucket(key: tuple[str, str, str]) -> _Bucket:
    namespace, name, dimensions = key
    pairs = (pair.split("=", 1) for pair in dimensions.split("|") if pair)
    return _Bucket(SeriesKey.of(namespace, name, dict(pairs)))


def _announce_composites() -> None:
    transition = cw._transition_composite

    def transition_and_announce(alarm: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        before = alarm["StateValue"], alarm["StateReason"]
        transition(alarm, *args, **kwargs)
        if alarm["StateValue"] != before[0]:
            announce(alarm, *before)

    cw._transition_composite = transition_and_announce
