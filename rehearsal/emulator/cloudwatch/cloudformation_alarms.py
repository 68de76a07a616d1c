"""AWS::CloudWatch::Alarm and CompositeAlarm in templates: create, update, delete. MiniStack lacks math alarms and composites."""

import json
from typing import Any

import ministack.services.cloudwatch as cw
from ministack.services.cloudformation import provisioners

from .alarm_records import make_record

Attributes = dict[str, str]


def install_cloudformation() -> None:
    """Register both resource types with MiniStack's CloudFormation."""
    handlers = provisioners._RESOURCE_HANDLERS
    handlers["AWS::CloudWatch::Alarm"] = {
        **handlers["AWS::CloudWatch::Alarm"],
        "create": _create_alarm,
        "update": _update_alarm,
        "update_with_logical_id": True,
    }
    handlers["AWS::CloudWatch::CompositeAlarm"] = {
        "create": _create_composite,
        "update": _update_composite,
        "update_with_logical_id": True,
        "delete": _delete_composite,
    }


def _create_alarm(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, Attributes]:
    name = _name(logical_id, properties, stack)
    record = make_record(name, properties)
    cw.cloudformation_put_metric_alarm(record)
    cw.cloudformation_set_metric_alarm_tags(name, properties.get("Tags") or [])
    return name, {"Arn": record["AlarmArn"]}


def _update_alarm(
    physical_id: str, old: dict[str, Any], new: dict[str, Any], stack: str, logical_id: str | None = None
) -> tuple[str, Attributes]:
    """Rewrite the alarm in place, its state kept; a new name makes a new alarm, and the old one goes."""
    name = _name(logical_id or physical_id, new, stack)
    made = _create_alarm(logical_id or physical_id, {**new, "AlarmName": name}, stack)
    if name != physical_id:
        provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]["delete"](physical_id, old)
    return made


def _create_composite(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, Attributes]:
    name = _name(logical_id, properties, stack)
    enabled = str(properties.get("ActionsEnabled", True)).lower() != "false"
    request = {**properties, "AlarmName": name, "ActionsEnabled": enabled, "Tags": properties.get("Tags") or []}
    status, _, body = cw._put_composite_alarm(None, request, False, True)
    if status != 200:
        raise ValueError(json.loads(body)["message"])
    return name, {"Arn": cw._composite_alarms[name]["AlarmArn"]}


def _update_composite(
    physical_id: str, old: dict[str, Any], new: dict[str, Any], stack: str, logical_id: str | None = None
) -> tuple[str, Attributes]:
    made = _create_composite(logical_id or physical_id, new, stack)
    if made[0] != physical_id:
        _delete_composite(physical_id, old)
    return made


def _delete_composite(physical_id: str, _properties: dict[str, Any]) -> None:
    status, _, body = cw._delete_alarms(None, {"AlarmNames": [physical_id]}, False, True)
    if status != 200:
        raise ValueError(json.loads(body)["message"])


def _name(logical_id: str, properties: dict[str, Any], stack: str) -> str:
    return properties.get("AlarmName") or provisioners._physical_name(stack, logical_id, max_len=255)
