"""What KMS asks of a caller who touches an encrypted resource. MiniStack stores the key and asks nobody.

A call on a resource with a customer-managed key needs the key too, for the caller himself: by the key policy, or by his own policies where
the key policy delegates to the account. A service principal (an alarm publishing, a rule sending) needs it by the key policy.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

import encrypted_resources as encrypted
import ministack.services.sns as sns
import ministack.services.sqs as sqs
import permissions
import problems
from encrypted_resources import Encryption
from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import provisioners
from permissions import ALLOWED, Decision

DECRYPT, GENERATE = "kms:Decrypt", "kms:GenerateDataKey"

# What a request consists of where the guard of all calls sees it: method, path, headers, body, query.
Request = tuple[str, str, dict[str, str], bytes, dict[str, Any]]


@dataclass(frozen=True)
class Need:
    """One action on a key that a call needs, through which service, with which encryption context."""

    encryption: Encryption
    action: str
    via: str
    context: dict[str, str] = field(default_factory=dict)

    def keys(self) -> dict[str, Any]:
        """The need as condition keys of a key policy."""
        return {
            "kms:ViaService": f"{self.via}.{get_region()}.amazonaws.com",
            "kms:CallerAccount": get_account_id(),
            "kms:EncryptionContextKeys": list(self.context),
            **{f"kms:EncryptionContext:{name}": value for name, value in self.context.items()},
        }


def check(caller: str, service: str, operation: str, request: Request) -> str | None:
    """Why KMS refuses a call, in one line, or None. `operation` is named as IAM names it; the account's root is never refused."""
    if permissions.is_root(caller):
        return None
    if service == "logs":
        return _log_refusal(operation, request)
    needs = _NEEDS.get(service)
    for need in needs(operation, request) if needs else ():
        decision = _decide(caller, need)
        if not decision.allowed:
            return f"{decision.reason} (needed for {service}:{operation})"
    return None


def check_delivery(principal: str, source: str, target: str) -> str | None:
    """Why a delivery to an encrypted queue or topic fails, or None. `principal` is a service principal, or a role that delivers.

    A schedule delivers with its role, which must be able to read the schedule itself too.
    """
    needs = list(_target_needs(target))
    if principal == "scheduler.amazonaws.com":
        found, principal = encrypted.schedule(source)
        needs += [Need(found, DECRYPT, "scheduler", {"aws:scheduler:schedule:arn": source})] if found else []
    sources = {"aws:SourceArn": source, "aws:SourceAccount": get_account_id()}
    for need in needs:
        decision = _decide_service(principal, need, sources) if principal.endswith(".amazonaws.com") else _decide(principal, need)
        if not decision.allowed:
            return f"{decision.reason} (needed by {source} for {target})"
    return None


def _target_needs(target: str) -> Iterator[Need]:
    service = target.split(":")[2] if target.count(":") > 2 else ""
    find = encrypted.DELIVERY_TARGETS.get(service)
    found = find(target) if find else None
    if found is not None:
        yield from (Need(found, action, service) for action in (GENERATE, DECRYPT))


def install() -> None:
    """Let messages from SNS and S3 to encrypted queues and topics, and log groups with keys, meet the same check."""
    queue_allows, topic_allows = sqs.queue_policy_allows, sns.topic_policy_allows

    def with_key(allows: Callable[..., bool]) -> Callable[..., bool]:
        def policy_and_key_allow(target: str, service: str, source: str, account: str) -> bool:
            if not allows(target, service, source, account):
                return False
            # Rules and alarms are checked where they deliver, with their own wording.
            refusal = check_delivery(service, source, target) if service in ("sns.amazonaws.com", "s3.amazonaws.com") else None
            if refusal is not None:
                problems.record(refusal)
            return refusal is None

        return policy_and_key_allow

    sqs.queue_policy_allows, sns.topic_policy_allows = with_key(queue_allows), with_key(topic_allows)
    _check_log_groups_of_templates()


def _decide(caller: str, need: Need) -> Decision:
    return permissions.allowed(caller, need.action, need.encryption.key, need.keys())


def _decide_service(principal: str, need: Need, sources: dict[str, str]) -> Decision:
    return permissions.service_allowed(principal, need.action, need.encryption.key, {**need.keys(), **sources})


def _s3_needs(operation: str, request: Request) -> Iterator[Need]:
    method, path, headers, _, query = request
    bucket, _, key = unquote(path).lstrip("/").partition("/")
    if not key:
        return
    if operation in ("GetObject", "GetObjectVersion") and method == "GET":
        version = (query.get("versionId") or [None])[0]
        yield from _s3_need(encrypted.stored_object(bucket, key, version), bucket, key, DECRYPT)
    if operation != "PutObject":
        return
    target = encrypted.written_object(bucket, headers)
    if "uploadId" in query:
        yield from _s3_need(target, bucket, key, DECRYPT)
    if method == "PUT" or "uploads" in query:
        yield from _s3_need(target, bucket, key, GENERATE)
    source = unquote(headers.get("x-amz-copy-source", "")).lstrip("/")
    if source:
        source, _, version = source.partition("?versionId=")
        source_bucket, _, source_key = source.partition("/")
        found = encrypted.stored_object(source_bucket, source_key, version or None)
        yield from _s3_need(found, source_bucket, source_key, DECRYPT)


def _s3_need(found: Encryption | None, bucket: str, key: str, action: str) -> Iterator[Need]:
    if found is not None:
        # With a bucket key the context names the bucket, not the object.
        arn = f"arn:aws:s3:::{bucket}" if found.bucket_key else f"arn:aws:s3:::{bucket}/{key}"
        yield Need(found, action, "s3", {"aws:s3:arn": arn})


_QUEUE_ACTIONS = {"SendMessage": (GENERATE, DECRYPT), "SendMessageBatch": (GENERATE, DECRYPT), "ReceiveMessage": (DECRYPT,)}


def _sqs_needs(operation: str, request: Request) -> Iterator[Need]:
    actions = _QUEUE_ACTIONS.get(operation, ())
    found = encrypted.queue(_json(request).get("QueueUrl", "")) if actions else None
    if found is not None:
        yield from (Need(found, action, "sqs") for action in actions)


def queue_reader_refusal(role: str, queue_arn: str) -> str | None:
    """Why a function's role cannot read an encrypted queue through an event source mapping, or None."""
    found = encrypted.queue(queue_arn)
    decision = _decide(role, Need(found, DECRYPT, "sqs")) if found else ALLOWED
    return None if decision.allowed else f"{decision.reason} (needed to read {queue_arn})"


def _sns_needs(operation: str, request: Request) -> Iterator[Need]:
    if operation not in ("Publish", "PublishBatch"):
        return
    form = parse_qs(request[3].decode(errors="replace"))
    found = encrypted.topic((form.get("TopicArn") or form.get("TargetArn") or [""])[0])
    if found is not None:
        yield from (Need(found, action, "sns") for action in (GENERATE, DECRYPT))


_TABLE_OPERATIONS = (
    "GetItem",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "Query",
    "Scan",
    "BatchGetItem",
    "BatchWriteItem",
    "ConditionCheckItem",
    "TransactGetItems",
    "TransactWriteItems",
)


def _dynamodb_needs(operation: str, request: Request) -> Iterator[Need]:
    if operation not in _TABLE_OPERATIONS:
        return
    for name in sorted(_table_names(_json(request))):
        found = encrypted.table(name)
        if found is not None:
            context = {"aws:dynamodb:tableName": name.rsplit("/", 1)[-1], "aws:dynamodb:subscriberId": get_account_id()}
            yield Need(found, DECRYPT, "dynamodb", context)


def _table_names(body: dict[str, Any]) -> set[str]:
    names = {body["TableName"]} if "TableName" in body else set()
    names |= set(body.get("RequestItems", {}))
    for item in body.get("TransactItems", []):
        names |= {action["TableName"] for action in item.values()}
    return names


def _ssm_needs(operation: str, request: Request) -> Iterator[Need]:
    body = _json(request)
    if operation == "PutParameter" and body.get("Type") == "SecureString":
        found = encrypted.encryption(body.get("KeyId"))
        if found is not None:
            yield Need(found, "kms:Encrypt", "ssm", _parameter_context(body.get("Name", "")))
    if operation in ("GetParameter", "GetParameters") and body.get("WithDecryption"):
        for name in [body["Name"]] if "Name" in body else body.get("Names", []):
            found = encrypted.parameter(name)
            if found is not None:
                yield Need(found, DECRYPT, "ssm", _parameter_context(name))


def _parameter_context(name: str) -> dict[str, str]:
    return {"PARAMETER_ARN": f"arn:aws:ssm:{get_region()}:{get_account_id()}:parameter/{name.lstrip('/')}"}


_LOG_ACTIONS = ("kms:Encrypt", DECRYPT, GENERATE)


def _log_refusal(operation: str, request: Request) -> str | None:
    if operation != "PutLogEvents":
        return None
    return log_group_refusal(_json(request).get("logGroupName", ""))


def log_group_refusal(name: str, reference: str | None = None) -> str | None:
    """Why CloudWatch Logs cannot use the key of a log group, or None. The writer of logs needs no key, the service does."""
    found = encrypted.encryption(reference) if reference else encrypted.log_group(name)
    if found is None:
        return None
    arn = f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{name}"
    principal = f"logs.{get_region()}.amazonaws.com"
    for action in _LOG_ACTIONS:
        decision = _decide_service(principal, Need(found, action, "logs", {"aws:logs:arn": arn}), {})
        if not decision.allowed:
            return f"{decision.reason} (needed for log group {name})"
    return None


def _check_log_groups_of_templates() -> None:
    kind = "AWS::Logs::LogGroup"
    handlers = provisioners._RESOURCE_HANDLERS[kind]
    create = handlers["create"]

    def create_if_key_allows(logical_id: str, properties: dict[str, Any], stack: str) -> Any:
        name = properties.get("LogGroupName") or f"/aws/cloudformation/{stack}/{logical_id}"
        refusal = log_group_refusal(name, properties["KmsKeyId"]) if properties.get("KmsKeyId") else None
        if refusal is not None:
            raise ValueError(
                f"The specified KMS key does not exist or is not allowed to be used with log group {name}: {refusal}"
            )
        return create(logical_id, properties, stack)

    provisioners._RESOURCE_HANDLERS[kind] = {**handlers, "create": create_if_key_allows}


def _json(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(request[3] or b"{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


_NEEDS: dict[str, Callable[[str, Request], Iterator[Need]]] = {
    "dynamodb": _dynamodb_needs,
    "s3": _s3_needs,
    "sns": _sns_needs,
    "sqs": _sqs_needs,
    "ssm": _ssm_needs,
}
