"""Task states: one call, a job waited for (`.sync`), or a callback waited for (`.waitForTaskToken`), each with its time limit."""

from typing import Any

import ministack.services.stepfunctions as sfn

from .callbacks import Callback
from .expressions import evaluate, typed_field
from .failures import HEARTBEAT_TIMEOUT, RUNTIME, TIMEOUT, StateFailure, Stopped
from .fan_out import TimeLimit, within
from .history import payload
from .integrations import Integration, call, parse_resource
from .jobs import job_for
from .scope import Scope


def run_task(scope: Scope, state: dict[str, Any], data: Any) -> Any:
    """Run a Task state once; the answer is the task's result."""
    integration = parse_resource(state["Resource"])
    callback = None
    if integration.pattern == "waitForTaskToken":
        callback = Callback(scope)
        scope.context["Task"] = {"Token": callback.token}
    arguments = evaluate(state["Arguments"], scope.sight(data)) if "Arguments" in state else data
    limit, heartbeat = (_seconds(scope, state, name, data) for name in ("TimeoutSeconds", "HeartbeatSeconds"))
    _scheduled(scope, integration, arguments, limit, heartbeat)
    try:
        result = _perform(scope, integration, arguments, callback, limit, heartbeat)
        text = payload(result, "the task's result")
    except TimeLimit:
        raise _timed_out(scope, integration, TIMEOUT, f"the task did not end within {limit} seconds") from None
    except StateFailure as failure:
        if failure.error == HEARTBEAT_TIMEOUT:
            raise _timed_out(scope, integration, failure.error, failure.cause) from None
        scope.record(
            "TaskFailed", {"taskFailedEventDetails": {**_named(integration), "error": failure.error, "cause": failure.cause}}
        )
        raise
    scope.record("TaskSucceeded", {"taskSucceededEventDetails": {**_named(integration), "output": text}})
    return result


def _perform(
    scope: Scope,
    integration: Integration,
    arguments: Any,
    callback: Callback | None,
    limit: float | None,
    heartbeat: float | None,
) -> Any:
    started = scope.clock.now()

    def left() -> float | None:
        return None if limit is None else max(limit - (scope.clock.now() - started), 0)

    if callback is not None:
        try:
            within(scope, left(), "task timeout", lambda: call(scope.execution, integration, arguments))
            scope.record("TaskSubmitted", {"taskSubmittedEventDetails": _named(integration)})
            return callback.answer(left(), heartbeat)
        finally:
            callback.forget()
    if integration.pattern in ("sync", "sync:2"):
        return _run_job(scope, integration, arguments, left)
    if limit is None:
        return call(scope.execution, integration, arguments)
    return within(scope, left(), "task timeout", lambda: call(scope.execution, integration, arguments))


def _run_job(scope: Scope, integration: Integration, arguments: Any, left: Any) -> Any:
    job = job_for(scope, integration, arguments)
    answer = within(scope, left(), "task timeout", job.start)
    scope.record("TaskSubmitted", {"taskSubmittedEventDetails": {**_named(integration), "output": payload(answer, "the answer")}})
    try:
        return within(scope, left(), "task timeout", job.wait)
    except (TimeLimit, Stopped):
        job.stop()
        raise


def _seconds(scope: Scope, state: dict[str, Any], name: str, data: Any) -> float | None:
    if name not in state:
        return None
    seconds = typed_field(state, name, "number", scope.sight(data))
    if seconds <= 0:
        raise StateFailure(RUNTIME, f"{name} must be more than 0 but was {seconds}")
    return seconds


def _named(integration: Integration) -> dict[str, str]:
    kind = f"aws-sdk:{integration.service}" if integration.sdk else integration.service
    suffix = f".{integration.pattern}" if integration.pattern else ""
    return {"resourceType": kind, "resource": integration.action + suffix}


def _scheduled(scope: Scope, integration: Integration, arguments: Any, limit: float | None, heartbeat: float | None) -> None:
    details: dict[str, Any] = {
        **_named(integration),
        "region": sfn.get_region(),
        "parameters": payload(arguments, "the task's arguments"),
    }
    if limit is not None:
        details["timeoutInSeconds"] = int(limit)
    if heartbeat is not None:
        details["heartbeatInSeconds"] = int(heartbeat)
    scope.record("TaskScheduled", {"taskScheduledEventDetails": details})
    scope.record("TaskStarted", {"taskStartedEventDetails": _named(integration)})


def _timed_out(scope: Scope, integration: Integration, error: str, cause: str) -> StateFailure:
    scope.record("TaskTimedOut", {"taskTimedOutEventDetails": {**_named(integration), "error": error, "cause": cause}})
    return StateFailure(error, cause)
