"""Map states: inline and distributed, with reader, batches, writer and tolerated failures."""

import json

import ministack.services.stepfunctions as sfn
import pytest
from roles import allow, make_role
from wire import Answer

PASS_END = {"Type": "Pass", "End": True}
DOUBLE = {"StartAt": "D", "States": {"D": {"Type": "Pass", "Output": "{% $states.input * 2 %}", "End": True}}}
ODD_FAILS = {
    "StartAt": "C",
    "States": {
        "C": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input % 2 = 1 %}", "Next": "F"}], "Default": "P"},
        "F": {"Type": "Fail", "Error": "Odd"},
        "P": {"Type": "Pass", "End": True},
    },
}
CSV = "id,n\na,1\nb,2\nc,3\nd,4\ne,5\n"


def distributed(processor: dict) -> dict:
    return {**processor, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}


def test_an_inline_map_keeps_the_order_and_offers_index_and_value(machines):
    states = {
        "M": {
            "Type": "Map",
            "Items": "{% $states.input.list %}",
            "ItemSelector": {"i": "{% $states.context.Map.Item.Index %}", "v": "{% $states.context.Map.Item.Value %}"},
            "ItemProcessor": {
                "StartAt": "W",
                "States": {"W": {"Type": "Wait", "Seconds": "{% 10 - $states.input.i %}", "End": True}},
            },
            "End": True,
        }
    }
    record = machines.run(states, {"list": ["a", "b", "c"]})
    assert json.loads(record["output"]) == [{"i": 0, "v": "a"}, {"i": 1, "v": "b"}, {"i": 2, "v": "c"}]
    assert machines.took(record) == pytest.approx(10, abs=1)


def test_max_concurrency_limits_how_many_run_at_once(machines):
    processor = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 100, "End": True}}}
    record = machines.run(
        {"M": {"Type": "Map", "Items": [1, 2, 3, 4, 5], "MaxConcurrency": 2, "ItemProcessor": processor, "End": True}}
    )
    assert machines.took(record) == pytest.approx(300, abs=1)


def test_an_empty_map_succeeds_with_an_empty_list(machines):
    for processor in (DOUBLE, distributed(DOUBLE)):
        assert machines.result({"M": {"Type": "Map", "Items": [], "ItemProcessor": processor, "End": True}}) == []


def test_an_inline_map_fails_with_the_error_of_its_item(machines):
    assert machines.failure({"M": {"Type": "Map", "Items": [2, 3], "ItemProcessor": ODD_FAILS, "End": True}})[0] == "Odd"


def test_items_must_be_an_array(machines):
    states = {"M": {"Type": "Map", "Items": "{% 'x' %}", "ItemProcessor": DOUBLE, "End": True}}
    assert machines.failure(states)[0] == "States.QueryEvaluationError"


def test_a_distributed_map_reads_batches_and_writes_with_the_machines_role(machines):
    machines.wire.on("GetObject", Answer(CSV.encode()))
    written = {}
    machines.wire.on("PutObject", lambda request: written.update({request["Key"]: json.loads(request["Body"])}) or Answer())
    states = {
        "M": {
            "Type": "Map",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "MaxItems": 5},
                "Arguments": {"Bucket": "b", "Key": "{% $states.input.key %}"},
            },
            "ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"from": "{% $states.input.key %}"}},
            "ItemProcessor": distributed(
                {
                    "StartAt": "S",
                    "States": {
                        "S": {
                            "Type": "Pass",
                            "Output": "{% $states.input.BatchInput.from & $join($states.input.Items.id) %}",
                            "End": True,
                        }
                    },
                }
            ),
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Arguments": {"Bucket": "out", "Prefix": "runs"}},
            "End": True,
        }
    }
    result = machines.result(states, {"key": "k.csv"})
    assert machines.wire.calls["GetObject"][0].items() >= {"Bucket": "b", "Key": "k.csv"}.items()
    manifest = written[result["ResultWriterDetails"]["Key"]]
    assert result["ResultWriterDetails"]["Key"].startswith("runs/")
    assert (manifest["MapRunArn"], manifest["DestinationBucket"]) == (result["MapRunArn"], "out")
    children = written[manifest["ResultFiles"]["SUCCEEDED"][0]["Key"]]
    assert [json.loads(child["Output"]) for child in children] == ["k.csvab", "k.csvcd", "k.csve"]
    assert manifest["ResultFiles"]["FAILED"] == []
    assert sfn._map_runs[result["MapRunArn"]]["itemCounts"]["succeeded"] == 5


@pytest.mark.parametrize(
    ("tolerance", "status"),
    [
        ({}, "FAILED"),
        ({"ToleratedFailureCount": 2}, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 39}, "FAILED"),
        ({"ToleratedFailurePercentage": 40}, "SUCCEEDED"),
        ({"ToleratedFailureCount": 1, "ToleratedFailurePercentage": 90}, "FAILED"),
    ],
)
def test_a_distributed_map_fails_when_more_items_fail_than_tolerated(machines, tolerance, status):
    states = {"M": {"Type": "Map", "Items": [1, 2, 3, 4, 6], "ItemProcessor": distributed(ODD_FAILS), **tolerance, "End": True}}
    record = machines.run(states)
    assert record["status"] == status
    if status == "FAILED":
        assert record["error"] == "States.ExceedToleratedFailureThreshold" and "Odd" in record["cause"]
    else:
        assert json.loads(record["output"]) == [2, 4, 6]


def test_failed_children_are_written_apart(machines):
    written = {}
    machines.wire.on(
        "PutObject", lambda request: written.update({request["Key"].rsplit("/", 1)[-1]: request["Body"].decode()}) or Answer()
    )
    writer = {
        "Resource": "arn:aws:states:::s3:putObject",
        "Arguments": {"Bucket": "out"},
        "WriterConfig": {"OutputType": "JSONL", "Transformation": "COMPACT"},
    }
    processor = distributed(ODD_FAILS)
    machines.result(
        {
            "M": {
                "Type": "Map",
                "Items": [1, 2, 4],
                "ItemProcessor": processor,
                "ToleratedFailureCount": 1,
                "ResultWriter": writer,
                "End": True,
            }
        }
    )
    assert written["SUCCEEDED_0.jsonl"].splitlines() == ["2", "4"]
    assert json.loads(written["FAILED_0.jsonl"])["Error"] == "Odd"


def test_children_see_no_variables_of_the_machine_and_have_an_execution_of_their_own(machines):
    states = {
        "A": {"Type": "Pass", "Assign": {"secret": 1}, "Next": "M"},
        "M": {
            "Type": "Map",
            "Items": [7],
            "ItemProcessor": distributed(
                {
                    "StartAt": "P",
                    "States": {
                        "P": {
                            "Type": "Pass",
                            "Output": "{% {'seen': $exists($secret), 'input': $states.context.Execution.Input, 'id': $states.context.Execution.Id} %}",
                            "End": True,
                        }
                    },
                }
            ),
            "End": True,
        },
    }
    (child,) = machines.result(states)
    assert (child["seen"], child["input"]) == (False, 7)
    assert sfn._executions[child["id"]]["status"] == "SUCCEEDED"


def test_a_role_that_may_not_start_its_own_machine_runs_no_distributed_map(machines):
    role = make_role("childless", allow("s3:*"))
    error, cause = machines.failure(
        {"M": {"Type": "Map", "Items": [1], "ItemProcessor": distributed(DOUBLE), "End": True}}, role=role
    )
    assert error == "StepFunctions.AWSStepFunctionsException" and "states:StartExecution" in cause


def test_an_item_reader_that_finds_nothing_fails_by_name(machines):
    machines.wire.on("GetObject", Answer(b"<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>", 404))
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Arguments": {"Bucket": "b", "Key": "k"},
    }
    states = {"M": {"Type": "Map", "ItemReader": reader, "ItemProcessor": distributed(DOUBLE), "End": True}}
    error, cause = machines.failure(states)
    assert error == "States.ItemReaderFailed" and "NoSuchKey" in cause


def test_reader_batcher_and_writer_need_a_distributed_map(machines):
    states = {"M": {"Type": "Map", "Items": [1], "ItemBatcher": {"MaxItemsPerBatch": 1}, "ItemProcessor": DOUBLE, "End": True}}
    assert machines.failure(states)[0] == "States.Runtime"
