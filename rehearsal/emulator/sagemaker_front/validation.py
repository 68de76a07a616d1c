"""Requests and answers walked along the service's own model; all problems at once, in the service's words."""

import functools
import json
from typing import Any

import botocore.session
from botocore.model import OperationModel, ServiceModel, Shape

from .java_patterns import compile_pattern


class ServiceError(Exception):
    """An error as the service answers it."""

    def __init__(self, code: str, message: str, status: int = 400):
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


@functools.cache
def service_model(name: str = "sagemaker") -> ServiceModel:
    """The model of a service; loading SageMaker's takes a fifth of a second, once."""
    return botocore.session.Session().get_service_model(name)


def operation_model(operation: str) -> OperationModel:
    """The model of an operation; `UnknownOperationException` for one the service does not have."""
    if operation not in service_model().operation_names:
        raise ServiceError("UnknownOperationException", f"The requested operation {operation} is not recognized by the service.")
    return service_model().operation_model(operation)


def validate(shape: Shape | None, value: Any) -> None:
    """Raise `ValidationException` with everything that is wrong with a value, or `SerializationException` for a wrong type."""
    found: list[str] = []
    if shape is not None:
        _walk(shape, value, "", found)
    if found:
        many = "s" if len(found) > 1 else ""
        raise ServiceError("ValidationException", f"{len(found)} validation error{many} detected: {'; '.join(found)}")


def _walk(shape: Shape, value: Any, at: str, found: list[str]) -> None:
    if value is None:
        return
    match shape.type_name:
        case "structure":
            _structure(shape, value, at, found)
        case "list":
            _list(shape, value, at, found)
        case "map":
            _map(shape, value, at, found)
        case "string":
            _string(shape, value, at, found)
        case "integer" | "long" | "float" | "double":
            _number(shape, value, at, found)
        case "boolean":
            if not isinstance(value, bool):
                raise _wrong_type(value, "a Boolean", at)
        case "timestamp":
            if isinstance(value, bool) or not isinstance(value, (int, float, str)):
                raise _wrong_type(value, "a Timestamp", at)


def _structure(shape: Any, value: Any, at: str, found: list[str]) -> None:
    if not isinstance(value, dict):
        raise _wrong_type(value, "a structure", at)
    for name in shape.required_members:
        if value.get(name) is None:
            found.append(f"Value null at '{_member(at, name)}' failed to satisfy constraint: Member must not be null")
    for name, item in value.items():
        if name in shape.members:
            _walk(shape.members[name], item, _member(at, name), found)
        else:
            _no(
                found,
                item,
                _member(at, name),
                f'Unknown parameter in input: "{name}", must be one of: {", ".join(shape.members)}',
            )
    if getattr(shape, "is_tagged_union", False) and sum(item is not None for item in value.values()) != 1:
        _no(found, value, at, f"Exactly one of {', '.join(shape.members)} must be set")


def _list(shape: Any, value: Any, at: str, found: list[str]) -> None:
    if not isinstance(value, list):
        raise _wrong_type(value, "a list", at)
    _length(shape, value, at, found)
    for index, item in enumerate(value, 1):
        _walk(shape.member, item, f"{at}.{index}.member", found)


def _map(shape: Any, value: Any, at: str, found: list[str]) -> None:
    if not isinstance(value, dict):
        raise _wrong_type(value, "a map", at)
    _length(shape, value, at, found)
    for name, item in value.items():
        _walk(shape.key, name, f"{at}.{name}.key", found)
        _walk(shape.value, item, f"{at}.{name}.member", found)


def _string(shape: Any, value: Any, at: str, found: list[str]) -> None:
    if not isinstance(value, str):
        raise _wrong_type(value, "a String", at)
    if shape.enum:
        if value not in shape.enum:
            _no(found, value, at, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]")
        return
    _length(shape, value, at, found)
    pattern = shape.metadata.get("pattern")
    if pattern and not compile_pattern(pattern).fullmatch(value):
        _no(found, value, at, f"Member must satisfy regular expression pattern: {pattern}")


def _number(shape: Any, value: Any, at: str, found: list[str]) -> None:
    whole = shape.type_name in ("integer", "long")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or (whole and value != int(value)):
        raise _wrong_type(value, f"a{'n' if whole else ''} {shape.type_name.capitalize()}", at)
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        _no(found, value, at, f"Member must have value greater than or equal to {low}")
    if high is not None and value > high:
        _no(found, value, at, f"Member must have value less than or equal to {high}")


def _length(shape: Shape, value: Any, at: str, found: list[str]) -> None:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and len(value) < low:
        _no(found, value, at, f"Member must have length greater than or equal to {low}")
    if high is not None and len(value) > high:
        _no(found, value, at, f"Member must have length less than or equal to {high}")


def _no(found: list[str], value: Any, at: str, constraint: str) -> None:
    shown = value if isinstance(value, str) else json.dumps(value)
    found.append(f"Value '{shown}' at '{at}' failed to satisfy constraint: {constraint}")


def _member(at: str, name: str) -> str:
    lowered = name[:1].lower() + name[1:]
    return f"{at}.{lowered}" if at else lowered


_JSON_TYPES = {
    bool: "TRUE_VALUE or FALSE_VALUE",
    int: "NUMBER_VALUE",
    float: "DECIMAL_VALUE",
    str: "STRING_VALUE",
    list: "START_ARRAY",
    dict: "START_OBJECT",
}


def _wrong_type(value: Any, wanted: str, at: str) -> ServiceError:
    return ServiceError(
        "SerializationException", f"{_JSON_TYPES.get(type(value), 'value')} can not be converted to {wanted} at '{at}'"
    )
