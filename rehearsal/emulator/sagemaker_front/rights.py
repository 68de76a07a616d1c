"""Rights the service checks on behalf of the caller, beside the call itself: passing roles, their trust, tags, further resources."""

from collections.abc import Iterator
from typing import Any

import permissions

from .resource_arns import further_resources, resource_arn
from .validation import ServiceError

SERVICE = "sagemaker.amazonaws.com"
_ROLE_MEMBERS = ("RoleArn", "ExecutionRoleArn", "ValidationRole")


def check_rights(caller: str, operation: str, body: dict[str, Any]) -> None:
    """Raise the service's error when the caller lacks a right that this request needs."""
    for resource in further_resources(operation, body):
        _require(caller, f"sagemaker:{operation}", resource)
    if not operation.startswith("Create"):
        return
    for role in sorted(set(_roles(body))):
        _require(caller, "iam:PassRole", role, {"iam:PassedToService": SERVICE})
        if not permissions.trusts(role, SERVICE):
            raise ServiceError(
                "ValidationException",
                f"Could not assume role {role}. Please ensure that the role exists and allows principal '{SERVICE}' to assume the role.",
            )
    if body.get("Tags"):
        _require(caller, "sagemaker:AddTags", resource_arn(operation, body))


def _require(caller: str, action: str, resource: str, context: dict[str, str] | None = None) -> None:
    if not permissions.allowed(caller, action, resource, context).allowed:
        raise ServiceError(
            "AccessDeniedException",
            f"User: {caller} is not authorized to perform: {action} on resource: {resource} because no identity-based policy allows "
            f"the {action} action",
        )


def _roles(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            if name in _ROLE_MEMBERS and isinstance(item, str):
                yield item
            else:
                yield from _roles(item)
    elif isinstance(value, list):
        for item in value:
            yield from _roles(item)
