"""Work that a `.sync` task starts and waits for: SageMaker jobs and nested executions."""

import json
import logging
from typing import Any, Protocol

from .failures import RUNTIME, TASK_FAILED, StateFailure
from .integrations import Integration, call
from .registry import wait_for_end
from .scope import Scope

_log = logging.getLogger("state-machines")

_SAGEMAKER_JOBS = ("TrainingJob", "TransformJob", "ProcessingJob", "HyperParameterTuningJob")

# Step Functions tags the jobs it waits for; a role without AddTags fails here as it does on AWS.
_MANAGED_TAG = {"Key": "MANAGED_BY_AWS", "Value": "STARTED_BY_STEP_FUNCTIONS"}


class Job(Protocol):
    """Started, waited for, and stopped when the state is given up."""

    def start(self) -> Any: ...
    def wait(self) -> Any: ...
    def stop(self) -> None: ...


def job_for(scope: Scope, integration: Integration, arguments: dict[str, Any]) -> Job:
    """The job behind a `.sync` integration."""
    if integration.service == "sagemaker" and integration.action.removeprefix("create") in _SAGEMAKER_JOBS:
        return _SageMakerJob(scope, integration, arguments)
    if integration.service == "states" and integration.action == "startExecution":
        return _NestedExecution(scope, integration, arguments)
    raise StateFailure(RUNTIME, f"the rehearsal cannot wait for {integration.service}:{integration.action}")


class _SageMakerJob:
    def __init__(self, scope: Scope, integration: Integration, arguments: dict[str, Any]):
        self._scope = scope
        self._kind = integration.action.removeprefix("create")
        self._name = arguments.get(f"{self._kind}Name")
        self._create = integration
        self._arguments = {**arguments, "Tags": [*arguments.get("Tags", []), _MANAGED_TAG]}

    def start(self) -> Any:
        return call(self._scope.execution, self._create, self._arguments)

    def wait(self) -> Any:
        described = self._scope.execution.services.wait_job(self._kind, self._name, self._describe)
        if described[f"{self._kind}Status"] != "Completed":
            raise StateFailure(TASK_FAILED, json.dumps(described))
        return described

    def stop(self) -> None:
        _best_effort(self._scope, Integration("sagemaker", f"stop{self._kind}", False, ""), self._named())

    def _describe(self) -> dict[str, Any]:
        return call(self._scope.execution, Integration("sagemaker", f"describe{self._kind}", False, ""), self._named())

    def _named(self) -> dict[str, Any]:
        return {f"{self._kind}Name": self._name}


class _NestedExecution:
    def __init__(self, scope: Scope, integration: Integration, arguments: dict[str, Any]):
        self._scope = scope
        self._start = Integration("states", "startExecution", False, "")
        self._parsed_output = integration.pattern == "sync:2"
        self._arguments = arguments
        self._arn = ""

    def start(self) -> Any:
        answer = call(self._scope.execution, self._start, self._arguments)
        self._arn = answer["ExecutionArn"]
        return answer

    def wait(self) -> Any:
        wait_for_end(self._scope, self._arn)
        described = call(
            self._scope.execution, Integration("states", "describeExecution", False, ""), {"ExecutionArn": self._arn}
        )
        if described["Status"] != "SUCCEEDED":
            raise StateFailure(TASK_FAILED, json.dumps(described))
        if self._parsed_output:
            described = {**described, "Input": json.loads(described["Input"]), "Output": json.loads(described["Output"])}
        return described

    def stop(self) -> None:
        _best_effort(self._scope, Integration("states", "stopExecution", False, ""), {"ExecutionArn": self._arn})


def _best_effort(scope: Scope, integration: Integration, arguments: dict[str, Any]) -> None:
    try:
        call(scope.execution, integration, arguments)
    except StateFailure as failure:
        _log.warning("%s of %s: %s", integration.action, scope.execution.name, failure)
