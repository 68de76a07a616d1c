"""The history of an execution, its limits, and its log."""

import json
import threading
from typing import Any

import ministack.services.stepfunctions as sfn

from .execution_log import write_event
from .failures import DATA_LIMIT_EXCEEDED, RUNTIME, StateFailure

MAX_PAYLOAD_BYTES = 262_144
MAX_EVENTS = 25_000

_UNLIMITED = ("ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut", "ExecutionSucceeded")


class History:
    """Events of one execution in MiniStack's record, numbered without gaps however many branches write."""

    def __init__(self, record: dict[str, Any], machine: dict[str, Any]):
        self._record = record
        self._machine = machine
        self._lock = threading.Lock()
        # MiniStack has written the first event, ExecutionStarted, but not to the log.
        write_event(machine, record, record["events"][0])

    def add(self, kind: str, details: dict[str, Any] | None, previous: int) -> int:
        """Append an event and give its number. The 25 000th fails the execution, as the service does."""
        with self._lock:
            events = self._record["events"]
            if len(events) >= MAX_EVENTS and kind not in _UNLIMITED:
                raise StateFailure(RUNTIME, f"The execution reached the maximum number of history events ({MAX_EVENTS}).")
            event = {
                "id": len(events) + 1,
                "type": kind,
                "timestamp": sfn.now_iso(),
                "previousEventId": previous,
                **(details or {}),
            }
            events.append(event)
        write_event(self._machine, self._record, event)
        return event["id"]


def payload(value: Any, what: str) -> str:
    """The JSON text of a payload; `States.DataLimitExceeded` when it is longer than the service carries."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    size = len(text.encode())
    if size > MAX_PAYLOAD_BYTES:
        raise StateFailure(
            DATA_LIMIT_EXCEEDED,
            f"{what} has {size} bytes, more than the {MAX_PAYLOAD_BYTES} bytes Step Functions carries; "
            "pass an S3 key instead of the data",
        )
    return text
