"""Runs an execution: walks the states of its machine, with retries, catches and the machine's own time limit."""

import json
import logging
import random
from typing import Any

import ministack.services.stepfunctions as sfn

from . import registry
from .expressions import evaluate
from .failures import RUNTIME, TIMEOUT, StateFailure, Stopped, matches
from .fan_out import TimeLimit, within
from .history import History, payload
from .language import refused_fields
from .role_checks import check_role
from .scope import Execution, Scope, Services
from .states import run_state

_log = logging.getLogger("state-machines")

# Jitter is drawn from a fixed seed, so that two rehearsals of the same story take the same virtual time.
_jitter = random.Random(7)

_services: Services | None = None


def set_services(services: Services) -> None:
    """Say which clock, clients and job waiter executions use."""
    global _services
    _services = services


def run_execution(arn: str) -> None:
    """Run an execution that MiniStack has recorded, to its end. Replaces `stepfunctions._run_execution`."""
    record = sfn._executions.get(arn)
    machine = sfn._state_machines.get(record["stateMachineArn"]) if record else None
    if record is None or machine is None or _services is None:
        return
    scope = _outermost(arn, record, dict(machine), _services)
    registry.opened(arn, scope)
    try:
        _run(scope, json.loads(machine["definition"]))
    finally:
        registry.closed(arn)


def _outermost(arn: str, record: dict[str, Any], machine: dict[str, Any], services: Services) -> Scope:
    execution = Execution(arn, record["name"], machine, record, History(record, machine), services)
    context = {
        "Execution": {
            "Id": arn,
            "Input": json.loads(record["input"] or "{}"),
            "Name": record["name"],
            "RoleArn": machine["roleArn"],
            "StartTime": record["startDate"],
            "RedriveCount": 0,
        },
        "StateMachine": {"Id": machine["stateMachineArn"], "Name": machine["name"]},
    }
    return Scope(execution, context, {})


def _run(scope: Scope, definition: dict[str, Any]) -> None:
    record = scope.execution.record
    limit = definition.get("TimeoutSeconds")
    try:
        refused_fields(definition)
        check_role(scope.execution.machine)
        data = scope.context["Execution"]["Input"]
        if limit is None:
            output = run_states(scope, definition, data)
        else:
            output = within(scope, limit, "machine timeout", lambda: run_states(scope, definition, data))
        if record["status"] == "RUNNING":
            _succeed(scope, payload(output, "the execution's output"))
    except Stopped:
        return
    except TimeLimit:
        _time_out(scope)
    except StateFailure as failure:
        _fail(scope, failure.error, failure.cause)
    except Exception as problem:
        _log.exception("execution %s", scope.execution.arn)
        _fail(scope, RUNTIME, repr(problem))


def run_states(scope: Scope, machine: dict[str, Any], data: Any) -> Any:
    """Run the states of a machine, a branch or a map processor from `StartAt` to the end; the answer is the last output."""
    name = machine["StartAt"]
    while name:
        scope.check()
        state = machine["States"].get(name)
        if state is None:
            raise StateFailure(RUNTIME, f"state {name} is not defined")
        data, name = _enter(scope, name, state, data)
    return data


def _enter(scope: Scope, name: str, state: dict[str, Any], data: Any) -> tuple[Any, str | None]:
    kind = state["Type"]
    scope.context["State"] = {"Name": name, "EnteredTime": sfn.now_iso(), "RetryCount": 0}
    text = payload(data, f"the input of state {name}")
    scope.record(f"{kind}StateEntered", {"stateEnteredEventDetails": {"name": name, "input": text}})
    output, following = _attempt(scope, state, data)
    text = payload(output, f"the output of state {name}")
    scope.record(f"{kind}StateExited", {"stateExitedEventDetails": {"name": name, "output": text}})
    return output, following


def _attempt(scope: Scope, state: dict[str, Any], data: Any) -> tuple[Any, str | None]:
    entered = scope.context["State"]
    used: dict[int, int] = {}
    while True:
        scope.context["State"] = {**entered, "RetryCount": sum(used.values())}
        try:
            return run_state(scope, state, data, run_states)
        except StateFailure as failure:
            scope.check()
            delay = _retry_delay(state.get("Retry", []), failure.error, used)
            if delay is None:
                return _caught(scope, state, data, failure)
            scope.sleep(delay, "retry")


def _retry_delay(retriers: list[dict[str, Any]], error: str, used: dict[int, int]) -> float | None:
    """Seconds until the next attempt, or None when there is none: the first retrier that matches decides, even when it is used up."""
    for index, retrier in enumerate(retriers):
        if not matches(retrier["ErrorEquals"], error):
            continue
        count = used.get(index, 0)
        if count >= retrier.get("MaxAttempts", 3):
            return None
        used[index] = count + 1
        delay = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** count
        delay = min(delay, retrier.get("MaxDelaySeconds", delay))
        return delay * _jitter.random() if retrier.get("JitterStrategy") == "FULL" else delay
    return None


def _caught(scope: Scope, state: dict[str, Any], data: Any, failure: StateFailure) -> tuple[Any, str]:
    for catcher in state.get("Catch", []):
        if matches(catcher["ErrorEquals"], failure.error):
            sight = scope.sight(data).with_error(failure.error, failure.cause)
            output = evaluate(catcher["Output"], sight) if "Output" in catcher else sight.extra["errorOutput"]
            scope.variables.update(evaluate(catcher.get("Assign", {}), sight))
            return output, catcher["Next"]
    raise failure


def _succeed(scope: Scope, output: str) -> None:
    record = scope.execution.record
    record.update(status="SUCCEEDED", output=output, stopDate=sfn.now_iso())
    scope.record("ExecutionSucceeded", {"executionSucceededEventDetails": {"output": output}})
    sfn._emit_execution_status_event(record)


def _fail(scope: Scope, error: str, cause: str) -> None:
    record = scope.execution.record
    if record["status"] != "RUNNING":
        return
    record.update(status="FAILED", error=error, cause=cause, stopDate=sfn.now_iso())
    scope.record("ExecutionFailed", {"executionFailedEventDetails": {"error": error, "cause": cause}})
    sfn._emit_execution_status_event(record)


def _time_out(scope: Scope) -> None:
    record = scope.execution.record
    record.update(status="TIMED_OUT", error=TIMEOUT, stopDate=sfn.now_iso())
    scope.record("ExecutionTimedOut", {"executionTimedOutEventDetails": {"error": TIMEOUT}})
    scope.stop()
    sfn._emit_execution_status_event(record)
