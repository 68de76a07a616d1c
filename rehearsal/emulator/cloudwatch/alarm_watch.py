"""Evaluates alarms as virtual time passes, and knows when the next evaluation is worth anything."""

import json
import threading
from dataclasses import dataclass, field
from typing import Any

import ministack.services.cloudwatch as cw

from .alarm_actions import announce, dispatch
from .alarm_evaluation import Alarm, Outcome, evaluate, next_change, step, watched
from .metric_math import MathError
from .metric_store import MetricStore, SeriesKey


@dataclass
class _Watch:
    """One alarm, what it watches, and the moment of its next evaluation that can change anything (None: only new data can)."""

    record: Alarm
    due: float | None
    keys: set[SeriesKey] = field(default_factory=set)


class AlarmWatch:
    """The alarms of a rehearsal. With nothing in range of any alarm, months pass without a single evaluation."""

    def __init__(self) -> None:
        self.store = MetricStore(self._value_came)
        self._watches: dict[str, _Watch] = {}
        self._lock = threading.Lock()

    def next_evaluation(self, now: float) -> float | None:
        """The next moment at which an alarm's outcome could change, or None."""
        self._follow_changes(now)
        due = min((watch.due for watch in list(self._watches.values()) if watch.due is not None), default=None)
        # A hair later, so that the clock has surely reached the minute when it looks.
        return None if due is None else due + 0.001

    def tick(self, now: float) -> None:
        """Evaluate what is due."""
        self._follow_changes(now)
        for watch in list(self._watches.values()):
            if watch.due is not None and watch.due <= now:
                self._evaluate(watch, now)

    def look_again(self, name: str) -> None:
        """Evaluate an alarm at the next minute although nothing came: its state was set by hand."""
        self._watches.pop(name, None)

    def _value_came(self, key: SeriesKey, start: int) -> None:
        with self._lock:
            for watch in self._watches.values():
                if key in watch.keys:
                    watch.due = _sooner(watch.due, (start // step(watch.record) + 1) * step(watch.record))

    def _follow_changes(self, now: float) -> None:
        """Alarms are put and deleted by the API and by templates; a record that was replaced is a new alarm to evaluate."""
        with self._lock:
            alarms = dict(cw._alarms.items())
            for name in [name for name in self._watches if name not in alarms]:
                del self._watches[name]
            for name, record in alarms.items():
                known = self._watches.get(name)
                if known is None or known.record is not record:
                    self._watches[name] = _Watch(record, _next_step(record, now), watched(record))

    def _evaluate(self, watch: _Watch, now: float) -> None:
        alarm = watch.record
        with self._lock:
            watch.due = None
        try:
            outcome = evaluate(alarm, self.store, now)
            following = next_change(alarm, self.store, now)
        except MathError as problem:
            outcome, following = Outcome("INSUFFICIENT_DATA", str(problem)), None
        with self._lock:
            # A value that came meanwhile has set a moment of its own.
            watch.due = _sooner(watch.due, following)
        if outcome.state is not None and outcome.state != alarm["StateValue"]:
            transition(alarm, outcome.state, outcome.reason, _reason_data(alarm, outcome, now), now)


def transition(alarm: Alarm, state: str, reason: str, reason_data: dict[str, Any], now: float) -> None:
    """Move a metric alarm to another state, with all that follows from it."""
    old_state, old_reason = alarm["StateValue"], alarm["StateReason"]
    alarm.update(
        StateValue=state,
        StateReason=reason,
        StateReasonData=json.dumps(reason_data),
        StateUpdatedTimestamp=int(now),
        StateTransitionedTimestamp=int(now),
    )
    cw._record_history(alarm["AlarmName"], old_state, state, reason, reason_data=reason_data)
    dispatch(alarm, old_state, state, reason)
    announce(alarm, old_state, old_reason)
    cw._evaluate_parent_alarms(alarm)


def _sooner(one: float | None, other: float | None) -> float | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


def _next_step(alarm: Alarm, now: float) -> float:
    return (now // step(alarm) + 1) * step(alarm)


def _reason_data(alarm: Alarm, outcome: Outcome, now: float) -> dict[str, Any]:
    return {
        "version": "1.0",
        "queryDate": cw._ts_iso(now),
        "threshold": alarm["Threshold"],
        "recentDatapoints": [value for _, value in reversed(outcome.points)],
        "evaluatedDatapoints": [{"timestamp": cw._ts_iso(start), "value": value} for start, value in outcome.points],
    }
