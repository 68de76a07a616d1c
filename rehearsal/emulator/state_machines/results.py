"""The result writer of a distributed map: results of the children in files, and a manifest that names them."""

import json
from typing import Any

import botocore.exceptions

from .expressions import evaluate
from .failures import StateFailure
from .map_run import MapRun
from .scope import Scope

_SHOWN = {
    "executionArn": "ExecutionArn",
    "input": "Input",
    "inputDetails": "InputDetails",
    "name": "Name",
    "output": "Output",
    "outputDetails": "OutputDetails",
    "startDate": "StartDate",
    "stateMachineArn": "StateMachineArn",
    "status": "Status",
    "stopDate": "StopDate",
    "error": "Error",
    "cause": "Cause",
}


def write_results(scope: Scope, writer: dict[str, Any], data: Any, run: MapRun, results: list[Any]) -> dict[str, Any]:
    """Write what the children answered below the writer's prefix, with the machine's role; the answer names the manifest."""
    config = evaluate(writer.get("WriterConfig", {}), scope.sight(data))
    if "Resource" not in writer:
        succeeded = [(index, result) for index, result in enumerate(results) if index not in run.failures]
        return _transformed(run, succeeded, config)
    arguments = evaluate(writer["Arguments"], scope.sight(data))
    prefix = arguments.get("Prefix", "").rstrip("/")
    folder = f"{prefix}/{run.arn.split(':')[-1]}".lstrip("/")
    ending = config.get("OutputType", "JSON").lower()
    put = _Put(scope.execution.client("s3"), arguments["Bucket"])
    files: dict[str, list[dict[str, Any]]] = {"FAILED": [], "PENDING": [], "SUCCEEDED": []}
    good = [(index, result) for index, result in enumerate(results) if index not in run.failures]
    if good:
        files["SUCCEEDED"].append(put.text(f"{folder}/SUCCEEDED_0.{ending}", _lines(_transformed(run, good, config), ending)))
    if run.failures:
        bad = [_shown(run.children[index]) for index in sorted(run.failures)]
        files["FAILED"].append(put.text(f"{folder}/FAILED_0.{ending}", _lines(bad, ending)))
    manifest = {"DestinationBucket": arguments["Bucket"], "MapRunArn": run.arn, "ResultFiles": files}
    put.text(f"{folder}/manifest.json", json.dumps(manifest))
    return {"MapRunArn": run.arn, "ResultWriterDetails": {"Bucket": arguments["Bucket"], "Key": f"{folder}/manifest.json"}}


def _transformed(run: MapRun, results: list[tuple[int, Any]], config: dict[str, Any]) -> list[Any]:
    match config.get("Transformation", "NONE"):
        case "COMPACT":
            return [result for _, result in results]
        case "FLATTEN":
            return [item for _, result in results for item in (result if isinstance(result, list) else [result])]
        case _:
            return [_shown(run.children[index]) for index, _ in results]


def _shown(child: dict[str, Any]) -> dict[str, Any]:
    return {_SHOWN[key]: value for key, value in child.items() if key in _SHOWN and value is not None}


def _lines(values: list[Any], ending: str) -> str:
    return "\n".join(json.dumps(value) for value in values) if ending == "jsonl" else json.dumps(values)


class _Put:
    def __init__(self, client: Any, bucket: str):
        self._client = client
        self._bucket = bucket

    def text(self, key: str, body: str) -> dict[str, Any]:
        encoded = body.encode()
        try:
            self._client.put_object(Bucket=self._bucket, Key=key, Body=encoded)
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as problem:
            raise StateFailure("States.ResultWriterFailed", str(problem)) from problem
        return {"Key": key, "Size": len(encoded)}
