"""Who may do what: identity, resource and trust policies as IAM combines them, and one line that says why not.

Used for everything that does not reach MiniStack as a signed request: rights a service checks on behalf of a caller (`iam:PassRole`), what a
role needs besides the call itself (KMS keys, managed rules), and what service principals do. Evaluation itself is MiniStack's.
"""

import importlib
from dataclasses import dataclass
from typing import Any

import ministack.core.iam_evaluator as iam
import ministack.services.iam as iam_store
from declarations import declared_role
from ministack.core.responses import get_account_id, get_region


@dataclass(frozen=True)
class Decision:
    """Whether something is allowed, and one line that says why not: role, action, resource, and where the role is declared."""

    allowed: bool
    reason: str = ""


ALLOWED = Decision(True)


def allowed(principal: str, action: str, resource: str, context: dict[str, Any] | None = None) -> Decision:
    """Whether a role (by name, ARN or session ARN) may do this, by its own policies and the resource's.

    `context` holds condition keys of the request, such as `iam:PassedToService`. The account's root may do everything.
    """
    if is_root(principal):
        return ALLOWED
    role = role_name(principal)
    policies = iam._gather_role_policies(role, get_account_id())
    tags = _resource_tags(resource) if iam._names_condition_key(policies, "aws:resourcetag/") else {}
    request = _request(_session_arn(principal), action, resource, {**tags, **(context or {})})
    limits = tuple(iam._permissions_boundary(iam_store._roles, role, get_account_id()))
    identity = iam.evaluate(request, policies, *limits)
    service = action.split(":")[0]
    policy = resource_policy(service, resource)
    result = identity
    if policy is not None:
        needed = service in iam._POLICY_REQUIRED
        result = iam.combine_resource_policy(identity, request, policy, get_account_id(), required=needed, limits=limits)
    if result.decision == "Allow":
        return ALLOWED
    return Decision(False, explain(principal, action, resource, _why(identity, result)))


def service_allowed(service: str, action: str, resource: str, context: dict[str, Any] | None = None) -> Decision:
    """Whether a service principal such as `events.amazonaws.com` may do this: the resource's own policy alone decides."""
    request = iam.EvalContext(
        principal_arn=service,
        principal_type="Service",
        principal_account=get_account_id(),
        action=action,
        resource_arn=resource,
        region=get_region(),
        secure_transport=True,
        service_context=_lower(context),
    )
    policy = resource_policy(action.split(":")[0], resource)
    if policy and iam.evaluate_resource_policy(policy, request, service=service).decision == "Allow":
        return ALLOWED
    return Decision(False, f"{service} lacks {action} on {resource}: its resource policy does not allow the service")


def trusts(role: str, service: str) -> bool:
    """Whether the role's trust policy lets the service assume it."""
    record = iam_store._roles.get(role_name(role))
    if record is None:
        return False
    document = iam.json.loads(record["AssumeRolePolicyDocument"])
    statements = document.get("Statement", [])
    context = {"aws:sourceaccount": get_account_id()}
    request = _request(service, "sts:AssumeRole", record["Arn"], context)
    applying = [one for one in _as_list(statements) if iam._service_principal_matches(one.get("Principal"), service)]
    # A trust policy has no Resource; the role itself is meant.
    parsed = iam.parse_policy_document({"Statement": [{**one, "Resource": "*"} for one in applying]})
    return iam.evaluate(request, [parsed]).decision == "Allow"


def resource_policy(service: str, resource: str) -> str | dict[str, Any] | None:
    """The resource's own policy, or None where it has none or the service keeps none."""
    lookup = iam._RESOURCE_POLICY_LOOKUPS.get(service)
    if lookup is None or not resource.startswith("arn:"):
        return None
    module, function = lookup
    found = getattr(importlib.import_module(f"ministack.services.{module}"), function)(resource)
    return found[0] if found else None


def explain(principal: str, action: str, resource: str, why: str = "no policy of the role allows it") -> str:
    """One line: role, action, resource, and the stack and logical id where the role is declared."""
    return f"role {role_name(principal)} lacks {action} on {resource}: {why}; the role is declared in {declared_role(principal)}"


def role_name(principal: str) -> str:
    """Name of the role that a role ARN, a session ARN or a bare name means."""
    if ":assumed-role/" in principal:
        return principal.split(":assumed-role/")[1].split("/")[0]
    return principal.rsplit("/", 1)[-1]


def is_root(principal: str) -> bool:
    """Whether the principal is the account itself, to which nothing is denied."""
    return principal == "root" or principal.endswith(":root")


def _session_arn(principal: str) -> str:
    if ":assumed-role/" in principal:
        return principal
    return f"arn:aws:sts::{get_account_id()}:assumed-role/{role_name(principal)}/rehearsal"


def _request(principal: str, action: str, resource: str, context: dict[str, Any] | None) -> iam.EvalContext:
    keys = _lower(context)
    keys.setdefault("aws:tagkeys", None)
    return iam.EvalContext(
        principal_arn=principal,
        principal_type="AssumedRole",
        principal_account=get_account_id(),
        action=action,
        resource_arn=resource,
        region=get_region(),
        secure_transport=True,
        service_context=keys,
    )


def _lower(context: dict[str, Any] | None) -> dict[str, Any]:
    # The evaluator looks condition keys up in lower case.
    return {key.lower(): value for key, value in (context or {}).items()}


def _resource_tags(resource: str) -> dict[str, Any]:
    from ministack.services.tagging import resource_tags

    return {f"aws:resourcetag/{name}": value for name, value in (resource_tags(resource) or {}).items()}


def _why(identity: iam.EvalResult, result: iam.EvalResult) -> str:
    if result.decision == "Deny":
        sid = f" ({result.matched_sid})" if result.matched_sid else ""
        where = "the resource's own policy" if result.resource_policy_arn else "a policy of the role"
        return f"{where} denies it{sid}"
    if identity.decision == "Allow":
        return "the role's policies allow it, the key policy does not"
    return "no policy of the role allows it"


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
