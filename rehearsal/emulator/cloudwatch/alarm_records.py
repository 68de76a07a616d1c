"""What an alarm is: the record kept of it, made from a PutMetricAlarm request or from a template, with the service's checks."""

import time
from typing import Any

import ministack.services.cloudwatch as cw
from ministack.core.responses import get_account_id, get_region

from .alarm_evaluation import COMPARISON_OPERATORS, INSUFFICIENT_DATA, MISSING_DATA, Alarm, period
from .metric_store import is_statistic

_DAY = 86_400
_WEEK = 7 * _DAY
_ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")
_COPIED = ("ExtendedStatistic", "Unit", "Metrics", "ThresholdMetricId", "EvaluateLowSampleCountPercentile", "EvaluationWindow")
_METRIC_FIELDS = ("MetricName", "Namespace", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic")


class InvalidAlarm(ValueError):
    """An alarm the service would refuse."""


def make_record(name: str, given: dict[str, Any]) -> Alarm:
    """The record of an alarm; one that exists keeps its state. Numbers and booleans may come as text, as templates write them."""
    known = cw._alarms.get(name, {})
    now = int(time.time())
    record: Alarm = {
        "AlarmName": name,
        "AlarmArn": f"arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{name}",
        "AlarmDescription": given.get("AlarmDescription") or "",
        "EvaluationPeriods": int(given.get("EvaluationPeriods", 0)),
        "Threshold": float(given["Threshold"]) if given.get("Threshold") is not None else None,
        "ComparisonOperator": given.get("ComparisonOperator"),
        "TreatMissingData": given.get("TreatMissingData") or "missing",
        "ActionsEnabled": _truth(given.get("ActionsEnabled", True)),
        "AlarmConfigurationUpdatedTimestamp": now,
        "StateValue": known.get("StateValue", INSUFFICIENT_DATA),
        "StateReason": known.get("StateReason", "Unchecked: Initial alarm creation"),
        "StateUpdatedTimestamp": known.get("StateUpdatedTimestamp", now),
        **{action: [str(arn) for arn in given.get(action) or []] for action in _ACTIONS},
        **{field: given[field] for field in _COPIED if given.get(field) is not None},
    }
    if given.get("DatapointsToAlarm") is not None:
        record["DatapointsToAlarm"] = int(given["DatapointsToAlarm"])
    record.update(_queries(given) if given.get("Metrics") else _single_metric(given))
    _check(record)
    return record


def _single_metric(given: dict[str, Any]) -> dict[str, Any]:
    metric = {
        "Namespace": given.get("Namespace"),
        "MetricName": given.get("MetricName"),
        "Dimensions": given.get("Dimensions") or [],
        "Period": int(given.get("Period") or 0),
    }
    return metric if given.get("ExtendedStatistic") else {**metric, "Statistic": given.get("Statistic")}


def _queries(given: dict[str, Any]) -> dict[str, Any]:
    both = [field for field in _METRIC_FIELDS if given.get(field)]
    if both:
        raise InvalidAlarm(f"Metrics and {', '.join(both)} cannot be given together; put them into the MetricStat of a query")
    queries = [dict(query) for query in given["Metrics"]]
    for query in queries:
        query["ReturnData"] = _truth(query.get("ReturnData", True))
        if "MetricStat" in query:
            query["MetricStat"] = {**query["MetricStat"], "Period": int(query["MetricStat"]["Period"])}
    return {"Metrics": queries}


def _check(record: Alarm) -> None:
    problems = [text for text in _problems(record) if text]
    if problems:
        raise InvalidAlarm("; ".join(problems))


def _problems(record: Alarm) -> list[str | None]:
    found: list[str | None] = []
    if record["ComparisonOperator"] not in COMPARISON_OPERATORS:
        found.append(f"ComparisonOperator must be one of {', '.join(COMPARISON_OPERATORS)}, not {record['ComparisonOperator']}")
    if record["TreatMissingData"] not in MISSING_DATA:
        found.append(f"TreatMissingData must be one of {', '.join(MISSING_DATA)}, not {record['TreatMissingData']}")
    if record["Threshold"] is None:
        found.append("Threshold is required; anomaly detection models are not part of the rehearsal")
    if record["EvaluationPeriods"] < 1:
        found.append(f"EvaluationPeriods must be at least 1, not {record['EvaluationPeriods']}")
    if record.get("DatapointsToAlarm", 1) > record["EvaluationPeriods"]:
        found.append("DatapointsToAlarm must not be more than EvaluationPeriods")
    found += _metric_problems(record)
    return found


def _metric_problems(record: Alarm) -> list[str | None]:
    if record.get("Metrics"):
        returned = sum(query["ReturnData"] for query in record["Metrics"])
        return [None if returned == 1 else f"exactly one query must have ReturnData true, not {returned}"] + [
            _length_problem(record)
        ]
    if not record["Namespace"] or not record["MetricName"]:
        return ["Namespace and MetricName are required, or Metrics"]
    statistic = record.get("ExtendedStatistic") or record.get("Statistic")
    if not statistic or not is_statistic(statistic):
        return [f"Statistic or ExtendedStatistic must be a basic statistic or a percentile, not {statistic}"]
    return [_length_problem(record)]


def _length_problem(record: Alarm) -> str | None:
    length = period(record)
    if length not in (10, 20, 30) and (length < 60 or length % 60):
        return f"Period must be 10, 20, 30 or a multiple of 60, not {length}"
    most = _DAY if length < 3600 else _WEEK
    if length * record["EvaluationPeriods"] > most:
        return f"EvaluationPeriods * Period must be <= {most} for a period of {length} seconds"
    return None


def _truth(value: Any) -> bool:
    return str(value).lower() not in ("false", "0", "no")
