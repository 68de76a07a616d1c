"""A Map Run: the child executions of a distributed map, their records and counts, and when there were too many failures."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import ministack.services.stepfunctions as sfn
import permissions

from .failures import StateFailure
from .history import History, payload
from .scope import Scope

_COUNTERS = (
    "pending",
    "running",
    "succeeded",
    "failed",
    "timedOut",
    "aborted",
    "total",
    "resultsWritten",
    "failuresNotRedrivable",
    "pendingRedrive",
)


class MapRun:
    """One run of a distributed map. `weights` says how many items each child carries: tolerance counts items, not children."""

    def __init__(self, scope: Scope, state: dict[str, Any], weights: list[int], tolerance: tuple[float | None, float | None]):
        execution = scope.execution
        _require_right_to_start(execution.role, execution.machine["stateMachineArn"])
        prefix = execution.machine["stateMachineArn"].split(":stateMachine:")[0]
        self.label = state.get("Label") or sfn.new_uuid()
        self.arn = f"{prefix}:mapRun:{execution.machine['name']}/{self.label}:{sfn.new_uuid()}"
        self.failures: dict[int, StateFailure] = {}
        self.children: dict[int, dict[str, Any]] = {}
        self._prefix = prefix
        self._weights = weights
        self._count, self._percentage = tolerance
        self._lock = threading.Lock()
        self._record = self._opened(execution.arn, len(weights), sum(weights))
        sfn._map_runs[self.arn] = self._record

    def child(self, index: int, scope: Scope, data: Any, run: Callable[[Scope, Any], Any]) -> Any:
        """Run one child execution. It sees no variables of its parent and has a context of its own, as on AWS."""
        record = self._child_record(scope, data)
        self.children[index] = record
        execution = replace(
            scope.execution,
            arn=record["executionArn"],
            name=record["name"],
            record=record,
            history=History(record, scope.execution.machine),
        )
        described = {
            **scope.context["Execution"],
            "Id": record["executionArn"],
            "Name": record["name"],
            "Input": data,
            "StartTime": record["startDate"],
        }
        inside = scope.inner(execution, {}, Execution=described)
        self._moved(index, "pending", "running")
        try:
            output = run(inside, data)
        except StateFailure as failure:
            record.update(status="FAILED", error=failure.error, cause=failure.cause, stopDate=sfn.now_iso())
            self._moved(index, "running", "failed")
            raise
        record.update(status="SUCCEEDED", output=payload(output, "a child's output"), stopDate=sfn.now_iso())
        self._moved(index, "running", "succeeded")
        return output

    def tolerates(self, index: int, problem: BaseException) -> bool:
        """Note the failure of a child, and say whether the run goes on."""
        if not isinstance(problem, StateFailure):
            raise problem
        with self._lock:
            self.failures[index] = problem
            return not self._exceeded()

    def finish(self) -> None:
        """Close the run; `States.ExceedToleratedFailureThreshold` when too many items failed."""
        exceeded = self._exceeded()
        self._record.update(status="FAILED" if exceeded else "SUCCEEDED", stopDate=sfn.now_iso())
        if exceeded:
            first = self.failures[min(self.failures)]
            raise StateFailure(
                "States.ExceedToleratedFailureThreshold",
                f"The specified tolerated failure threshold was exceeded (first failure: {first.error}: {first.cause})",
            )

    def _exceeded(self) -> bool:
        failed = sum(self._weights[index] for index in self.failures)
        if self._count is None and self._percentage is None:
            return failed > 0
        over_count = self._count is not None and failed > self._count
        over_share = self._percentage is not None and failed * 100 > self._percentage * sum(self._weights)
        return over_count or over_share

    def _moved(self, index: int, before: str, after: str) -> None:
        with self._lock:
            for counts, weight in (
                (self._record["itemCounts"], self._weights[index]),
                (self._record["executionCounts"], 1),
            ):
                counts[before] -= weight
                counts[after] += weight

    def _opened(self, execution: str, children: int, items: int) -> dict[str, Any]:
        def counts(total: int) -> dict[str, int]:
            return {**dict.fromkeys(_COUNTERS, 0), "total": total, "pending": total}

        return {
            "mapRunArn": self.arn,
            "executionArn": execution,
            "status": "RUNNING",
            "startDate": sfn.now_iso(),
            "maxConcurrency": 0,
            "toleratedFailurePercentage": self._percentage or 0,
            "toleratedFailureCount": self._count or 0,
            "itemCounts": counts(items),
            "executionCounts": counts(children),
            "redriveCount": 0,
            "_stateMachineArn": self._machine_arn(execution),
        }

    def _machine_arn(self, execution: str) -> str:
        return f"{self._prefix}:stateMachine:{execution.split(':')[6]}/{self.label}"

    def _child_record(self, scope: Scope, data: Any) -> dict[str, Any]:
        name = sfn.new_uuid()
        machine = scope.execution.machine["name"]
        record = {
            "executionArn": f"{self._prefix}:execution:{machine}/{self.label}:{name}",
            "stateMachineArn": self._machine_arn(scope.execution.arn),
            "name": name,
            "status": "RUNNING",
            "startDate": sfn.now_iso(),
            "stopDate": None,
            "input": json.dumps(data),
            "inputDetails": {"included": True},
            "output": None,
            "outputDetails": {"included": True},
            "mapRunArn": self.arn,
            "events": [{"id": 1, "type": "ExecutionStarted", "timestamp": sfn.now_iso()}],
        }
        sfn._executions[record["executionArn"]] = record
        return record


def _require_right_to_start(role: str, machine: str) -> None:
    """A distributed map starts its children with the machine's role, which therefore needs StartExecution on its own machine."""
    decision = permissions.allowed(role, "states:StartExecution", machine)
    if not decision.allowed:
        raise StateFailure("StepFunctions.AWSStepFunctionsException", decision.reason)
