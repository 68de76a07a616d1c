"""Metrics in and out: statistics, percentiles, metric math, GetMetricData, embedded metric format."""

import json
import random
import statistics

import cloudwatch
import pytest
from alarms import Metric, answer, call
from cloudwatch.metric_math import Grid, MathError, evaluate
from cloudwatch.metric_store import Summary

GRID = Grid((0, 60, 120, 180), 60)
A = {0: 1.0, 60: 2.0, 180: 4.0}
B = {0: 10.0, 120: 30.0, 180: 40.0}


def math(expression: str, **metrics):
    """Evaluate an expression over named series."""

    def other(name):
        raise MathError(f"{name} is not the id of a query")

    return evaluate(expression, metrics, other, GRID)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a + b", {0: 11.0, 180: 44.0}),
        ("a * 2 - 1", {0: 1.0, 60: 3.0, 180: 7.0}),
        ("b / a", {0: 10.0, 180: 10.0}),
        ("a / (a - 1)", {60: 2.0, 180: 4.0 / 3.0}),
        ("a ^ 2", {0: 1.0, 60: 4.0, 180: 16.0}),
        ("-a", {0: -1.0, 60: -2.0, 180: -4.0}),
        ("a > 1", {0: 0.0, 60: 1.0, 180: 1.0}),
        ("a > 1 && a < 4", {0: 0.0, 60: 1.0, 180: 0.0}),
        ("a == 1 || a == 4", {0: 1.0, 60: 0.0, 180: 1.0}),
        ("FILL(a, 0)", {0: 1.0, 60: 2.0, 120: 0.0, 180: 4.0}),
        ("FILL(a, b)", {0: 1.0, 60: 2.0, 120: 30.0, 180: 4.0}),
        ("FILL(a, REPEAT)", {0: 1.0, 60: 2.0, 120: 2.0, 180: 4.0}),
        ("FILL(a, LINEAR)", {0: 1.0, 60: 2.0, 120: 3.0, 180: 4.0}),
        ("IF(a > 1, a, 0)", {0: 0.0, 60: 2.0, 180: 4.0}),
        ("IF(a > 1, b)", {180: 40.0}),
        ("DIFF(a)", {60: 1.0, 180: 2.0}),
        ("RATE(a)", {60: 1 / 60, 180: 2 / 120}),
        ("FLOOR(a / 2)", {0: 0.0, 60: 1.0, 180: 2.0}),
        ("FLOOR(-a / 4)", {0: -1.0, 60: -1.0, 180: -1.0}),
        ("SUM(FLOOR([a / 2, b / 20]))", {0: 0.0, 60: 1.0, 120: 1.0, 180: 4.0}),
        # The second bit of 1, 2 and 4, as alarms on a sum of findings ask for it.
        ("FLOOR(a / 2) - 2 * FLOOR(a / 4)", {0: 0.0, 60: 1.0, 180: 0.0}),
        ("ABS(a - 2)", {0: 1.0, 60: 0.0, 180: 2.0}),
        ("SUM(METRICS())", {0: 11.0, 60: 2.0, 120: 30.0, 180: 44.0}),
        ("AVG([a, b])", {0: 5.5, 60: 2.0, 120: 30.0, 180: 22.0}),
        ("MAX([a, b])", {0: 10.0, 60: 2.0, 120: 30.0, 180: 40.0}),
        ("SUM(METRICS('b'))", B),
        ("a / MAX(a)", {0: 0.25, 60: 0.5, 180: 1.0}),
        ("MIN(a)", {0: 1.0, 60: 1.0, 120: 1.0, 180: 1.0}),
        ("a / PERIOD(a)", {0: 1 / 60, 60: 2 / 60, 180: 4 / 60}),
    ],
)
def test_metric_math_follows_the_service(expression, expected):
    assert math(expression, a=A, b=B) == pytest.approx(expected)


@pytest.mark.parametrize(
    "expression", ["a +", "SEARCH('x', 'Sum', 60)", "__import__('os')", "a.b", "c", "FLOOR(1.5)", "[a, b]", "a + [a]", "lambda: 1", "True"]
)
def test_what_is_not_metric_math_is_refused(expression):
    with pytest.raises(MathError):
        math(expression, a=A, b=B)


def test_percentiles_of_few_values_are_exact_and_of_many_within_a_percent():
    rng = random.Random(1)
    few, many = [rng.random() for _ in range(300)], [rng.lognormvariate(3, 1) for _ in range(20_000)]
    for values, tolerance in ((few, 1e-12), (many, 0.01)):
        summary = Summary()
        for value in values:
            summary.add(value)
        cuts = statistics.quantiles(values, n=100, method="inclusive")
        for percent in (1, 50, 90, 99):
            assert summary.statistic(f"p{percent}") == pytest.approx(cuts[percent - 1], rel=tolerance)
        assert summary.statistic("Sum") == pytest.approx(sum(values))
        assert (summary.statistic("Minimum"), summary.statistic("Maximum")) == (min(values), max(values))
        assert len(summary.samples) < 3000


def test_a_statistic_set_has_no_percentiles_unless_all_values_are_the_same():
    spread, same = Summary(), Summary()
    spread.add_statistics(10, 100, 1, 30)
    same.add_statistics(10, 100, 10, 10)
    assert (spread.statistic("Average"), spread.statistic("p50")) == (10, None)
    assert same.statistic("p50") == 10


def test_get_metric_data_answers_statistics_and_expressions_newest_first(passing):
    passing.pass_seconds(60 - passing.now() % 60 + 1)
    metric = Metric(passing, D="x")
    start = passing.now() // 60 * 60
    metric.put(1, 2, 3)
    passing.pass_seconds(120)
    metric.put(10)
    queries = [
        metric.query("m", "Average"),
        {"Id": "e", "Expression": "FILL(m, 0) * 2", "Label": "doubled"},
        metric.query("p", "p50", shown=False),
    ]
    found = call("GetMetricData", StartTime=start, EndTime=start + 180, MetricDataQueries=queries)["MetricDataResults"]
    assert [(one["Id"], one["Label"], one["Values"]) for one in found] == [
        ("m", "m", [10.0, 2.0]),
        ("e", "doubled", [20.0, 0.0, 4.0]),
    ]
    assert found[0]["Timestamps"] == [start + 120, start]
    oldest = call("GetMetricData", StartTime=start, EndTime=start + 180, ScanBy="TimestampAscending", MetricDataQueries=queries)
    assert oldest["MetricDataResults"][1]["Values"] == [4.0, 0.0, 20.0]


def test_put_metric_data_takes_a_value_values_with_counts_and_statistic_sets(passing):
    passing.pass_seconds(60 - passing.now() % 60 + 1)
    metric = Metric(passing)
    data = [
        {"MetricName": "m", "Value": 1},
        {"MetricName": "m", "Values": [2, 3], "Counts": [2, 1]},
        {"MetricName": "m", "StatisticValues": {"SampleCount": 2, "Sum": 20, "Minimum": 9, "Maximum": 11}},
    ]
    call("PutMetricData", Namespace=metric.namespace, MetricData=data)
    wanted = ["SampleCount", "Sum", "Minimum", "Maximum", "Average"]
    start = passing.now() // 60 * 60
    found = call(
        "GetMetricStatistics",
        Namespace=metric.namespace,
        MetricName="m",
        StartTime=start,
        EndTime=start + 60,
        Period=60,
        Statistics=wanted,
    )
    (point,) = found["Datapoints"]
    assert [point[name] for name in wanted] == [6, 28, 1, 11, pytest.approx(28 / 6)]
    assert call("ListMetrics", Namespace=metric.namespace)["Metrics"] == [
        {"Namespace": metric.namespace, "MetricName": "m", "Dimensions": []}
    ]


def test_metrics_are_kept_for_months(passing):
    metric = Metric(passing)
    start = passing.now() // 86_400 * 86_400
    metric.put(7)
    passing.pass_seconds(150 * 86_400)
    metric.put(8)
    found = call(
        "GetMetricData", StartTime=start, EndTime=start + 151 * 86_400, MetricDataQueries=[metric.query("d", period=86_400)]
    )
    assert found["MetricDataResults"][0]["Values"] == [8.0, 7.0]


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("PutMetricData", {"Namespace": "AWS/Lambda", "MetricData": []}),
        ("PutMetricData", {"Namespace": "N", "MetricData": [{"MetricName": "m"}]}),
        ("GetMetricData", {"StartTime": 10, "EndTime": 5, "MetricDataQueries": []}),
        ("GetMetricData", {"StartTime": 0, "EndTime": 60, "MetricDataQueries": [{"Id": "e", "Expression": "nope + 1"}]}),
        (
            "GetMetricStatistics",
            {"Namespace": "N", "MetricName": "m", "StartTime": 0, "EndTime": 60, "Period": 60, "Statistics": ["Mean"]},
        ),
        (
            "GetMetricStatistics",
            {"Namespace": "N", "MetricName": "m", "StartTime": 0, "EndTime": 1e6, "Period": 60, "Statistics": ["Sum"]},
        ),
    ],
)
def test_wrong_requests_are_refused(operation, request_):
    status, body = answer(operation, **request_)
    assert status == 400 and body["__type"] == "ValidationError" and body["message"]


class TestEmbeddedMetrics:
    """Lines of JSON that functions and containers print."""

    def line(self, passing, namespace, **document):
        directive = {
            "Namespace": namespace,
            "Dimensions": [["Model"], ["Model", "Version"]],
            "Metrics": [{"Name": "Score", "Unit": "None"}, {"Name": "Rows", "Unit": "Count"}],
        }
        return json.dumps({"_aws": {"Timestamp": passing.now() * 1000, "CloudWatchMetrics": [directive]}, **document})

    def sums(self, passing, metric, name, **dimensions):
        query = metric.query("q", **dimensions)
        query["MetricStat"]["Metric"]["MetricName"] = name
        start = passing.now() // 60 * 60
        return call("GetMetricData", StartTime=start, EndTime=start + 60, MetricDataQueries=[query])["MetricDataResults"][0][
            "Values"
        ]

    def test_a_value_goes_to_every_dimension_set_that_the_line_can_fill(self, passing):
        passing.pass_seconds(60 - passing.now() % 60 + 1)
        metric = Metric(passing)
        text = "START\n" + self.line(passing, metric.namespace, Model="m", Version="1", Score=0.5, Rows=[1, 2]) + "\nEND"
        cloudwatch.emf(text)
        cloudwatch.emf(self.line(passing, metric.namespace, Model="m", Score=1.5))
        assert self.sums(passing, metric, "Score", Model="m") == [2.0]
        assert self.sums(passing, metric, "Score", Model="m", Version="1") == [0.5]
        assert self.sums(passing, metric, "Rows", Model="m") == [3.0]

    def test_lines_that_are_no_metrics_are_left_alone(self, passing):
        metric = Metric(passing)
        before = call("ListMetrics")["Metrics"]
        cloudwatch.emf('{"_aws": broken\n{"message": "hello"}\n2001 INFO {"a": "\\"_aws\\""}\n{"_aws": 1}')
        cloudwatch.emf(self.line(passing, metric.namespace, Model="m", Score="high"))
        assert call("ListMetrics")["Metrics"] == before
