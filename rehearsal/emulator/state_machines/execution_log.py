"""Execution logs: the events of an execution as lines of the machine's log group, at the level the machine asks for."""

import json
from datetime import datetime
from typing import Any

import ministack.services.cloudwatch_logs as logs

_ENDED_BADLY = ("ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted")
_ERROR_WORDS = ("Failed", "TimedOut", "Aborted")
_DATA = ("input", "output")


def write_event(machine: dict[str, Any], record: dict[str, Any], event: dict[str, Any]) -> None:
    """Write one history event to the machine's log group, if its logging configuration wants it and the group exists."""
    settings = _settings(machine)
    if settings is None or not _wanted(settings["level"], event["type"]):
        return
    group = logs._log_groups.get(settings["group"])
    if group is None:
        return
    stamp = int(datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00")).timestamp() * 1000)
    stream = group["streams"].setdefault(_stream_name(machine, event["timestamp"]), _empty_stream(stamp))
    message = json.dumps(_line(record, event, stamp, settings["data"]))
    stream["events"].append({"timestamp": stamp, "message": message, "ingestionTime": stamp})
    stream["firstEventTimestamp"] = stream["firstEventTimestamp"] or stamp
    stream["lastEventTimestamp"] = stream["lastIngestionTime"] = stamp


def log_group_of(machine: dict[str, Any]) -> str | None:
    """Name of the log group the machine writes to, or None when it logs nothing."""
    settings = _settings(machine)
    return settings["group"] if settings else None


def _settings(machine: dict[str, Any]) -> dict[str, Any] | None:
    # A template's configuration is stored with capitals, one of the API without.
    config = _lower_first(machine.get("loggingConfiguration") or {})
    destinations = config.get("destinations") or []
    if config.get("level", "OFF") == "OFF" or not destinations:
        return None
    arn = destinations[0].get("cloudWatchLogsLogGroup", {}).get("logGroupArn", "")
    group = arn.split(":log-group:")[-1].removesuffix(":*")
    return {"level": config["level"], "group": group, "data": str(config.get("includeExecutionData", False)).lower() == "true"}


def _lower_first(value: Any) -> Any:
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _lower_first(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_lower_first(item) for item in value]
    return value


def _wanted(level: str, kind: str) -> bool:
    if level == "ALL":
        return True
    if level == "FATAL":
        return kind in _ENDED_BADLY
    return any(word in kind for word in _ERROR_WORDS)


def _stream_name(machine: dict[str, Any], timestamp: str) -> str:
    day = timestamp[:10].replace("-", "/")
    return f"states/{machine['name']}/{day}"


def _empty_stream(stamp: int) -> dict[str, Any]:
    return {
        "events": [],
        "uploadSequenceToken": "1",
        "creationTime": stamp,
        "firstEventTimestamp": None,
        "lastEventTimestamp": None,
        "lastIngestionTime": None,
    }


def _line(record: dict[str, Any], event: dict[str, Any], stamp: int, with_data: bool) -> dict[str, Any]:
    details = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
    shown = details if with_data else {key: value for key, value in details.items() if key not in _DATA}
    return {
        "id": str(event["id"]),
        "type": event["type"],
        "details": shown,
        "previous_event_id": str(event.get("previousEventId", 0)),
        "event_timestamp": str(stamp),
        "execution_arn": record["executionArn"],
        "redrive_count": "0",
    }
