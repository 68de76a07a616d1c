"""What of the Amazon States Language this interpreter runs: JSONata, and nothing of JSONPath."""

from typing import Any

from .failures import RUNTIME, StateFailure

_JSON_PATH_FIELDS = (
    "InputPath",
    "OutputPath",
    "ResultPath",
    "ResultSelector",
    "Parameters",
    "ItemsPath",
    "SecondsPath",
    "TimestampPath",
    "ErrorPath",
    "CausePath",
    "MaxConcurrencyPath",
    "TimeoutSecondsPath",
    "Iterator",
)


def refused_fields(machine: dict[str, Any]) -> None:
    """Refuse a definition that is not JSONata throughout, as the service refuses JSONPath fields in a JSONata state."""
    if machine.get("QueryLanguage") != "JSONata":
        raise StateFailure(
            RUNTIME, f"QueryLanguage is {machine.get('QueryLanguage', 'JSONPath')}; the rehearsal runs JSONata machines only"
        )
    _refuse_in(machine["States"])


def _refuse_in(states: dict[str, Any]) -> None:
    for name, state in states.items():
        fields = [field for field in _JSON_PATH_FIELDS if field in state]
        if fields or state.get("QueryLanguage", "JSONata") != "JSONata":
            raise StateFailure(RUNTIME, f"state {name} uses {', '.join(fields) or 'JSONPath'}, which JSONata does not have")
        for branch in state.get("Branches", []):
            _refuse_in(branch["States"])
        if "ItemProcessor" in state:
            _refuse_in(state["ItemProcessor"]["States"])
