"""The monitoring machine as the templates carry it, run by the emulator: a large window goes through a distributed map."""

import json
import subprocess
from pathlib import Path

import pytest
from roles import allow, make_role

ROOT = Path(__file__).parents[3]
TASK = {"from": "2001-02-01T00:00:00.000Z", "to": "2001-02-02T00:00:00.000Z", "because": "closed"}
REQUEST = {"windowEnd": "2001-02-02T00:30:00Z"}


@pytest.fixture(scope="module")
def definition() -> dict:
    script = Path(__file__).parent / "monitoring-definition.ts"
    printed = subprocess.run(["sh", ROOT / "bin" / "node", script], cwd=ROOT, capture_output=True, check=True)
    return json.loads(printed.stdout)


class Functions:
    """The platform's functions, as far as the machine can tell: the first window has `shards`, and `todo` more are due."""

    def __init__(self, shards: int, todo: int = 0):
        self.shards = shards
        self.todo = [{**TASK, "because": "by-hand", "to": f"2001-03-0{n + 1}"} for n in range(todo)]

    def __call__(self, request: dict) -> dict:
        payload = json.loads(request["Payload"])
        if request["FunctionName"] == "record":
            return {"recorded": payload["id"]}
        match payload["work"]["step"]:
            case "begin" if self.shards:
                return {"outcome": "planned", "task": TASK, "plan": "p", "shards": list(range(self.shards)), "todo": self.todo}
            case "begin":
                return self.judged(TASK) | {"todo": self.todo}
            case "count":
                return {"outcome": "counted", "rows": 10}
            case _:
                return self.judged(payload["work"]["task"])

    @staticmethod
    def judged(task: dict) -> dict:
        return {"outcome": "judged", "recordId": task["to"], "judgement": {"window": task["to"]}, "announce": None}


def payloads(machines, function: str) -> list[dict]:
    """What a function was called with; the calls of a map's children in any order."""
    return [json.loads(call["Payload"]) for call in machines.wire.calls["Invoke"] if call["FunctionName"] == function]


def run(machines, definition: dict, functions: Functions, **top) -> dict:
    machines.wire.on("Invoke", functions)
    return machines.run(definition["States"], REQUEST, start=definition["StartAt"], **top)


@pytest.mark.parametrize("shards", [1, 60])
def test_every_shard_is_counted_once_in_an_execution_of_its_own_and_then_merged(machines, definition, shards):
    record = run(machines, definition, Functions(shards))
    assert record["status"] == "SUCCEEDED", (record.get("error"), record.get("cause"))
    calls = payloads(machines, "monitor")
    assert all(call["model"]["name"] == "flights" and call["execution"] == record["name"] for call in calls)
    begin, *counted, merge = [call["work"] for call in calls]
    assert (begin["step"], merge) == ("begin", {"step": "merge", "task": TASK, "plan": "p"})
    assert sorted(work.pop("shard") for work in counted) == list(range(shards))
    assert counted == [{"step": "count", "task": TASK, "plan": "p"}] * shards
    assert [fact["kind"] for fact in payloads(machines, "record")] == ["window"]


def test_windows_of_a_range_are_judged_one_after_another(machines, definition):
    functions = Functions(0, todo=3)
    record = run(machines, definition, functions)
    assert record["status"] == "SUCCEEDED", (record.get("error"), record.get("cause"))
    assert [call["work"]["step"] for call in payloads(machines, "monitor")] == ["begin", "judge", "judge", "judge"]
    assert [fact["id"] for fact in payloads(machines, "record")] == [TASK["to"], *(task["to"] for task in functions.todo)]


def test_without_the_right_to_start_itself_the_map_fails_and_the_failure_is_recorded(machines, definition):
    role = make_role("monitoring-without-start", allow(["logs:*"]))
    record = run(machines, definition, Functions(2), role=role)
    assert record["status"] == "FAILED"
    facts = payloads(machines, "record")
    assert [(fact["kind"], fact["detail"]["state"]) for fact in facts] == [("failure", "CountShards")]
