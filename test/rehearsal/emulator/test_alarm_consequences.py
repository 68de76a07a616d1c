"""What a change of an alarm's state sets off."""

import json

import ministack.services.eventbridge as eventbridge
import ministack.services.sns as sns
import problems
import pytest
from alarms import Metric, call, states, to_next_minute


@pytest.fixture(name="metric")
def fixture_metric(passing):
    return Metric(passing, Model="a")


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
