"""Alarms over complete periods of exact dimension sets, and what a change of state sets off."""

import json
import time

import clock as virtual_clock
import conftest
import ministack.services.cloudwatch as cw
import ministack.services.eventbridge as eventbridge
import ministack.services.sns as sns
import problems
import pytest
from alarms import Metric, answer, call, states
from cloudwatch.alarm_evaluation import evaluate
from cloudwatch.metric_store import MetricStore, SeriesKey

MINUTE = 60


@pytest.fixture(name="metric")
def fixture_metric(passing):
    return Metric(passing, Model="a")


def to_next_minute(passing, offset=1.0):
    passing.pass_seconds(MINUTE - passing.now() % MINUTE + offset)


def test_two_breaching_periods_of_two_raise_the_alarm_at_the_end_of_the_second(metric, passing):
    to_next_minute(passing)
    alarm = metric.alarm(EvaluationPeriods=2)
    metric.put(11)
    to_next_minute(passing)
    metric.put(6, 6)
    passing.pass_seconds(50)
    assert states(alarm) == ["ALARM"]  # one breaching period is all there is: `missing` alarms on what is known
    other = Metric(passing, Model="b")
    second = other.alarm(EvaluationPeriods=2, TreatMissingData="notBreaching")
    to_next_minute(passing)
    other.put(11)
    to_next_minute(passing)
    other.put(6, 6)
    passing.pass_seconds(50)
    assert states(second) == ["OK"]
    to_next_minute(passing)
    assert states(second) == ["OK", "ALARM"]


def test_values_of_another_dimension_set_do_not_count(metric, passing):
    alarm = metric.alarm(TreatMissingData="notBreaching")
    metric.put(100, Model="b")
    metric.put(100, Model="a", Version="1")
    metric.put(1)
    to_next_minute(passing)
    assert states(alarm) == ["OK"]
    assert "[1.0 (" in alarm["StateReason"]


def test_two_dimension_sets_have_two_alarms(passing):
    blue, green = Metric(passing, Variant="v"), None
    green = Metric(passing, Variant="v", Config="new")
    green.namespace = blue.namespace
    alarms = [one.alarm(Statistic="Average", Threshold=0.01, TreatMissingData="notBreaching") for one in (blue, green)]
    blue.put(0, 0, 0)
    green.put(0, 1)
    to_next_minute(passing)
    assert [states(alarm) for alarm in alarms] == [["OK"], ["ALARM"]]


# The two tables of the service's guide: N of N = 3 of 3, and 2 of 3, over an evaluation range of five periods.
# `-` missing, `0` within the threshold, `X` breaching; None: the state is kept.
THREE_OF_THREE = [
    ("0-X-X", ["OK", "OK", "OK", "OK"]),
    ("----0", ["OK", "OK", "OK", "OK"]),
    ("-----", ["INSUFFICIENT_DATA", None, "ALARM", "OK"]),
    ("0XX-X", ["ALARM", "ALARM", "ALARM", "ALARM"]),
    ("--X--", ["ALARM", None, "ALARM", "OK"]),
]
TWO_OF_THREE = [
    ("0-X-X", ["ALARM", "ALARM", "ALARM", "ALARM"]),
    ("00X0X", ["ALARM", "ALARM", "ALARM", "ALARM"]),
    ("0-X--", ["OK", "OK", "ALARM", "OK"]),
    ("----0", ["OK", "OK", "ALARM", "OK"]),
    ("----X", ["ALARM", None, "ALARM", "OK"]),
]


@pytest.mark.parametrize(
    ("needed", "points", "expected"),
    [(3, points, expected) for points, expected in THREE_OF_THREE] + [(2, points, expected) for points, expected in TWO_OF_THREE],
)
def test_missing_data_is_treated_as_the_tables_of_the_service_say(needed, points, expected):
    store = MetricStore(lambda _key, _start: None)
    key = SeriesKey.of("N", "m", {})
    for index, point in enumerate(points):
        if point != "-":
            store.put(key, 6000 + index * MINUTE, [(5.0 if point == "X" else 0.0, 1)])
    alarm = {
        "Namespace": "N",
        "MetricName": "m",
        "Statistic": "Average",
        "Period": MINUTE,
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": needed,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    treatments = ("missing", "ignore", "breaching", "notBreaching")
    found = [evaluate({**alarm, "TreatMissingData": one}, store, 6000 + 5 * MINUTE).state for one in treatments]
    assert found == expected


def test_the_period_that_is_still_running_does_not_count(metric, passing):
    to_next_minute(passing)
    alarm = metric.alarm(TreatMissingData="notBreaching")
    metric.put(100)
    passing.pass_seconds(30)
    assert states(alarm) == []
    to_next_minute(passing)
    assert states(alarm) == ["ALARM"]


def test_a_window_slides_every_minute_and_one_aligned_to_the_clock_waits_for_its_end(passing):
    passing.pass_seconds(86_400 - passing.now() % 86_400 + 7200)
    sliding, aligned = Metric(passing), Metric(passing)
    first = sliding.alarm(Period=86_400, TreatMissingData="notBreaching")
    second = aligned.alarm(Period=86_400, TreatMissingData="notBreaching", EvaluationWindow={"WallClockWindow": {}})
    sliding.put(11)
    aligned.put(11)
    passing.pass_seconds(120)
    assert [alarm["StateValue"] for alarm in (first, second)] == ["ALARM", "OK"]
    passing.pass_seconds(86_400)
    assert second["StateValue"] == "ALARM"


def test_an_alarm_of_ten_seconds_sees_high_resolution_values_only(passing):
    metric = Metric(passing)
    alarm = metric.alarm(Period=10, TreatMissingData="notBreaching")
    passing.pass_seconds(30)
    datum = {"MetricName": "m", "Value": 11, "StorageResolution": 1}
    passing.working(lambda: call("PutMetricData", Namespace=metric.namespace, MetricData=[datum]))
    passing.pass_seconds(11)
    assert alarm["StateValue"] == "ALARM"


def test_values_in_another_unit_do_not_count(metric, passing):
    alarm = metric.alarm(Unit="Count", TreatMissingData="notBreaching")
    metric.put(100)
    to_next_minute(passing)
    assert states(alarm) == ["OK"]


def test_a_math_alarm_with_fill_watches_a_share(passing):
    metric = Metric(passing)
    queries = [
        metric.query("bad", shown=False, Kind="bad"),
        metric.query("all", shown=False, Kind="all"),
        {"Id": "share", "Expression": "IF(FILL(all, 0) > 0, 100 * FILL(bad, 0) / all, 0)", "ReturnData": True},
    ]
    call(
        "PutMetricAlarm",
        AlarmName=f"math-{metric.namespace}",
        Metrics=queries,
        EvaluationPeriods=1,
        Threshold=5,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
    )
    alarm = cw._alarms[f"math-{metric.namespace}"]
    metric.put(100, Kind="all")
    metric.put(4, Kind="bad")
    to_next_minute(passing)
    assert alarm["StateValue"] == "OK"
    metric.put(100, Kind="all")
    metric.put(5, Kind="bad")
    to_next_minute(passing)
    assert alarm["StateValue"] == "ALARM"


class TestConsequences:
    """A change of state: composite alarms, events, messages, history."""

    @pytest.fixture(name="topic")
    def fixture_topic(self):
        import ministack.core.responses as responses

        sns._create_topic({"Name": [f"alerts-{responses.new_uuid()[:8]}"]})
        return list(sns._topics.values())[-1]

    @pytest.fixture(name="sent")
    def fixture_sent(self, monkeypatch):
        messages = []
        monkeypatch.setattr(
            sns, "_fanout", lambda topic, _id, message, subject: messages.append((topic, subject, json.loads(message)))
        )
        return messages

    @pytest.fixture(name="events")
    def fixture_events(self, monkeypatch):
        entries = []
        put = eventbridge._put_events
        monkeypatch.setattr(eventbridge, "_put_events", lambda data, **rest: entries.extend(data["Entries"]) or put(data, **rest))
        return entries

    def test_a_composite_alarm_notifies_its_topic_and_both_publish_an_event(self, metric, passing, topic, sent, events):
        child = metric.alarm(TreatMissingData="notBreaching")
        name = f"composite-{child['AlarmName']}"
        call("PutCompositeAlarm", AlarmName=name, AlarmRule=f'ALARM("{child["AlarmName"]}")', AlarmActions=[topic["arn"]])
        to_next_minute(passing)
        metric.put(11)
        to_next_minute(passing)
        ((arn, subject, message),) = sent
        assert (arn, subject) == (topic["arn"], f'ALARM: "{name}" in us-east-1')
        assert (message["AlarmName"], message["NewStateValue"], message["OldStateValue"]) == (name, "ALARM", "OK")
        changes = [json.loads(entry["Detail"]) for entry in events if entry["DetailType"] == "CloudWatch Alarm State Change"]
        assert [(one["alarmName"], one["previousState"]["value"], one["state"]["value"]) for one in changes][-2:] == [
            (child["AlarmName"], "OK", "ALARM"),
            (name, "OK", "ALARM"),
        ]
        metrics = next(one for one in changes if one["alarmName"] == child["AlarmName"])["configuration"]["metrics"]
        assert metrics[0]["metricStat"]["metric"] == {"namespace": metric.namespace, "name": "m", "dimensions": {"Model": "a"}}

    def test_a_topic_whose_policy_does_not_name_cloudwatch_gets_nothing_and_that_is_a_problem(self, metric, passing, topic, sent):
        lambda_only = {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": "*",
        }
        topic["attributes"]["Policy"] = json.dumps({"Statement": [lambda_only]})
        alarm = metric.alarm(AlarmActions=[topic["arn"]])
        metric.put(11)
        to_next_minute(passing)
        assert alarm["StateValue"] == "ALARM" and sent == []
        assert any(
            alarm["AlarmName"] in line and "cloudwatch.amazonaws.com lacks sns:Publish" in line for line in problems.listed()
        )

    def test_a_policy_for_alarms_of_this_account_lets_the_message_pass(self, metric, passing, topic, sent):
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": topic["arn"],
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "123456789012"},
                "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:*"},
            },
        }
        topic["attributes"]["Policy"] = json.dumps({"Statement": [statement]})
        metric.alarm(AlarmActions=[topic["arn"]])
        metric.put(11)
        to_next_minute(passing)
        assert len(sent) == 1

    def test_disabled_actions_and_other_states_send_nothing(self, metric, passing, topic, sent):
        metric.alarm(AlarmActions=[topic["arn"]], ActionsEnabled=False)
        metric.alarm(OKActions=[topic["arn"]])
        metric.put(11)
        to_next_minute(passing)
        assert sent == []

    def test_a_state_set_by_hand_holds_until_the_next_evaluation(self, metric, passing, events):
        alarm = metric.alarm(TreatMissingData="notBreaching")
        to_next_minute(passing)
        passing.working(lambda: call("SetAlarmState", AlarmName=alarm["AlarmName"], StateValue="ALARM", StateReason="by hand"))
        assert alarm["StateValue"] == "ALARM"
        assert json.loads(events[-1]["Detail"])["state"]["reason"] == "by hand"
        to_next_minute(passing)
        assert states(alarm) == ["OK", "ALARM", "OK"]


def test_an_alarm_keeps_its_state_when_it_is_put_again(metric, passing):
    alarm = metric.alarm(TreatMissingData="ignore")
    metric.put(11)
    to_next_minute(passing)
    again = metric.alarm(AlarmName=alarm["AlarmName"], Threshold=1000, TreatMissingData="ignore", Dimensions=[])
    to_next_minute(passing)
    assert again["StateValue"] == "ALARM"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ComparisonOperator": "MoreThan"}, "ComparisonOperator"),
        ({"Period": 45}, "Period must be"),
        ({"EvaluationPeriods": 1441}, "must be <= 86400"),
        ({"Period": 3600, "EvaluationPeriods": 169}, "must be <= 604800"),
        ({"DatapointsToAlarm": 2}, "DatapointsToAlarm"),
        ({"Statistic": "Mean"}, "not Mean"),
        ({"TreatMissingData": "never"}, "TreatMissingData"),
        ({"Namespace": None}, "Namespace and MetricName"),
        ({"Threshold": None}, "Threshold is required"),
    ],
)
def test_an_alarm_that_the_service_would_refuse_is_refused(given, words):
    good = {
        "Namespace": "N",
        "MetricName": "m",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    request = {key: value for key, value in {**good, **given}.items() if value is not None}
    status, body = answer("PutMetricAlarm", AlarmName="refused", **request)
    assert status == 400 and words in body["message"]
    assert "refused" not in cw._alarms


def test_five_months_without_data_pass_in_a_jump_and_months_with_a_value_a_day_in_seconds(metric, passing):
    alarms = [metric.alarm(Period=period, EvaluationPeriods=1, TreatMissingData="notBreaching") for period in (60, 3600, 86_400)]
    to_next_minute(passing)
    before, began = conftest.CLOCK.jumps, virtual_clock.real_time()
    passing.pass_seconds(150 * 86_400)
    assert conftest.CLOCK.jumps - before < 10
    for _ in range(60):
        metric.put(1)
        passing.pass_seconds(86_400)
    assert virtual_clock.real_time() - began < 10
    assert all(alarm["StateValue"] == "OK" for alarm in alarms)


def test_ten_thousand_requests_a_minute_cost_a_point_each_only_once(passing):
    metric = Metric(passing)
    alarm = metric.alarm(Statistic=None, ExtendedStatistic="p99", Threshold=500, TreatMissingData="notBreaching")
    began = time.process_time()
    metric.put(*(float(value % 1000) for value in range(10_000)))
    to_next_minute(passing)
    assert time.process_time() - began < 2
    assert alarm["StateValue"] == "ALARM"
