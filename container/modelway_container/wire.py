"""Request and answer bodies, as contracts/serving.ts describes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from .refusals import Refused

JSON = "application/json"
JSON_LINES = "application/jsonlines"


def read_request(body: bytes | str, content_type: str) -> list[Mapping[str, Any]]:
    """The instances of a request. @raises Refused with status 400 or 415"""
    kind = content_type.split(";")[0].strip().lower()
    try:
        text = body.decode("utf-8") if isinstance(body, bytes) else body
    except UnicodeDecodeError as error:
        raise Refused(f"the body is not UTF-8: {error.reason} at byte {error.start}") from None
    if kind == JSON:
        return _instances(_parsed(text, "the body"))
    if kind == JSON_LINES:
        lines = [line for line in text.split("\n") if line.strip()]
        return _objects([_parsed(line, f"line {number}") for number, line in enumerate(lines, 1)])
    raise Refused(
        f'unsupported content type {content_type}: send {JSON} with {{"instances": [...]}}, or {JSON_LINES}', 415
    )


def answer_kind(accept: str | None, content_type: str) -> str:
    """The content type of the answer: what the caller accepts, else the kind of the request. @raises Refused with status 406"""
    request_kind = content_type.split(";")[0].strip().lower()
    wanted = (accept or "").split(";")[0].strip().lower()
    if wanted in ("", "*/*"):
        return request_kind
    if wanted in (JSON, JSON_LINES):
        return wanted
    raise Refused(f"unsupported accept {accept}: accept {JSON} or {JSON_LINES}", 406)


def write_answer(answer: Mapping[str, Any], kind: str) -> str:
    """The answer as one JSON document, or as one line per row that stands alone."""
    if kind == JSON:
        return json.dumps(answer)
    base_value = answer["base_value"]
    return "".join(json.dumps({**row, "base_value": base_value}) + "\n" for row in answer["predictions"])


def _refuse_constant(name: str) -> NoReturn:
    raise Refused(f"{name} is not JSON; send null for a missing value")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _parsed(text: str, where: str) -> Any:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise Refused(f"{where} is not JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise Refused(f"{where} is nested too deeply") from None


def _instances(document: Any) -> list[Mapping[str, Any]]:
    if not isinstance(document, dict) or not isinstance(document.get("instances"), list):
        raise Refused('the body must be {"instances": [...]}, a list of objects of column values')
    return _objects(document["instances"])


def _objects(rows: Sequence[Any]) -> list[Mapping[str, Any]]:
    if not rows:
        raise Refused("the request has no rows; send at least one instance")
    for index, row in enumerate(rows):
        if not isinstance(row, dict):
            raise Refused(f"row {index + 1}: expected an object of column values, got {type(row).__name__}")
    return list(rows)
