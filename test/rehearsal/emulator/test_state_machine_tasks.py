"""Tasks: calls with the machine's role, error names through Retry and Catch, time limits, tokens, and jobs waited for."""

import json

import ministack.services.stepfunctions as sfn
import pytest
from roles import allow, make_role
from wire import error, function_error

PASS_END = {"Type": "Pass", "End": True}
INVOKE = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke",
    "Arguments": {"FunctionName": "f", "Payload": {"a": 1}},
    "End": True,
}
PUT = {
    "Type": "Task",
    "Resource": "arn:aws:states:::aws-sdk:dynamodb:putItem",
    "Arguments": {"TableName": "t", "Item": {}},
    "End": True,
}


def catching(task: dict, *names: str) -> dict:
    """The task with a catcher that answers the error."""
    catch = [{"ErrorEquals": list(names) or ["States.ALL"], "Output": "{% $states.errorOutput %}", "Next": "Caught"}]
    return {"T": {**task, "Catch": catch}, "Caught": PASS_END}


def test_a_function_is_invoked_with_the_session_of_the_machines_role_named_after_the_execution(machines):
    machines.wire.on("Invoke", {"answer": 42})
    states = {"T": {**INVOKE, "Assign": {"got": "{% $states.result.Payload.answer %}"}, "Output": "{% $states.result %}"}}
    record = machines.run(states)
    assert json.loads(record["output"]) == {"ExecutedVersion": "$LATEST", "Payload": {"answer": 42}, "StatusCode": 200}
    assert json.loads(machines.wire.calls["Invoke"][0]["Payload"]) == {"a": 1}
    assert machines.wire.sessions == [(machines.role, record["name"])]


def test_the_error_of_a_function_is_retried_and_caught_by_its_own_name(machines):
    machines.wire.on("Invoke", function_error("Flaky"), function_error("Flaky"), {"ok": True})
    retry = [{"ErrorEquals": ["Flaky"], "IntervalSeconds": 10, "BackoffRate": 3, "MaxAttempts": 2}]
    record = machines.run({"T": {**INVOKE, "Retry": retry, "Output": "{% $states.context.State.RetryCount %}"}})
    assert record["output"] == "2"
    assert machines.took(record) == pytest.approx(10 + 30, abs=1)
    machines.wire.on("Invoke", function_error("Flaky"))
    caught = machines.result(catching({**INVOKE, "Retry": retry}, "Flaky"))
    assert caught["Error"] == "Flaky" and json.loads(caught["Cause"])["errorMessage"] == "thrown"


@pytest.mark.parametrize(
    ("resource", "operation", "code", "name"),
    [
        ("aws-sdk:dynamodb:putItem", "PutItem", "ConditionalCheckFailedException", "DynamoDb.ConditionalCheckFailedException"),
        ("aws-sdk:dynamodb:putItem", "PutItem", "ThrottlingException", "DynamoDb.ThrottlingException"),
        ("aws-sdk:dynamodb:putItem", "PutItem", "AccessDeniedException", "DynamoDb.DynamoDbException"),
        ("dynamodb:putItem", "PutItem", "ConditionalCheckFailedException", "DynamoDB.ConditionalCheckFailedException"),
        ("dynamodb:putItem", "PutItem", "AccessDeniedException", "DynamoDB.AmazonDynamoDBException"),
        ("aws-sdk:sagemaker:createModel", "CreateModel", "ResourceLimitExceeded", "SageMaker.ResourceLimitExceededException"),
        ("aws-sdk:sagemaker:createModel", "CreateModel", "ValidationException", "SageMaker.SageMakerException"),
        ("sagemaker:createModel", "CreateModel", "ValidationException", "SageMaker.AmazonSageMakerException"),
        ("lambda:invoke", "Invoke", "TooManyRequestsException", "Lambda.TooManyRequestsException"),
        ("lambda:invoke", "Invoke", "AccessDeniedException", "Lambda.AWSLambdaException"),
        ("aws-sdk:cloudwatch:putMetricData", "PutMetricData", "AccessDenied", "CloudWatch.CloudWatchException"),
    ],
)
def test_service_errors_have_the_names_that_machines_must_catch(machines, resource, operation, code, name):
    arguments = {
        "PutItem": {"TableName": "t", "Item": {}},
        "CreateModel": {"ModelName": "m"},
        "Invoke": {"FunctionName": "f"},
        "PutMetricData": {"Namespace": "n", "MetricData": []},
    }
    machines.wire.on(operation, error(code, "the text"))
    task = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Arguments": arguments[operation], "End": True}
    caught = machines.result(catching(task, name))
    assert caught["Error"] == name and "the text (Service: " in caught["Cause"]


def test_states_all_covers_all_but_runtime_and_data_limit_and_task_failed_all_but_timeouts():
    from state_machines.failures import matches

    everything = [
        "Flaky",
        "States.TaskFailed",
        "States.Timeout",
        "States.HeartbeatTimeout",
        "States.DataLimitExceeded",
        "States.Runtime",
    ]
    assert [matches(["States.ALL"], one) for one in everything] == [True, True, True, True, False, False]
    assert [matches(["States.TaskFailed"], one) for one in everything] == [True, True, False, False, False, False]
    assert [matches(["States.Timeout"], one) for one in everything] == [False, False, True, True, False, False]
    assert [matches(everything, one) for one in everything] == [True, True, True, True, True, False]


def test_the_first_retrier_that_matches_decides_even_when_it_is_used_up(machines):
    machines.wire.on("Invoke", function_error("Flaky"))
    retry = [{"ErrorEquals": ["Flaky"], "MaxAttempts": 0}, {"ErrorEquals": ["States.ALL"], "MaxAttempts": 5}]
    machines.failure({"T": {**INVOKE, "Retry": retry}})
    assert len(machines.wire.calls["Invoke"]) == 1


def test_delays_grow_to_the_maximum_and_full_jitter_only_shortens_them(machines):
    machines.wire.on("Invoke", function_error("Flaky"))
    retrier = {"ErrorEquals": ["Flaky"], "IntervalSeconds": 10, "BackoffRate": 10, "MaxDelaySeconds": 50, "MaxAttempts": 4}
    record = machines.run({"T": {**INVOKE, "Retry": [retrier]}})
    assert machines.took(record) == pytest.approx(10 + 50 + 50 + 50, abs=1)
    record = machines.run({"T": {**INVOKE, "Retry": [{**retrier, "JitterStrategy": "FULL"}]}})
    assert 0 < machines.took(record) < 160


def test_capital_members_reach_services_that_write_theirs_small_and_come_back_with_capitals(machines):
    arn = "arn:aws:states:us-east-1:123456789012:execution:m:e"
    machines.wire.on("StartExecution", {"executionArn": arn, "startDate": 983404800.5})
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sfn:startExecution",
        "Arguments": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m", "Name": "e"},
        "End": True,
    }
    assert machines.result({"T": task}) == {"ExecutionArn": arn, "StartDate": "2001-03-01T00:00:00.500Z"}


def test_an_unknown_member_or_operation_ends_the_execution(machines):
    assert machines.failure(catching({**PUT, "Arguments": {"TableName": "t", "Item": {}, "Nope": 1}}))[0] == "States.Runtime"
    assert machines.failure(catching({**PUT, "Resource": "arn:aws:states:::aws-sdk:dynamodb:nope"}))[0] == "States.Runtime"


def test_a_task_that_takes_longer_than_its_timeout_fails_at_that_moment(machines):
    import conftest

    machines.wire.on("PutItem", lambda _: conftest.CLOCK.sleep(2400) or {})
    record = machines.run(catching({**PUT, "TimeoutSeconds": "{% 30 * 60 %}"}, "States.Timeout"))
    assert json.loads(record["output"])["Error"] == "States.Timeout"
    assert machines.took(record) == pytest.approx(1800, abs=1)
    assert machines.events(record, "TaskTimedOut")


class TestTokens:
    """`.waitForTaskToken`."""

    STATES = {
        "T": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "Arguments": {"FunctionName": "f", "Payload": {"token": "{% $states.context.Task.Token %}"}},
            "End": True,
        }
    }

    @pytest.fixture(name="asked")
    def fixture_asked(self, machines):
        machines.wire.on("Invoke", {})

        def start(**fields):
            return machines.start(machines.create({"T": {**self.STATES["T"], **fields}}))

        return start

    def token(self, machines):
        return json.loads(machines.wire.calls["Invoke"][-1]["Payload"])["token"]

    def test_an_answer_days_later_is_the_result(self, machines, passing, asked):
        record = asked()
        passing.pass_seconds(3 * 86_400)
        passing.working(lambda: sfn._send_task_success({"taskToken": self.token(machines), "output": '{"yes": 1}'}))
        passing.pass_seconds(1)
        assert json.loads(record["output"]) == {"yes": 1}
        assert machines.took(record) == pytest.approx(3 * 86_400, abs=2)

    def test_a_refusal_is_the_failure(self, machines, passing, asked):
        record = asked()
        passing.pass_seconds(10)
        passing.working(lambda: sfn._send_task_failure({"taskToken": self.token(machines), "error": "No", "cause": "because"}))
        passing.pass_seconds(1)
        assert (record["error"], record["cause"]) == ("No", "because")

    def test_no_answer_times_out_to_the_second_and_the_token_is_void(self, machines, passing, asked):
        record = asked(TimeoutSeconds=604_800)
        passing.pass_seconds(604_900)
        assert record["error"] == "States.Timeout"
        assert machines.took(record) == pytest.approx(604_800, abs=1)
        assert b"TaskDoesNotExist" in sfn._send_task_success({"taskToken": self.token(machines)})[2]

    def test_silence_longer_than_the_heartbeat_fails_and_a_heartbeat_puts_it_off(self, machines, passing, asked):
        record = asked(TimeoutSeconds=9000, HeartbeatSeconds=600)
        passing.pass_seconds(500)
        passing.working(lambda: sfn._send_task_heartbeat({"taskToken": self.token(machines)}))
        passing.pass_seconds(5000)
        assert record["error"] == "States.HeartbeatTimeout"
        assert machines.took(record) == pytest.approx(1100, abs=1)


class TestJobs:
    """`.sync` with SageMaker jobs and nested executions."""

    TRAIN = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
        "Arguments": {
            "TrainingJobName": "j",
            "RoleArn": "arn:aws:iam::123456789012:role/jobrole",
            "OutputDataConfig": {"S3OutputPath": "s3://b/o"},
            "AlgorithmSpecification": {"TrainingInputMode": "File"},
            "ResourceConfig": {"VolumeSizeInGB": 1},
            "StoppingCondition": {},
        },
        "End": True,
    }

    def test_the_description_of_the_ended_job_is_the_result_and_the_job_is_tagged(self, machines):
        machines.wire.on("CreateTrainingJob", {"TrainingJobArn": "arn"})
        running, done = ({"TrainingJobName": "j", "TrainingJobStatus": status} for status in ("InProgress", "Completed"))
        machines.wire.on("DescribeTrainingJob", running, done)
        record = machines.run({"T": self.TRAIN})
        assert json.loads(record["output"])["TrainingJobStatus"] == "Completed"
        assert machines.took(record) == pytest.approx(600, abs=1)
        assert machines.wire.calls["CreateTrainingJob"][0]["Tags"] == [
            {"Key": "MANAGED_BY_AWS", "Value": "STARTED_BY_STEP_FUNCTIONS"}
        ]

    @pytest.mark.parametrize("status", ["Failed", "Stopped"])
    def test_a_job_that_did_not_complete_is_task_failed_with_its_description_as_cause(self, machines, status):
        machines.wire.on("CreateTrainingJob", {"TrainingJobArn": "arn"})
        machines.wire.on("DescribeTrainingJob", {"TrainingJobName": "j", "TrainingJobStatus": status, "FailureReason": "boom"})
        error, cause = machines.failure({"T": self.TRAIN})
        assert error == "States.TaskFailed" and json.loads(cause)["FailureReason"] == "boom"

    def test_a_job_still_running_at_the_timeout_is_stopped(self, machines):
        machines.wire.on("CreateTrainingJob", {"TrainingJobArn": "arn"})
        machines.wire.on("DescribeTrainingJob", {"TrainingJobName": "j", "TrainingJobStatus": "InProgress"})
        machines.wire.on("StopTrainingJob", {})
        machines.ended["j"] = 2400
        record = machines.run({"T": {**self.TRAIN, "TimeoutSeconds": 1800}}, seconds=1801)
        assert record["error"] == "States.Timeout"
        assert machines.took(record) == pytest.approx(1800, abs=1)
        assert machines.wire.calls["StopTrainingJob"] == [{"TrainingJobName": "j"}]
        machines.wire.on("DescribeTrainingJob", {"TrainingJobName": "j", "TrainingJobStatus": "Stopped"})

    def test_a_nested_execution_is_waited_for_and_its_output_comes_parsed(self, machines):
        inner = machines.create(
            {"W": {"Type": "Wait", "Seconds": 500, "Next": "P"}, "P": {"Type": "Pass", "Output": {"x": 1}, "End": True}}
        )
        self.serve_executions(machines)
        task = {
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Arguments": {"StateMachineArn": inner, "Input": {"given": 1}},
            "End": True,
        }
        record = machines.run({"T": task})
        output = json.loads(record["output"])
        assert (output["Output"], output["Input"], output["Status"]) == ({"x": 1}, {"given": 1}, "SUCCEEDED")
        assert machines.took(record) == pytest.approx(500, abs=1)

    def test_a_nested_execution_that_fails_is_task_failed(self, machines):
        inner = machines.create({"F": {"Type": "Fail", "Error": "Inner"}})
        self.serve_executions(machines)
        task = {
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Arguments": {"StateMachineArn": inner},
            "End": True,
        }
        error, cause = machines.failure({"T": task})
        assert error == "States.TaskFailed" and json.loads(cause)["Error"] == "Inner"

    @staticmethod
    def serve_executions(machines):
        """Answer as the gateway would: with MiniStack's own executions."""
        machines.wire.on("StartExecution", lambda request: _document(sfn._finalize_response(sfn._start_execution(request))))
        machines.wire.on("DescribeExecution", lambda request: _document(sfn._finalize_response(sfn._describe_execution(request))))


def _document(response) -> dict:
    return json.loads(response[2])


def test_a_role_that_does_not_trust_step_functions_runs_nothing(machines):
    role = make_role("untrusting", allow("*"), trusted="lambda.amazonaws.com")
    error, cause = machines.failure({"A": PASS_END}, role=role)
    assert error == "States.Runtime" and "is authorized to assume the provided role" in cause


def test_a_role_without_the_managed_rule_of_sync_runs_nothing_and_says_what_is_missing(machines):
    role = make_role("ruleless", allow("sagemaker:*"))
    error, cause = machines.failure({"T": TestJobs.TRAIN}, role=role)
    assert error == "States.Runtime"
    assert (
        "role ruleless" in cause
        and "events:PutTargets" in cause
        and "StepFunctionsGetEventsForSageMakerTrainingJobsRule" in cause
    )
