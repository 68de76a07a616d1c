"""Map states: inline, or distributed over child executions, with item reader, batches, result writer and tolerated failures."""

import json
from collections.abc import Callable
from typing import Any

from .expressions import evaluate, typed_field
from .failures import RUNTIME, StateFailure, Stopped
from .fan_out import run_all, run_each
from .history import payload
from .map_run import MapRun
from .readers import read_items
from .results import write_results
from .scope import Scope

RunStates = Callable[[Scope, dict[str, Any], Any], Any]

_INLINE_AT_ONCE = 40
# The service runs up to 10 000 children at once; on one laptop more than this only waits.
_DISTRIBUTED_AT_ONCE = 64


def run_map(scope: Scope, state: dict[str, Any], data: Any, run_states: RunStates) -> Any:
    """Run a Map state once; the answer is the list of results, or where the result writer put them."""
    processor = state["ItemProcessor"]
    distributed = processor.get("ProcessorConfig", {}).get("Mode", "INLINE") == "DISTRIBUTED"
    if not distributed and any(name in state for name in ("ItemReader", "ItemBatcher", "ResultWriter")):
        raise StateFailure(RUNTIME, "ItemReader, ItemBatcher and ResultWriter need ProcessorConfig.Mode DISTRIBUTED")
    items = _items(scope, state, data)
    inputs = [_selected(scope, state, data, index, item) for index, item in enumerate(items)]
    return (_distributed if distributed else _inline)(scope, state, data, inputs, run_states)


def _items(scope: Scope, state: dict[str, Any], data: Any) -> list[Any]:
    if "ItemReader" in state:
        return read_items(scope, state["ItemReader"], data)
    if "Items" in state:
        return typed_field(state, "Items", "array", scope.sight(data))
    if not isinstance(data, list):
        raise StateFailure(RUNTIME, "the Map state has no Items, so its input must be an array")
    return data


def _selected(scope: Scope, state: dict[str, Any], data: Any, index: int, item: Any) -> Any:
    if "ItemSelector" not in state:
        return item
    context = {**scope.context, "Map": {"Item": {"Index": index, "Value": item}}}
    sight = scope.sight(data)
    return evaluate(state["ItemSelector"], type(sight)(data, context, sight.variables))


def _at_once(scope: Scope, state: dict[str, Any], data: Any, most: int) -> int:
    wanted = typed_field(state, "MaxConcurrency", "number", scope.sight(data)) if "MaxConcurrency" in state else 0
    return min(int(wanted) or most, most)


def _inline(scope: Scope, state: dict[str, Any], data: Any, inputs: list[Any], run_states: RunStates) -> list[Any]:
    def one(index: int, iteration: Scope) -> Any:
        iteration.context["Map"] = {"Item": {"Index": index, "Value": inputs[index]}}
        iteration.record("MapIterationStarted", {"mapIterationStartedEventDetails": {"index": index}})
        output = run_states(iteration, state["ItemProcessor"], inputs[index])
        iteration.record("MapIterationSucceeded", {"mapIterationSucceededEventDetails": {"index": index}})
        return output

    scope.record("MapStateStarted", {"mapStateStartedEventDetails": {"length": len(inputs)}})
    results = run_all(scope, len(inputs), _at_once(scope, state, data, _INLINE_AT_ONCE), one)
    scope.record("MapStateSucceeded")
    return results


def _distributed(scope: Scope, state: dict[str, Any], data: Any, inputs: list[Any], run_states: RunStates) -> Any:
    batches = _batches(scope, state, data, inputs)
    run = MapRun(scope, state, [weight for _, weight in batches], _tolerance(scope, state, data))
    scope.record("MapRunStarted", {"mapRunStartedEventDetails": {"mapRunArn": run.arn}})

    def one(index: int, child: Scope) -> Any:
        return run.child(index, child, batches[index][0], lambda inside, given: run_states(inside, state["ItemProcessor"], given))

    def failed(index: int, problem: BaseException) -> bool:
        return not isinstance(problem, Stopped) and run.tolerates(index, problem)

    results = run_each(scope, len(batches), _at_once(scope, state, data, _DISTRIBUTED_AT_ONCE), one, failed)
    run.finish()
    scope.record("MapRunSucceeded")
    if "ResultWriter" in state:
        return write_results(scope, state["ResultWriter"], data, run, results)
    return [result for index, result in enumerate(results) if index not in run.failures]


def _batches(scope: Scope, state: dict[str, Any], data: Any, inputs: list[Any]) -> list[tuple[Any, int]]:
    """The input of each child execution, and how many items it carries."""
    if "ItemBatcher" not in state:
        return [(item, 1) for item in inputs]
    batcher = evaluate(state["ItemBatcher"], scope.sight(data))
    most_items = batcher.get("MaxItemsPerBatch") or len(inputs)
    most_bytes = batcher.get("MaxInputBytesPerBatch") or float("inf")
    groups: list[list[Any]] = []
    size = 0
    for item in inputs:
        length = len(json.dumps(item, separators=(",", ":")).encode())
        if not groups or len(groups[-1]) >= most_items or size + length > most_bytes:
            groups.append([])
            size = 0
        groups[-1].append(item)
        size += length
    extra = {"BatchInput": batcher["BatchInput"]} if "BatchInput" in batcher else {}
    batches = [({**extra, "Items": group}, len(group)) for group in groups]
    for batch, _ in batches:
        payload(batch, "a batch of the item batcher")
    return batches


def _tolerance(scope: Scope, state: dict[str, Any], data: Any) -> tuple[float | None, float | None]:
    """Tolerated failures as a count and as a percentage; None where the state names none."""

    def given(name: str) -> float | None:
        return typed_field(state, name, "number", scope.sight(data)) if name in state else None

    return given("ToleratedFailureCount"), given("ToleratedFailurePercentage")
