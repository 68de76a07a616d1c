"""Alarms and metrics for tests, through the calls that SDKs make."""

import json
import uuid

import cloudwatch
import ministack.services.cloudwatch as cw


def call(operation: str, **request) -> dict:
    """One call of the CloudWatch API, as JSON; must succeed."""
    status, body = answer(operation, **request)
    assert status == 200, body
    return body


def answer(operation: str, **request) -> tuple[int, dict]:
    """Status and document of one call of the CloudWatch API."""
    handlers = {
        "PutMetricData": cw._put_metric_data,
        "GetMetricData": cw._get_metric_data,
        "GetMetricStatistics": cw._get_metric_statistics,
        "ListMetrics": cw._list_metrics,
        "PutMetricAlarm": cw._put_metric_alarm,
        "PutCompositeAlarm": cw._put_composite_alarm,
        "SetAlarmState": cw._set_alarm_state,
        "DescribeAlarmHistory": cw._describe_alarm_history,
        "DeleteAlarms": cw._delete_alarms,
    }
    status, _, body = handlers[operation]({}, request, False, True)
    return status, json.loads(body)


class Metric:
    """One metric of its own, and alarms on it."""

    def __init__(self, passing, **dimensions):
        self.namespace = f"Test/{uuid.uuid4().hex[:8]}"
        self.dimensions = dimensions
        self._passing = passing

    def put(self, *values: float, at: float | None = None, **dimensions) -> None:
        """Store values, now or at a moment; with other dimensions than the metric's if given."""
        where = dimensions or self.dimensions
        self._passing.working(
            lambda: cloudwatch.put_points(
                {"namespace": self.namespace, "name": "m", "dimensions": where, "value": value, "at": at} for value in values
            )
        )

    def alarm(self, **given) -> dict:
        """An alarm on the metric; answers its record. Left out: Sum over one period of a minute, more than 10."""
        name = given.pop("AlarmName", f"alarm-{uuid.uuid4().hex[:8]}")
        defaults = {
            "Namespace": self.namespace,
            "MetricName": "m",
            "Dimensions": [{"Name": key, "Value": value} for key, value in self.dimensions.items()],
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 10,
            "ComparisonOperator": "GreaterThanThreshold",
        }
        request = {key: value for key, value in {**defaults, **given}.items() if value is not None}
        call("PutMetricAlarm", AlarmName=name, **request)
        return cw._alarms[name]

    def query(self, name: str, stat: str = "Sum", period: int = 60, shown: bool = True, **dimensions) -> dict:
        """The metric as a query of GetMetricData or of a math alarm."""
        where = [{"Name": key, "Value": value} for key, value in (dimensions or self.dimensions).items()]
        metric = {"Namespace": self.namespace, "MetricName": "m", "Dimensions": where}
        return {"Id": name, "MetricStat": {"Metric": metric, "Period": period, "Stat": stat}, "ReturnData": shown}


def states(alarm: dict) -> list[str]:
    """The states an alarm went through, oldest first, without the one it was made in."""
    changes = []
    for entry in cw._history_entries():
        if entry["AlarmName"] == alarm["AlarmName"] and entry["HistoryItemType"] == "StateUpdate":
            data = json.loads(entry["HistoryData"])
            if data["oldState"]["stateValue"] != data["newState"]["stateValue"]:
                changes.append(data["newState"]["stateValue"])
    return changes


MINUTE = 60


def to_next_minute(passing, offset: float = 1.0) -> None:
    """Let virtual time pass until just after the next full minute."""
    passing.pass_seconds(MINUTE - passing.now() % MINUTE + offset)
