"""Alarms over complete periods of exact dimension sets."""

import time

import clock as virtual_clock
import conftest
import ministack.services.cloudwatch as cw
import pytest
from alarms import MINUTE, Metric, answer, call, states, to_next_minute
from cloudwatch.alarm_evaluation import evaluate
from cloudwatch.metric_store import MetricStore, SeriesKey


@pytest.fixture(name="metric")
def fixture_metric(passing):
    return Metric(passing, Model="a")


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
