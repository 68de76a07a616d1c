"""The CloudWatch calls that MiniStack answers unfaithfully, answered from our store: metrics in and out, and metric alarms."""

import time
from collections.abc import Callable
from typing import Any

import ministack.services.cloudwatch as cw

from .alarm_records import InvalidAlarm, make_record
from .alarm_watch import AlarmWatch, announce
from .metric_math import Grid, MathError
from .metric_store import MINUTE, SeriesKey, is_statistic
from .queries import run_queries, series_key

Answer = tuple[int, dict[str, str], bytes]
_BASIC = ["SampleCount", "Sum", "Average", "Minimum", "Maximum"]
_MOST_DATAPOINTS = 1440


class _Refused(Exception):
    """A request that CloudWatch would refuse."""


def install_requests(watch: AlarmWatch) -> None:
    """Put our answers in the place of MiniStack's."""
    cw._put_metric_data = _answering(lambda request: _put_metric_data(watch, request))
    cw._get_metric_data = _answering(lambda request: _get_metric_data(watch, request))
    cw._get_metric_statistics = _answering(lambda request: _get_metric_statistics(watch, request))
    cw._list_metrics = _answering(lambda request: _list_metrics(watch, request))
    cw._put_metric_alarm = _answering(_put_metric_alarm)
    cw._set_alarm_state = _setting_state(watch, cw._set_alarm_state)


def _answering(act: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[..., Answer]:
    """`act` in the form of MiniStack's handlers. The SDKs in use all speak JSON to CloudWatch; anything else is refused."""

    def handle(_params: Any, request: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Answer:
        if not is_json:
            return cw._error(
                "InvalidAction", "the rehearsal's CloudWatch speaks JSON only; use a newer SDK", 400, use_cbor=is_cbor
            )
        try:
            return cw._json_ok(act(request))
        except (InvalidAlarm, MathError, _Refused) as problem:
            return cw._error("ValidationError", str(problem), 400, use_json=True)

    return handle


def _put_metric_data(watch: AlarmWatch, request: dict[str, Any]) -> dict[str, Any]:
    namespace = request.get("Namespace", "")
    if not namespace or namespace.startswith("AWS/"):
        raise _Refused(f"The value {namespace or 'null'} for parameter Namespace is invalid.")
    for datum in request.get("MetricData", []):
        key = series_key({**datum, "Namespace": namespace})
        at = cw._parse_ts(datum.get("Timestamp")) or time.time()
        unit, resolution = datum.get("Unit", "None"), int(datum.get("StorageResolution", MINUTE))
        if "StatisticValues" in datum:
            given = datum["StatisticValues"]
            statistics = tuple(float(given[name]) for name in ("SampleCount", "Sum", "Minimum", "Maximum"))
            watch.store.put_statistics(key, at, statistics, unit, resolution)
            continue
        values = datum.get("Values") or [datum.get("Value")]
        if None in values:
            raise _Refused(f"metric {datum['MetricName']} has neither Value, Values nor StatisticValues")
        counts = datum.get("Counts") or [1.0] * len(values)
        watch.store.put(key, at, list(zip(values, counts, strict=True)), unit, resolution)
    return {}


def _get_metric_data(watch: AlarmWatch, request: dict[str, Any]) -> dict[str, Any]:
    queries = request.get("MetricDataQueries", [])
    start, end = _range(request)
    series = run_queries(watch.store, queries, lambda period: _grid(start, end, period))
    newest_first = request.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    results = []
    for query in queries:
        if not query.get("ReturnData", True):
            continue
        moments = sorted(series[query["Id"]], reverse=newest_first)
        results.append(
            {
                "Id": query["Id"],
                "Label": query.get("Label") or _label(query),
                "StatusCode": "Complete",
                "Timestamps": moments,
                "Values": [series[query["Id"]][moment] for moment in moments],
            }
        )
    return {"MetricDataResults": results, "Messages": []}


def _label(query: dict[str, Any]) -> str:
    return query["MetricStat"]["Metric"]["MetricName"] if "MetricStat" in query else query["Id"]


def _get_metric_statistics(watch: AlarmWatch, request: dict[str, Any]) -> dict[str, Any]:
    start, end = _range(request)
    period = int(request.get("Period") or 0)
    wanted, percentiles = request.get("Statistics") or [], request.get("ExtendedStatistics") or []
    unknown = [name for name in [*wanted, *percentiles] if not is_statistic(name)]
    if unknown or not (wanted or percentiles):
        raise _Refused(f"Statistics or ExtendedStatistics must name statistics, got {', '.join(unknown) or 'none'}")
    grid = _grid(start, end, period)
    if len(grid.starts) > _MOST_DATAPOINTS:
        raise _Refused(f"You have requested up to {len(grid.starts)} datapoints, which exceeds the limit of {_MOST_DATAPOINTS}.")
    key, unit = series_key(request), request.get("Unit")
    points = []
    for moment in grid.starts:
        summary = watch.store.summarize(key, moment, moment + period, unit)
        if summary.count:
            point = {"Timestamp": moment, "Unit": unit or watch.store.unit(key)}
            point |= {name: summary.statistic(name) for name in wanted}
            found = {name: summary.statistic(name) for name in percentiles}
            point |= {"ExtendedStatistics": {name: value for name, value in found.items() if value is not None}} if found else {}
            points.append(point)
    return {"Label": request.get("MetricName"), "Datapoints": points}


def _list_metrics(watch: AlarmWatch, request: dict[str, Any]) -> dict[str, Any]:
    filters = request.get("Dimensions") or []

    def wanted(key: SeriesKey) -> bool:
        has = dict(key.dimensions)
        named = all(one["Name"] in has and one.get("Value", has[one["Name"]]) == has[one["Name"]] for one in filters)
        return named and request.get("Namespace") in (None, key.namespace) and request.get("MetricName") in (None, key.name)

    return {
        "Metrics": [
            {
                "Namespace": key.namespace,
                "MetricName": key.name,
                "Dimensions": [{"Name": name, "Value": value} for name, value in key.dimensions],
            }
            for key in watch.store.keys()
            if wanted(key)
        ]
    }


def _put_metric_alarm(request: dict[str, Any]) -> dict[str, Any]:
    name = request.get("AlarmName")
    if not name:
        raise InvalidAlarm("AlarmName is required")
    record = make_record(name, request)
    cw.cloudformation_put_metric_alarm(record)
    if request.get("Tags"):
        cw._resource_tags.setdefault(record["AlarmArn"], {tag["Key"]: tag["Value"] for tag in request["Tags"]})
    return {}


def _setting_state(watch: AlarmWatch, set_state: Callable[..., Answer]) -> Callable[..., Answer]:
    def handle(params: Any, request: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Answer:
        name = request.get("AlarmName", "")
        alarm = cw._alarms.get(name) or cw._composite_alarms.get(name)
        before = (alarm["StateValue"], alarm["StateReason"]) if alarm else None
        answer = set_state(params, request, is_cbor, is_json)
        if alarm and before and alarm["StateValue"] != before[0]:
            announce(alarm, *before)
        watch.look_again(name)
        return answer

    return handle


def _range(request: dict[str, Any]) -> tuple[float, float]:
    start, end = cw._parse_ts(request.get("StartTime")), cw._parse_ts(request.get("EndTime"))
    if start is None or end is None or start >= end:
        raise _Refused("The parameter StartTime must be less than the parameter EndTime.")
    return start, end


def _grid(start: float, end: float, period: int) -> Grid:
    if period < 1:
        raise _Refused(f"Period must be 1, 5, 10, 20, 30 or a multiple of 60, not {period}")
    first = int(start // period) * period
    return Grid(tuple(range(first, int(-(-end // period)) * period, period)), period)
