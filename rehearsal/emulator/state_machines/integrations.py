"""Calls to other services: each one a request over the wire with a session of the machine's role, and its errors in Step Functions' names."""

import json
from dataclasses import dataclass
from typing import Any

import botocore.exceptions
import ministack.services.stepfunctions as sfn
from botocore import xform_name
from botocore.model import OperationModel

from .failures import RUNTIME, StateFailure
from .scope import Execution
from .shapes import to_request, to_result

# What a resource ARN calls a service, and what botocore calls it.
_CLIENT_NAMES = {
    "sfn": "stepfunctions",
    "states": "stepfunctions",
    "cloudwatchlogs": "logs",
    "eventbridge": "events",
    "sagemakerruntime": "sagemaker-runtime",
}

_SDK_PREFIXES = {
    **sfn._AWS_SDK_ERROR_PREFIX,
    "sagemaker": "SageMaker",
    "sagemakerruntime": "SageMakerRuntime",
    "scheduler": "Scheduler",
    "cloudformation": "CloudFormation",
}

# Optimized integrations: prefix of the error, and its name when the service's own error is not in its model.
_OPTIMIZED_ERRORS = {
    "dynamodb": ("DynamoDB", "AmazonDynamoDBException"),
    "events": ("EventBridge", "AmazonEventBridgeException"),
    "lambda": ("Lambda", "AWSLambdaException"),
    "sagemaker": ("SageMaker", "AmazonSageMakerException"),
    "sns": ("SNS", "AmazonSNSException"),
    "sqs": ("SQS", "AmazonSQSException"),
    "states": ("StepFunctions", "AWSStepFunctionsException"),
}

# Members that an optimized integration takes as JSON and sends as text.
_TEXT_MEMBERS = {"lambda": "Payload", "sns": "Message", "sqs": "MessageBody", "states": "Input"}


@dataclass(frozen=True)
class Integration:
    """The `Resource` of a Task: service and action as the ARN spells them, AWS SDK or optimized, and the pattern after the dot."""

    service: str
    action: str
    sdk: bool
    pattern: str


def parse_resource(arn: str) -> Integration:
    """The integration a `Resource` names."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[2] != "states":
        raise StateFailure(RUNTIME, f"Resource {arn} is not a service integration (arn:…:states:::service:action)")
    head, _, pattern = parts[5].partition(".")
    words = head.split(":")
    sdk = words[0] == "aws-sdk"
    if len(words) != (3 if sdk else 2):
        raise StateFailure(RUNTIME, f"Resource {arn} does not name a service and an action")
    if not sdk and words[0] not in _OPTIMIZED_ERRORS:
        raise StateFailure(RUNTIME, f"the rehearsal has no optimized integration for {words[0]}; use aws-sdk:{words[0]}")
    return Integration(words[-2], words[-1], sdk, pattern)


def call(execution: Execution, integration: Integration, arguments: Any) -> Any:
    """Make the call and answer its result, as the integration shows it to the state."""
    client = execution.client(_CLIENT_NAMES.get(integration.service, integration.service))
    operation = _operation(client, integration)
    request = to_request(_as_text(integration, arguments), operation.input_shape)
    try:
        response = getattr(client, xform_name(operation.name))(**request)
    except botocore.exceptions.ClientError as problem:
        raise _service_error(integration, operation, problem) from problem
    except botocore.exceptions.ParamValidationError as problem:
        raise StateFailure(RUNTIME, str(problem)) from problem
    except botocore.exceptions.BotoCoreError as problem:
        raise StateFailure(f"{_prefix(integration)}.SdkClientException", str(problem)) from problem
    response.pop("ResponseMetadata", None)
    if integration.service == "lambda" and not integration.sdk:
        return _lambda_result(response)
    result = to_result(response, operation.output_shape)
    if integration.service == "events" and not integration.sdk and result.get("FailedEntryCount"):
        raise StateFailure("EventBridge.FailedEntry", json.dumps(result))
    return result


def _operation(client: Any, integration: Integration) -> OperationModel:
    name = integration.action[:1].upper() + integration.action[1:]
    if name not in client.meta.service_model.operation_names:
        raise StateFailure(RUNTIME, f"{integration.service} has no operation {name}")
    return client.meta.service_model.operation_model(name)


def _as_text(integration: Integration, arguments: Any) -> Any:
    if integration.sdk or not isinstance(arguments, dict):
        return arguments
    if integration.service == "events":
        entries = [{**entry, "Detail": _text(entry.get("Detail", {}))} for entry in arguments.get("Entries", [])]
        return {**arguments, "Entries": entries}
    member = _TEXT_MEMBERS.get(integration.service)
    if member is None or member not in arguments:
        return arguments
    # A Lambda payload is JSON even when it is a string; a message that is text already stays as it is.
    value = arguments[member]
    return {**arguments, member: json.dumps(value) if integration.service == "lambda" else _text(value)}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _lambda_result(response: dict[str, Any]) -> dict[str, Any]:
    body = json.loads(response["Payload"].read() or "null")
    if "FunctionError" in response:
        named = body.get("errorType") if isinstance(body, dict) else None
        raise StateFailure(named or "Lambda.Unknown", json.dumps(body))
    return {
        "ExecutedVersion": response.get("ExecutedVersion", "$LATEST"),
        "Payload": body,
        "StatusCode": response["StatusCode"],
    }


def _prefix(integration: Integration) -> str:
    if integration.sdk:
        return _SDK_PREFIXES.get(integration.service, integration.service.capitalize())
    return _OPTIMIZED_ERRORS[integration.service][0]


def _service_error(integration: Integration, operation: OperationModel, problem: botocore.exceptions.ClientError) -> StateFailure:
    """The failure a state sees: the service's error when its model has it, else the integration's general name."""
    error = problem.response["Error"]
    status = problem.response["ResponseMetadata"]["HTTPStatusCode"]
    request = problem.response["ResponseMetadata"].get("RequestId", "")
    cause = f"{error.get('Message', '')} (Service: {operation.service_model.service_id}, Status Code: {status}, Request ID: {request})"
    code = error.get("Code", "Unknown")
    modelled = {shape.name for shape in operation.error_shapes}
    modelled |= {shape.metadata.get("error", {}).get("code") for shape in operation.error_shapes}
    prefix = _prefix(integration)
    if code in modelled:
        # The names are those of the Java SDK's classes, which all end in Exception.
        return StateFailure(f"{prefix}.{code if code.endswith('Exception') else code + 'Exception'}", cause)
    general = f"{prefix}Exception" if integration.sdk else _OPTIMIZED_ERRORS[integration.service][1]
    return StateFailure(f"{prefix}.{general}", cause)
