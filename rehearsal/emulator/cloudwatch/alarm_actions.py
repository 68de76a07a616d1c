"""What a change of an alarm's state sets off: history, an event, and messages to SNS topics that CloudWatch may publish to."""

import json
import time
from datetime import datetime, timezone
from typing import Any

import kms
import ministack.services.cloudwatch as cw
import ministack.services.eventbridge as eventbridge
import ministack.services.sns as sns
import permissions
import problems
from ministack.core.responses import get_account_id, get_region, new_uuid

from .alarm_evaluation import Alarm

_PRINCIPAL = "cloudwatch.amazonaws.com"
_ACTION_FIELDS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}
_TRIGGER_FIELDS = (
    "MetricName",
    "Namespace",
    "Statistic",
    "ExtendedStatistic",
    "Unit",
    "Dimensions",
    "Period",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "ComparisonOperator",
    "Threshold",
    "TreatMissingData",
    "Metrics",
)


def announce(alarm: Alarm, old_state: str, old_reason: str) -> None:
    """Publish the `CloudWatch Alarm State Change` event of an alarm that has just changed."""
    detail = {
        "alarmName": alarm["AlarmName"],
        "state": {
            "value": alarm["StateValue"],
            "reason": alarm["StateReason"],
            "timestamp": _stamp(),
            **({"reasonData": alarm["StateReasonData"]} if alarm.get("StateReasonData") else {}),
        },
        "previousState": {"value": old_state, "reason": old_reason},
        "configuration": _configuration(alarm),
    }
    entry = {
        "Source": "aws.cloudwatch",
        "DetailType": "CloudWatch Alarm State Change",
        "Resources": [alarm["AlarmArn"]],
        "Detail": json.dumps(detail),
    }
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def dispatch(alarm: Alarm, old_state: str, new_state: str, reason: str) -> None:
    """Do the actions of the new state. Replaces MiniStack's, which asks nobody for permission."""
    if not alarm.get("ActionsEnabled", True):
        return
    for action in alarm.get(_ACTION_FIELDS[new_state]) or []:
        if not cw._is_sns_action_arn(action):
            problems.record(f"alarm {alarm['AlarmName']}: the rehearsal does not carry out the action {action}")
            continue
        refusal = _refusal(alarm, action)
        if refusal is None:
            _publish(alarm, action, old_state, new_state, reason)
        else:
            problems.record(f"alarm {alarm['AlarmName']} could not notify {action}: {refusal}")


def _refusal(alarm: Alarm, topic: str) -> str | None:
    account = get_account_id()
    context = {"aws:SourceArn": alarm["AlarmArn"], "aws:SourceAccount": account, "aws:SourceOwner": account}
    decision = permissions.service_allowed(_PRINCIPAL, "sns:Publish", topic, context)
    return kms.check_delivery(_PRINCIPAL, alarm["AlarmArn"], topic) if decision.allowed else decision.reason


def _publish(alarm: Alarm, topic: str, old_state: str, new_state: str, reason: str) -> None:
    message = {
        "AlarmName": alarm["AlarmName"],
        "AlarmDescription": alarm.get("AlarmDescription", ""),
        "AWSAccountId": get_account_id(),
        "NewStateValue": new_state,
        "NewStateReason": reason,
        "StateChangeTime": _stamp(),
        "Region": get_region(),
        "AlarmArn": alarm["AlarmArn"],
        "OldStateValue": old_state,
        **{field: alarm.get(field) or [] for field in _ACTION_FIELDS.values()},
        **_trigger(alarm),
    }
    subject = f'{new_state}: "{alarm["AlarmName"]}" in {get_region()}'[:100]
    sns._fanout(topic, new_uuid(), json.dumps(message), subject)


def _trigger(alarm: Alarm) -> dict[str, Any]:
    if "AlarmRule" in alarm:
        return {"AlarmRule": alarm["AlarmRule"]}
    return {"Trigger": {field: alarm[field] for field in _TRIGGER_FIELDS if field in alarm}}


def _configuration(alarm: Alarm) -> dict[str, Any]:
    description = {"description": alarm["AlarmDescription"]} if alarm.get("AlarmDescription") else {}
    if "AlarmRule" in alarm:
        return {"alarmRule": alarm["AlarmRule"], **description}
    if alarm.get("Metrics"):
        return {"metrics": [_query(query) for query in alarm["Metrics"]], **description}
    stat = alarm.get("ExtendedStatistic") or alarm.get("Statistic")
    query = {"Id": "m1", "MetricStat": {"Metric": alarm, "Period": alarm["Period"], "Stat": stat}, "ReturnData": True}
    return {"metrics": [_query(query)], **description}


def _query(query: dict[str, Any]) -> dict[str, Any]:
    shown = {"id": query["Id"], "returnData": query.get("ReturnData", True)}
    if "Expression" in query:
        return {**shown, "expression": query["Expression"]}
    stat = query["MetricStat"]
    metric = stat["Metric"]
    dimensions = {one["Name"]: one["Value"] for one in metric.get("Dimensions") or []}
    named = {"namespace": metric["Namespace"], "name": metric["MetricName"], "dimensions": dimensions}
    return {**shown, "metricStat": {"metric": named, "period": stat["Period"], "stat": stat["Stat"]}}


def _stamp() -> str:
    instant = datetime.fromtimestamp(time.time(), timezone.utc)
    return instant.strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}+0000"
