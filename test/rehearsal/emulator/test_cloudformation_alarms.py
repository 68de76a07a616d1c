"""Alarms of templates: created, updated and deleted as CloudFormation does, math alarms and composites too."""

import uuid

import ministack.services.cloudwatch as cw
import pytest
from ministack.services.cloudformation import provisioners

ALARM, COMPOSITE = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"


@pytest.fixture(name="stack")
def fixture_stack():
    return f"stack-{uuid.uuid4().hex[:8]}"


def create(kind, logical_id, properties, stack):
    return provisioners._RESOURCE_HANDLERS[kind]["create"](logical_id, properties, stack)


def update(kind, name, old, new, stack, logical_id):
    return provisioners._RESOURCE_HANDLERS[kind]["update"](name, old, new, stack, logical_id=logical_id)


def delete(kind, name):
    provisioners._RESOURCE_HANDLERS[kind]["delete"](name, {})


def math_alarm(threshold: str) -> dict:
    """Properties as they come out of a template: numbers and booleans may be text."""
    stat = {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": "300", "Stat": "Sum"}
    return {
        "Metrics": [
            {"Id": "m", "MetricStat": stat, "ReturnData": "false"},
            {"Id": "e", "Expression": "FILL(m, 0)", "ReturnData": "true"},
        ],
        "EvaluationPeriods": "2",
        "Threshold": threshold,
        "ComparisonOperator": "GreaterThanThreshold",
        "ActionsEnabled": "true",
    }


def test_a_math_alarm_is_created_from_text_values_and_updated_in_place_with_its_state(stack):
    name, attributes = create(ALARM, "Drift", math_alarm("5"), stack)
    alarm = cw._alarms[name]
    assert attributes["Arn"] == alarm["AlarmArn"]
    assert (alarm["Threshold"], alarm["EvaluationPeriods"], alarm["Metrics"][0]["ReturnData"]) == (5.0, 2, False)
    alarm["StateValue"] = "ALARM"
    assert update(ALARM, name, math_alarm("5"), math_alarm("7"), stack, "Drift")[0] == name
    assert (cw._alarms[name]["Threshold"], cw._alarms[name]["StateValue"]) == (7.0, "ALARM")


def test_a_renamed_alarm_replaces_the_old_one(stack):
    name, _ = create(ALARM, "Drift", math_alarm("5"), stack)
    renamed, _ = update(ALARM, name, math_alarm("5"), {**math_alarm("5"), "AlarmName": f"{stack}-new"}, stack, "Drift")
    assert renamed == f"{stack}-new" and name not in cw._alarms and renamed in cw._alarms


def test_a_composite_alarm_is_created_updated_and_deleted(stack):
    children = [create(ALARM, logical, math_alarm("5"), stack)[0] for logical in ("One", "Two")]
    name, attributes = create(COMPOSITE, "Any", {"AlarmRule": f"ALARM({children[0]})", "ActionsEnabled": "false"}, stack)
    assert attributes["Arn"].endswith(f":alarm:{name}")
    assert (cw._composite_alarms[name]["StateValue"], cw._composite_alarms[name]["ActionsEnabled"]) == ("OK", False)
    rule = f"ALARM({children[0]}) OR ALARM({children[1]})"
    update(COMPOSITE, name, {}, {"AlarmRule": rule}, stack, "Any")
    assert cw._composite_alarms[name]["AlarmRule"] == rule
    with pytest.raises(ValueError, match="depending on it"):
        delete(ALARM, children[0])
    delete(COMPOSITE, name)
    delete(ALARM, children[0])
    assert name not in cw._composite_alarms and children[0] not in cw._alarms


def test_a_composite_alarm_on_alarms_that_do_not_exist_fails_the_stack(stack):
    with pytest.raises(ValueError, match="do not exist"):
        create(COMPOSITE, "Any", {"AlarmRule": "ALARM(nothing-here)"}, stack)


def test_an_alarm_that_the_service_would_refuse_fails_the_stack(stack):
    with pytest.raises(ValueError, match="ComparisonOperator"):
        create(ALARM, "Bad", {**math_alarm("5"), "ComparisonOperator": "More"}, stack)
