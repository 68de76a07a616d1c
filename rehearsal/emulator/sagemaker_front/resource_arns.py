"""The resource of a SageMaker call, as IAM policies name it."""

import re
from typing import Any

from ministack.core.responses import get_account_id, get_region

_VERBS = re.compile(r"^(Create|Describe|Update|Delete|Stop|Start|BatchDelete|RetryPipeline)")
# An operation may name its resource otherwise than by `<Kind>Name`.
_KINDS = {"EndpointWeightsAndCapacities": "Endpoint"}
# These also act on the endpoint config they name.
_ALSO_CONFIG = ("CreateEndpoint", "UpdateEndpoint")


def resource_arn(operation: str, body: dict[str, Any]) -> str:
    """The ARN a call is checked against; `*` where the service has no resource for it. SageMaker writes names in lower case."""
    if operation in ("AddTags", "ListTags", "DeleteTags"):
        return str(body.get("ResourceArn") or "*")
    kind = _VERBS.sub("", operation)
    kind = _KINDS.get(kind, kind)
    if kind == "ModelPackage":
        return _package(body)
    name = body.get(f"{kind}Name")
    return _arn(f"{_kebab(kind)}/{name}") if isinstance(name, str) and _VERBS.match(operation) else "*"


def further_resources(operation: str, body: dict[str, Any]) -> list[str]:
    """Other resources the same action must be allowed on."""
    name = body.get("EndpointConfigName")
    return [_arn(f"endpoint-config/{name}")] if operation in _ALSO_CONFIG and isinstance(name, str) else []


def _package(body: dict[str, Any]) -> str:
    named = body.get("ModelPackageArn") or body.get("ModelPackageName")
    if isinstance(named, str):
        return named if named.startswith("arn:") else _arn(f"model-package/{named}")
    group = body.get("ModelPackageGroupName")
    if not isinstance(group, str):
        return "*"
    # A group may be named by its ARN; its versions are below model-package.
    return _arn(f"model-package/{group.rsplit('/', 1)[-1]}/*")


def _arn(resource: str) -> str:
    return f"arn:aws:sagemaker:{get_region()}:{get_account_id()}:{resource.lower()}"


def _kebab(kind: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind).lower()
