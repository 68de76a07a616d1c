"""One attempt at one state, by its type."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from .expressions import Sight, evaluate, typed_field, whole_number
from .failures import RUNTIME, StateFailure
from .fan_out import run_all
from .maps import run_map
from .scope import Scope
from .tasks import run_task

RunStates = Callable[[Scope, dict[str, Any], Any], Any]
Step = tuple[Any, str | None]


def run_state(scope: Scope, state: dict[str, Any], data: Any, run_states: RunStates) -> Step:
    """Run a state once; the answer is its output and the name of the next state, None at the end."""
    kind = state["Type"]
    if kind == "Fail":
        raise _fail(state, scope.sight(data))
    if kind == "Choice":
        return _choose(scope, state, data)
    if kind == "Wait":
        _wait(scope, state, data)
    if kind in ("Pass", "Wait", "Succeed"):
        return _leave(scope, state, scope.sight(data), data)
    result = _worked(scope, state, data, run_states)
    return _leave(scope, state, scope.sight(data).with_result(result), result)


def _worked(scope: Scope, state: dict[str, Any], data: Any, run_states: RunStates) -> Any:
    match state["Type"]:
        case "Task":
            return run_task(scope, state, data)
        case "Parallel":
            return _parallel(scope, state, data, run_states)
        case "Map":
            return run_map(scope, state, data, run_states)
        case other:
            raise StateFailure(RUNTIME, f"unknown state type {other}")


def _leave(scope: Scope, state: dict[str, Any], sight: Sight, default: Any) -> Step:
    output = evaluate(state["Output"], sight) if "Output" in state else default
    # Output and Assign both see the variables as they were before the state.
    scope.variables.update(evaluate(state.get("Assign", {}), sight))
    return output, state.get("Next")


def _fail(state: dict[str, Any], sight: Sight) -> StateFailure:
    error = typed_field(state, "Error", "string", sight) if "Error" in state else "States.Fail"
    cause = typed_field(state, "Cause", "string", sight) if "Cause" in state else ""
    return StateFailure(error, cause)


def _choose(scope: Scope, state: dict[str, Any], data: Any) -> Step:
    sight = scope.sight(data)
    for rule in state["Choices"]:
        if typed_field(rule, "Condition", "boolean", sight):
            return _leave(scope, rule, sight, data)
    if "Default" not in state:
        raise StateFailure("States.NoChoiceMatched", "no rule of the Choice state matched and it has no Default")
    return _leave(scope, {**state, "Next": state["Default"]}, sight, data)


def _wait(scope: Scope, state: dict[str, Any], data: Any) -> None:
    if "Seconds" in state:
        scope.sleep(whole_number(state, "Seconds", scope.sight(data)), "wait")
        return
    instant = typed_field(state, "Timestamp", "string", scope.sight(data))
    try:
        until = datetime.fromisoformat(instant.replace("Z", "+00:00")).timestamp()
    except ValueError as problem:
        raise StateFailure("States.QueryEvaluationError", f"Timestamp is not an ISO 8601 instant: {instant}") from problem
    scope.sleep(until - scope.clock.now(), "wait")


def _parallel(scope: Scope, state: dict[str, Any], data: Any, run_states: RunStates) -> list[Any]:
    arguments = evaluate(state["Arguments"], scope.sight(data)) if "Arguments" in state else data
    branches = state["Branches"]

    scope.record("ParallelStateStarted")
    results = run_all(scope, len(branches), len(branches), lambda index, branch: run_states(branch, branches[index], arguments))
    scope.record("ParallelStateSucceeded")
    return results
