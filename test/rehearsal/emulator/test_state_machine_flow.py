"""Flow of a machine: data, variables, choices, waits, branches, and what stops them."""

import json

import ministack.services.stepfunctions as sfn
import pytest

PASS_END = {"Type": "Pass", "End": True}


def test_output_and_assign_of_a_state_both_see_the_variables_as_they_were_before_it(machines):
    states = {
        "One": {"Type": "Pass", "Assign": {"n": 1}, "Next": "Two"},
        "Two": {"Type": "Pass", "Assign": {"n": "{% $n + 1 %}"}, "Output": {"seen": "{% $n %}"}, "Next": "Three"},
        "Three": {"Type": "Pass", "Output": {"seen": "{% $states.input.seen %}", "now": "{% $n %}"}, "End": True},
    }
    assert machines.result(states) == {"seen": 1, "now": 2}


def test_a_missing_field_fails_and_a_null_does_not(machines):
    assert machines.result({"A": {"Type": "Pass", "Output": "{% $states.input.there %}", "End": True}}, {"there": None}) is None
    error, cause = machines.failure({"A": {"Type": "Pass", "Output": "{% $states.input.gone %}", "End": True}})
    assert error == "States.QueryEvaluationError" and "did not return a result" in cause


def test_whole_numbers_come_out_as_in_javascript(machines):
    record = machines.run({"A": {"Type": "Pass", "Output": "{% {'n': 4 / 2, 'h': 1 / 2} %}", "End": True}})
    assert record["output"] == '{"n":2,"h":0.5}'


def test_a_choice_takes_the_first_rule_that_holds_with_its_own_output_else_the_default(machines):
    states = {
        "C": {
            "Type": "Choice",
            "Choices": [
                {"Condition": "{% $states.input.n > 10 %}", "Output": "big", "Next": "End"},
                {"Condition": "{% $states.input.n > 5 %}", "Output": "middle", "Next": "End"},
            ],
            "Default": "End",
            "Output": "small",
        },
        "End": PASS_END,
    }
    assert [machines.result(states, {"n": n}) for n in (11, 6, 1)] == ["big", "middle", "small"]


def test_a_choice_without_a_match_or_with_a_condition_that_is_no_boolean_fails(machines):
    rule = {"Condition": "{% $states.input.n %}", "Next": "End"}
    assert (
        machines.failure({"C": {"Type": "Choice", "Choices": [rule]}, "End": PASS_END}, {"n": False})[0]
        == "States.NoChoiceMatched"
    )
    assert (
        machines.failure({"C": {"Type": "Choice", "Choices": [rule]}, "End": PASS_END}, {"n": 1})[0]
        == "States.QueryEvaluationError"
    )


@pytest.mark.parametrize(
    "wait", [{"Seconds": 3600}, {"Seconds": "{% $states.input.s %}"}, {"Timestamp": "{% $states.input.until %}"}]
)
def test_a_wait_takes_its_time_to_the_second(machines, passing, wait):
    until = sfn.datetime.fromtimestamp(passing.now() + 3600, sfn.timezone.utc).isoformat()
    record = machines.run({"W": {"Type": "Wait", **wait, "End": True}}, {"s": 3600, "until": until})
    assert machines.took(record) == pytest.approx(3600, abs=1)


def test_a_wait_of_less_than_nothing_fails(machines):
    assert machines.failure({"W": {"Type": "Wait", "Seconds": "{% 0 - 1 %}", "End": True}})[0] == "States.QueryEvaluationError"


def test_parallel_branches_run_side_by_side_and_see_the_outer_variables_but_not_each_other(machines):
    def branch(seconds):
        return {
            "StartAt": "W",
            "States": {
                "W": {"Type": "Wait", "Seconds": seconds, "Assign": {"mine": seconds}, "Next": "P"},
                "P": {"Type": "Pass", "Output": "{% $outer & $string($mine) & $states.input.given %}", "End": True},
            },
        }

    states = {
        "A": {"Type": "Pass", "Assign": {"outer": "o"}, "Next": "Both"},
        "Both": {
            "Type": "Parallel",
            "Arguments": {"given": "g"},
            "Branches": [branch(300), branch(100)],
            "Assign": {"count": "{% $count($states.result) %}"},
            "Output": "{% $states.result %}",
            "Next": "End",
        },
        "End": {
            "Type": "Succeed",
            "Output": {"all": "{% $states.input %}", "count": "{% $count %}", "leaked": "{% $exists($mine) %}"},
        },
    }
    record = machines.run(states)
    assert json.loads(record["output"]) == {"all": ["o300g", "o100g"], "count": 2, "leaked": False}
    assert machines.took(record) == pytest.approx(300, abs=1)


def test_a_failing_branch_stops_the_others_at_once(machines):
    states = {
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {
                    "StartAt": "W",
                    "States": {
                        "W": {"Type": "Wait", "Seconds": 10, "Next": "F"},
                        "F": {"Type": "Fail", "Error": "Broken", "Cause": "why"},
                    },
                },
                {
                    "StartAt": "L",
                    "States": {"L": {"Type": "Wait", "Seconds": 9000, "Next": "N"}, "N": {"Type": "Pass", "End": True}},
                },
            ],
            "Catch": [{"ErrorEquals": ["Broken"], "Output": "{% $states.errorOutput %}", "Next": "End"}],
            "Next": "End",
        },
        "End": PASS_END,
    }
    record = machines.run(states)
    assert json.loads(record["output"]) == {"Error": "Broken", "Cause": "why"}
    assert machines.took(record) == pytest.approx(10, abs=1)
    assert not [
        event for event in machines.events(record, "PassStateEntered") if event["stateEnteredEventDetails"]["name"] == "N"
    ]


def test_a_machine_that_runs_longer_than_its_timeout_is_timed_out_at_that_moment(machines):
    record = machines.run({"W": {"Type": "Wait", "Seconds": 9000, "End": True}}, TimeoutSeconds=3600)
    assert record["status"] == "TIMED_OUT"
    assert machines.took(record) == pytest.approx(3600, abs=1)
    assert record["events"][-1]["type"] == "ExecutionTimedOut"


def test_a_stopped_execution_ends_now_and_nothing_of_it_goes_on(machines, passing):
    record = machines.start(machines.create({"W": {"Type": "Wait", "Seconds": 9000, "Next": "P"}, "P": PASS_END}))
    passing.pass_seconds(60)
    passing.working(lambda: sfn._stop_execution({"executionArn": record["executionArn"], "error": "Enough"}))
    passing.pass_seconds(20_000)
    assert (record["status"], record["error"]) == ("ABORTED", "Enough")
    assert machines.took(record) == pytest.approx(60, abs=1)
    assert record["events"][-1]["type"] == "ExecutionAborted"


def test_starting_the_same_name_again_is_the_same_execution_only_with_the_same_input_and_while_it_runs(machines, passing):
    arn = machines.create({"W": {"Type": "Wait", "Seconds": 60, "End": True}})
    first = machines.start(arn, {"a": 1}, "twice")
    assert machines.start(arn, {"a": 1}, "twice") is first
    request = {"stateMachineArn": arn, "name": "twice"}
    assert b"ExecutionAlreadyExists" in sfn._start_execution({**request, "input": '{"a": 2}'})[2]
    passing.pass_seconds(120)
    assert b"ExecutionAlreadyExists" in sfn._start_execution({**request, "input": '{"a": 1}'})[2]


def test_an_output_of_more_than_262144_bytes_ends_the_execution_whatever_it_catches(machines):
    big = {"StartAt": "B", "States": {"B": {"Type": "Pass", "Output": "{% $pad('', 140000, 'ä') %}", "End": True}}}
    states = {
        "Both": {"Type": "Parallel", "Branches": [big], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End"}], "Next": "End"},
        "End": PASS_END,
    }
    error, cause = machines.failure(states)
    assert error == "States.DataLimitExceeded" and "280002 bytes" in cause


def test_a_loop_ends_after_25000_events(machines):
    states = {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}
    error, cause = machines.failure(states)
    assert error == "States.Runtime" and "25000" in cause


def test_a_machine_with_jsonpath_is_refused(machines):
    error, cause = machines.failure({"A": {"Type": "Pass", "Parameters": {}, "End": True}})
    assert error == "States.Runtime" and "Parameters" in cause


def test_history_events_are_numbered_and_point_to_the_event_before_in_their_branch(machines):
    record = machines.run({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}})
    assert [(event["id"], event.get("previousEventId"), event["type"]) for event in record["events"]] == [
        (1, None, "ExecutionStarted"),
        (2, 1, "PassStateEntered"),
        (3, 2, "PassStateExited"),
        (4, 3, "SucceedStateEntered"),
        (5, 4, "SucceedStateExited"),
        (6, 5, "ExecutionSucceeded"),
    ]


@pytest.mark.parametrize(("level", "kinds"), [("ALL", 5), ("ERROR", 1), ("FATAL", 1), ("OFF", 0)])
def test_execution_logs_hold_what_their_level_asks_for_and_data_only_on_request(machines, level, kinds):
    import ministack.services.cloudwatch_logs as logs

    logs._log_groups["/machines"] = {"arn": "x", "streams": {}, "kmsKeyId": None}
    destination = {"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:/machines:*"}}
    machines.run(
        {"A": {"Type": "Pass", "Next": "F"}, "F": {"Type": "Fail", "Error": "E"}},
        {"secret": 1},
        loggingConfiguration={"level": level, "includeExecutionData": False, "destinations": [destination]},
    )
    lines = [
        json.loads(event["message"]) for stream in logs._log_groups["/machines"]["streams"].values() for event in stream["events"]
    ]
    assert len(lines) == kinds
    assert "secret" not in json.dumps(lines)
