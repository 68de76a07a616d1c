"""The item reader of a distributed map: objects of a bucket, or the rows of one object."""

from typing import Any

import botocore.exceptions
import ministack.services.stepfunctions as sfn

from .expressions import evaluate
from .failures import StateFailure
from .scope import Scope

_FAILED = "States.ItemReaderFailed"
_INPUT_TYPES = ("JSON", "JSONL", "CSV")


def read_items(scope: Scope, reader: dict[str, Any], data: Any) -> list[Any]:
    """The items a reader finds, read with the machine's role."""
    arguments = evaluate(reader.get("Arguments", {}), scope.sight(data))
    config = evaluate(reader.get("ReaderConfig", {}), scope.sight(data))
    client = scope.execution.client("s3")
    try:
        if reader["Resource"].endswith(":s3:listObjectsV2"):
            items = _listed(client, arguments)
        elif reader["Resource"].endswith(":s3:getObject"):
            items = _parsed(client.get_object(**arguments)["Body"].read().decode(), config)
        else:
            raise StateFailure(_FAILED, f"an item reader cannot read from {reader['Resource']}")
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, ValueError, KeyError) as problem:
        raise StateFailure(_FAILED, str(problem)) from problem
    most = config.get("MaxItems")
    return items[: int(most)] if most else items


def _listed(client: Any, arguments: dict[str, Any]) -> list[dict[str, Any]]:
    pages = client.get_paginator("list_objects_v2").paginate(**arguments)
    return [
        {
            "Etag": found["ETag"],
            "Key": found["Key"],
            "LastModified": int(found["LastModified"].timestamp()),
            "Size": found["Size"],
            "StorageClass": found.get("StorageClass", "STANDARD"),
        }
        for page in pages
        for found in page.get("Contents", [])
    ]


def _parsed(text: str, config: dict[str, Any]) -> list[Any]:
    kind = config.get("InputType", "JSON")
    if kind not in _INPUT_TYPES:
        raise StateFailure(_FAILED, f"InputType {kind} is not read here; use one of {', '.join(_INPUT_TYPES)}")
    items = sfn._parse_reader_items(text, config)
    if not isinstance(items, list):
        raise StateFailure(_FAILED, "the object read is not a JSON array")
    return items
