"""SageMaker's front door: every request checked against the service's model and the caller's rights, then answered by the sidecar.

Our own answers are held to the model too: what the service would never answer is recorded as a problem.
"""

import json
from typing import Any

import problems
import sidecar

from .resource_arns import resource_arn
from .rights import check_rights
from .validation import ServiceError, operation_model, validate

__all__ = ["handle", "resource_arn"]


def handle(caller: str, operation: str, body: bytes) -> tuple[int, dict[str, Any]]:
    """Answer one call of the control plane: status and document. `caller` is an assumed-role ARN, or `root`."""
    try:
        model = operation_model(operation)
        request = _parsed(body)
        validate(model.input_shape, request)
        check_rights(caller, operation, request)
    except ServiceError as error:
        return error.status, {"__type": error.code, "message": error.message}
    answer = sidecar.call("/api", {"op": operation, "body": request, "caller": caller})
    if answer["status"] == 200:
        try:
            validate(model.output_shape, answer["body"])
        except ServiceError as error:
            problems.record(f"sagemaker:{operation} answered what the service never would: {error.message}")
    return answer["status"], answer["body"]


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        raise ServiceError("SerializationException", "Unexpected end of input") from None
    if not isinstance(request, dict):
        raise ServiceError("SerializationException", "Start of structure or map found where not expected")
    return request
