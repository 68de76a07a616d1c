"""Machines for tests: created and run through MiniStack's own entry points, with the calls of their tasks answered by a `Wire`."""

import json
import uuid

import conftest
import ministack.services.stepfunctions as sfn
import state_machines
from roles import allow, make_role
from wire import Wire


class Machines:
    """Creates and runs machines, all with one role."""

    def __init__(self, passing):
        self.wire = Wire()
        self.ended = {}
        self.role = make_role(f"machine-{uuid.uuid4().hex[:8]}", allow(["states:StartExecution", "events:*", "logs:*"]))
        self._passing = passing
        state_machines.setup(conftest.CLOCK, self.wire.client, self._wait_job)

    def create(self, states: dict, start: str | None = None, role: str | None = None, **top) -> str:
        """Create a JSONata machine of these states; answers its ARN."""
        definition = {"QueryLanguage": "JSONata", "StartAt": start or next(iter(states)), "States": states, **top}
        logging = definition.pop("loggingConfiguration", None)
        request = {"name": f"m-{uuid.uuid4().hex[:8]}", "definition": json.dumps(definition), "roleArn": role or self.role}
        status, _, body = sfn._create_state_machine({**request, **({"loggingConfiguration": logging} if logging else {})})
        assert status == 200, body
        return json.loads(body)["stateMachineArn"]

    def start(self, arn: str, data=None, name: str | None = None) -> dict:
        """Start an execution; answers its record, which changes as it runs."""
        box = {}

        def begin():
            status, _, body = sfn._start_execution(
                {"stateMachineArn": arn, "input": json.dumps({} if data is None else data), "name": name or uuid.uuid4().hex}
            )
            assert status == 200, body
            box["arn"] = json.loads(body)["executionArn"]

        self._passing.working(begin)
        return sfn._executions[box["arn"]]

    def run(self, states: dict, data=None, seconds: float = 86_400, **top) -> dict:
        """Create, start, let time pass, and answer the record."""
        record = self.start(self.create(states, **top), data)
        self._passing.pass_seconds(seconds)
        return record

    def result(self, states: dict, data=None, **top):
        """The output of a machine that must succeed."""
        record = self.run(states, data, **top)
        assert record["status"] == "SUCCEEDED", (record.get("error"), record.get("cause"))
        return json.loads(record["output"])

    def failure(self, states: dict, data=None, **top) -> tuple[str, str]:
        """Error and cause of a machine that must fail."""
        record = self.run(states, data, **top)
        assert record["status"] == "FAILED", record
        return record["error"], record["cause"]

    def took(self, record: dict) -> float:
        """Virtual seconds an execution took."""
        return sfn._parse_ts(record["stopDate"]).timestamp() - sfn._parse_ts(record["startDate"]).timestamp()

    def events(self, record: dict, kind: str) -> list[dict]:
        """Events of one type in the history."""
        return [event for event in record["events"] if event["type"] == kind]

    def _wait_job(self, kind, name, describe):
        described = describe()
        while described[f"{kind}Status"] in ("InProgress", "Stopping"):
            conftest.CLOCK.wait(None, self.ended.get(name, 600) or 600)
            described = describe()
        return described
