"""Which key a resource is encrypted with. Templates say so; MiniStack's CloudFormation forgets it for buckets, tables and topics."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ministack.services.cloudformation as cloudformation
import ministack.services.cloudwatch_logs as logs
import ministack.services.kms as kms_store
import ministack.services.s3 as s3
import ministack.services.scheduler as scheduler
import ministack.services.sns as sns
import ministack.services.sqs as sqs
import ministack.services.ssm as ssm
from ministack.core.responses import get_region

_ALGORITHM = "x-amz-server-side-encryption"
_KEY_HEADER = "x-amz-server-side-encryption-aws-kms-key-id"


@dataclass(frozen=True)
class Encryption:
    """A customer-managed key by ARN (or as it was named, when there is no such key), and for S3 whether a bucket key is used."""

    key: str
    bucket_key: bool = False


def encryption(reference: str | None, bucket_key: bool = False) -> Encryption | None:
    """The encryption a key reference (ARN, id or alias) means; None for AWS's own keys, which ask nobody for permission."""
    if not reference or "alias/aws/" in reference:
        return None
    record = kms_store._resolve_key(reference)
    return Encryption(record["Arn"] if record else reference, bucket_key)


def bucket(name: str) -> Encryption | None:
    """Default encryption of a bucket with a customer-managed key."""
    made_by_api = s3._bucket_default_sse_headers(name)
    if made_by_api:
        return encryption(made_by_api.get(_KEY_HEADER))
    rules = _declared("AWS::S3::Bucket", name).get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [])
    for rule in rules:
        default = rule.get("ServerSideEncryptionByDefault", {})
        if str(default.get("SSEAlgorithm", "")).startswith("aws:kms"):
            return encryption(default.get("KMSMasterKeyID"), str(rule.get("BucketKeyEnabled", False)).lower() == "true")
    return None


def stored_object(bucket_name: str, key: str, version: str | None) -> Encryption | None:
    """The key an object was written with: its own headers, else the bucket's default."""
    record = (s3._buckets.get(bucket_name) or {}).get("objects", {}).get(key)
    if version is not None:
        versions = s3._object_versions.get((bucket_name, key), [])
        record = next((one["obj_record"] for one in versions if one["version_id"] == version and "obj_record" in one), record)
    return written_object(bucket_name, (record or {}).get("preserved_headers", {}))


def written_object(bucket_name: str, headers: dict[str, str]) -> Encryption | None:
    """The key an object is written with under these headers."""
    algorithm = headers.get(_ALGORITHM)
    if algorithm is None:
        return bucket(bucket_name)
    if not algorithm.startswith("aws:kms"):
        return None
    return encryption(headers.get(_KEY_HEADER)) or bucket(bucket_name)


def queue(arn_or_url: str) -> Encryption | None:
    """The key of a queue, by its ARN or URL."""
    name = arn_or_url.rsplit(":" if arn_or_url.startswith("arn:") else "/", 1)[-1]
    record = sqs._queues.get(sqs._queue_url(name)) or {}
    return encryption((record.get("attributes") or {}).get("KmsMasterKeyId"))


def topic(arn: str) -> Encryption | None:
    """The key of a topic."""
    attributes = (sns._topic_by_arn_any_scope(arn) or {}).get("attributes") or {}
    return encryption(attributes.get("KmsMasterKeyId") or _declared("AWS::SNS::Topic", arn).get("KmsMasterKeyId"))


def table(name: str) -> Encryption | None:
    """The key of a DynamoDB table, by name or ARN; a global table names the key of each region in its replicas."""
    physical_id = name.rsplit("/", 1)[-1]
    replicas = _declared("AWS::DynamoDB::GlobalTable", physical_id).get("Replicas", [])
    here = next((one for one in replicas if one.get("Region") == get_region()), {})
    specification = here or _declared("AWS::DynamoDB::Table", physical_id)
    return encryption(specification.get("SSESpecification", {}).get("KMSMasterKeyId"))


def parameter(name: str) -> Encryption | None:
    """The key of a SecureString parameter."""
    record = ssm._parameters.get(name) or {}
    return encryption(record.get("KeyId")) if record.get("Type") == "SecureString" else None


def log_group(name: str) -> Encryption | None:
    """The key of a log group."""
    return encryption((logs._log_groups.get(name) or {}).get("kmsKeyId"))


def schedule(arn: str) -> tuple[Encryption | None, str]:
    """The key of a schedule, and the role it delivers with (empty when there is no such schedule)."""
    path = arn.split(":schedule/")[-1]
    record = scheduler._schedules.get(path) or {}
    declared = _declared("AWS::Scheduler::Schedule", path.rsplit("/", 1)[-1])
    key = record.get("KmsKeyArn") or declared.get("KmsKeyArn")
    return encryption(key), (record.get("Target") or {}).get("RoleArn", "")


_index: dict[tuple[str, str], dict[str, Any]] = {}
_indexed: tuple[Any, ...] = ()


def _declared(kind: str, physical_id: str) -> dict[str, Any]:
    """The resolved properties a template gave a resource; empty when no stack has it."""
    global _indexed
    stacks = cloudformation._stacks.values()
    seen = tuple((one["StackName"], one.get("LastUpdatedTime"), len(one.get("_resources", {}))) for one in stacks)
    if seen != _indexed:
        _index.clear()
        for stack in stacks:
            for resource in list(stack.get("_resources", {}).values()):
                _index[resource.get("ResourceType"), resource.get("PhysicalResourceId")] = resource.get("Properties") or {}
        _indexed = seen
    return _index.get((kind, physical_id), {})


# By the service in a target's ARN: what an event, alarm or message can be delivered to.
DELIVERY_TARGETS: dict[str, Callable[[str], Encryption | None]] = {"sqs": queue, "sns": topic}
