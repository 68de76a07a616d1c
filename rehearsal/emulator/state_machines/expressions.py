"""JSONata in states: templates with `{% … %}`, what expressions can see, and the types a field demands."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import jsonata
import ministack.services.stepfunctions as sfn

from .failures import StateFailure

_QUERY_ERROR = "States.QueryEvaluationError"
_MILLISECONDS_ALLOWED = 1000


@dataclass(frozen=True)
class Sight:
    """What an expression can see: `$states` with its members, and the variables. Members that do not apply stay undefined."""

    input: Any
    context: dict[str, Any]
    variables: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)

    def with_result(self, result: Any) -> "Sight":
        """The same sight plus `$states.result`."""
        return replace(self, extra={"result": result})

    def with_error(self, error: str, cause: str) -> "Sight":
        """The same sight plus `$states.errorOutput`."""
        return replace(self, extra={"errorOutput": {"Error": error, "Cause": cause}})


def evaluate(template: Any, sight: Sight) -> Any:
    """The template with every `{% … %}` string replaced by what it evaluates to."""
    if isinstance(template, str):
        return _expression(template[2:-2].strip(), sight) if _is_expression(template) else template
    if isinstance(template, dict):
        return {key: evaluate(value, sight) for key, value in template.items()}
    if isinstance(template, list):
        return [evaluate(value, sight) for value in template]
    return template


def typed_field(state: dict[str, Any], name: str, kind: str, sight: Sight) -> Any:
    """A field that may be an expression, held to the JSON type that Step Functions demands of it."""
    value = evaluate(state[name], sight)
    found = sfn._json_type(value)
    if found != kind:
        raise StateFailure(
            _QUERY_ERROR,
            f"The JSONata expression specified for the field '{name}' returned an unexpected result type. "
            f"Expected '{kind}', but was '{found}' for value: {json.dumps(value)}",
        )
    return value


def whole_number(state: dict[str, Any], name: str, sight: Sight) -> int:
    """A field that must come out as a whole number that is not negative."""
    value = typed_field(state, name, "number", sight)
    if value < 0 or value != int(value):
        raise StateFailure(_QUERY_ERROR, f"{name} must be a whole number of at least 0, but was: {json.dumps(value)}")
    return int(value)


def _is_expression(text: str) -> bool:
    return text.startswith("{%") and text.endswith("%}")


def _expression(text: str, sight: Sight) -> Any:
    bindings = {name: _bound(value) for name, value in sight.variables.items()}
    bindings["states"] = {"input": sight.input, "context": sight.context, **sight.extra}
    try:
        compiled = jsonata.Jsonata.jsonata(text, timeout=_MILLISECONDS_ALLOWED)
        sfn._register_sfn_jsonata_functions(compiled)
        value = compiled.evaluate(None, bindings)
    except Exception as problem:
        code = getattr(problem, "error", None)
        cause = f"{code}: {problem}" if isinstance(code, str) and code else str(problem)
        raise StateFailure(_QUERY_ERROR, f"{cause} (in {text})") from problem
    if value is None and not sfn._jsonata_result_defined(text, bindings):
        raise StateFailure(_QUERY_ERROR, f"JSONata expression did not return a result: {text}")
    return _plain(value)


def _bound(value: Any) -> Any:
    # The engine reads a bound None as "undefined"; JSON null has a sentinel of its own.
    return jsonata.Utils.NULL_VALUE if value is None else value


def _plain(value: Any) -> Any:
    """Plain JSON of what the engine answers: its own list type becomes a list, 2.0 becomes 2 as in JavaScript."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if value is jsonata.Utils.NULL_VALUE:
        return None
    return value
