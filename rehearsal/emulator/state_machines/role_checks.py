"""What the service checks of a machine's role before it runs anything: trust, managed rules of `.sync`, and the log destination."""

import json
from collections.abc import Iterator
from typing import Any

import permissions

from .execution_log import log_group_of
from .failures import RUNTIME, StateFailure
from .integrations import parse_resource

# `.sync` needs a rule of this name, made by the service with the role of the machine.
_MANAGED_RULES = {
    ("sagemaker", "createTrainingJob"): "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
    ("sagemaker", "createTransformJob"): "StepFunctionsGetEventsForSageMakerTransformJobsRule",
    ("sagemaker", "createProcessingJob"): "StepFunctionsGetEventsForSageMakerProcessingJobsRule",
    ("sagemaker", "createHyperParameterTuningJob"): "StepFunctionsGetEventsForSageMakerTuningJobsRule",
    ("states", "startExecution"): "StepFunctionsGetEventsForStepFunctionsExecutionRule",
}
_RULE_ACTIONS = ("events:PutTargets", "events:PutRule", "events:DescribeRule")
_LOG_ACTION = "logs:CreateLogDelivery"

_checked: set[str] = set()


def check_role(machine: dict[str, Any]) -> None:
    """Refuse a machine whose role lacks what the service needs for itself. Checked once per revision of a machine.

    AWS refuses such a machine when it is created. Here its first execution fails, since a template may attach policies later.
    """
    revision = machine.get("revisionId", machine["stateMachineArn"])
    if revision in _checked:
        return
    role = machine["roleArn"]
    if not permissions.trusts(role, "states.amazonaws.com"):
        raise StateFailure(
            RUNTIME,
            "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume "
            f"the provided role {role}.",
        )
    region, account = machine["stateMachineArn"].split(":")[3:5]
    for rule in _managed_rules(json.loads(machine["definition"])["States"]):
        for action in _RULE_ACTIONS:
            _require(role, action, f"arn:aws:events:{region}:{account}:rule/{rule}")
    if log_group_of(machine):
        _require(role, _LOG_ACTION, "*")
    _checked.add(revision)


def _require(role: str, action: str, resource: str) -> None:
    decision = permissions.allowed(role, action, resource)
    if not decision.allowed:
        raise StateFailure(RUNTIME, decision.reason)


def _managed_rules(states: dict[str, Any]) -> Iterator[str]:
    for state in states.values():
        if state["Type"] == "Task" and ".sync" in state["Resource"]:
            integration = parse_resource(state["Resource"])
            rule = _MANAGED_RULES.get((integration.service, integration.action))
            if rule is not None:
                yield rule
        for branch in state.get("Branches", []):
            yield from _managed_rules(branch["States"])
        if "ItemProcessor" in state:
            yield from _managed_rules(state["ItemProcessor"]["States"])
