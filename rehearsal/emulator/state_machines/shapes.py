"""Between the members of a state's arguments and results and those of the service: Step Functions writes them all with capitals."""

import base64
import json
from datetime import datetime, timezone
from typing import Any

from botocore.model import Shape

# Members whose name in Step Functions, which follows the Java SDK, is not the service's own.
_RENAMED = {("AttributeValue", "Nul"): "NULL"}
_SHOWN = {(shape, wire): shown for (shape, shown), wire in _RENAMED.items()}


def to_request(value: Any, shape: Shape | None) -> Any:
    """Arguments with the members of the service's request; an unknown member stays, so that validation names it."""
    if shape is None:
        return value
    if shape.type_name == "structure" and isinstance(value, dict):
        return {name: to_request(item, shape.members.get(name)) for name, item in _wire_names(value, shape)}
    if shape.type_name == "list" and isinstance(value, list):
        return [to_request(item, shape.member) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: to_request(item, shape.value) for key, item in value.items()}
    if shape.type_name == "blob" and isinstance(value, (dict, list)):
        return json.dumps(value)
    return value


def to_result(value: Any, shape: Shape | None) -> Any:
    """A service's response as plain JSON with capital members; times as ISO instants, bodies as text."""
    if shape is not None and shape.type_name == "structure" and isinstance(value, dict):
        return {_shown_name(name, shape): to_result(item, shape.members.get(name)) for name, item in value.items()}
    if shape is not None and shape.type_name == "list" and isinstance(value, list):
        return [to_result(item, shape.member) for item in value]
    if shape is not None and shape.type_name == "map" and isinstance(value, dict):
        return {key: to_result(item, shape.value) for key, item in value.items()}
    if isinstance(value, datetime):
        instant = value.astimezone(timezone.utc)
        return instant.strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"
    if hasattr(value, "read"):
        value = value.read()
    if isinstance(value, bytes):
        return _text(value)
    return value


def _wire_names(value: dict[str, Any], shape: Shape) -> list[tuple[str, Any]]:
    return [(_wire_name(name, shape), item) for name, item in value.items()]


def _wire_name(name: str, shape: Shape) -> str:
    renamed = _RENAMED.get((shape.name, name), name)
    lowered = renamed[:1].lower() + renamed[1:]
    return lowered if renamed not in shape.members and lowered in shape.members else renamed


def _shown_name(name: str, shape: Shape) -> str:
    shown = _SHOWN.get((shape.name, name), name)
    return shown[:1].upper() + shown[1:]


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return base64.b64encode(value).decode()
