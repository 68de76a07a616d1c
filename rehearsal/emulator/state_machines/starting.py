"""StartExecution as the service answers it: the same name and input again is the same execution, and the input has a limit."""

import json
import re
from collections.abc import Callable
from typing import Any

import ministack.services.stepfunctions as sfn
from ministack.core.responses import error_response_json, json_response

from .history import MAX_PAYLOAD_BYTES

# The service refuses white space, brackets, wildcards and other special characters.
_NAME = re.compile(r"[^\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,80}")

Answer = tuple[int, dict[str, str], bytes]


def starting(start: Callable[[dict[str, Any]], Answer]) -> Callable[[dict[str, Any]], Answer]:
    """MiniStack's StartExecution with the checks it lacks before it."""

    def start_execution(data: dict[str, Any]) -> Answer:
        return _refusal(data) or _running_already(data) or start(data)

    return start_execution


def _refusal(data: dict[str, Any]) -> Answer | None:
    name, text = data.get("name"), data.get("input", "{}")
    if name is not None and not _NAME.fullmatch(name):
        return error_response_json("InvalidName", f"Invalid Name: '{name}'", 400)
    if len(text.encode()) > MAX_PAYLOAD_BYTES:
        return error_response_json(
            "ValidationException",
            f"Value at 'input' failed to satisfy constraint: Member must have length less than or equal to {MAX_PAYLOAD_BYTES}",
            400,
        )
    try:
        json.loads(text)
    except ValueError as problem:
        return error_response_json("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{problem}'", 400)
    return None


def _running_already(data: dict[str, Any]) -> Answer | None:
    machine = sfn._state_machines.get(data.get("stateMachineArn", ""))
    if machine is None or not data.get("name"):
        return None
    arn = machine["stateMachineArn"].replace(":stateMachine:", ":execution:") + f":{data['name']}"
    known = sfn._executions.get(arn)
    if known is None or known["status"] != "RUNNING" or known["input"] != data.get("input", "{}"):
        return None
    return json_response({"executionArn": arn, "startDate": known["startDate"]})
