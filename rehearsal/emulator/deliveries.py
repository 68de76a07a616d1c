"""Rights of what services do by themselves: deliveries of rules, schedules and topics, and denied calls kept as problems."""

import datetime
import json
import uuid

import kms
import ministack.core.iam_actions as iam_actions
import ministack.services.eventbridge as eventbridge
import ministack.services.lambda_svc as lambda_svc
import ministack.services.sns as sns
import ministack.services.sqs as sqs
import permissions
import problems
import settings
import timers
from declarations import declared

#: What a delivery to a target of each service is called in a policy.
ACTIONS = {
    "states": "states:StartExecution",
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "lambda": "lambda:InvokeFunction",
    "events": "events:PutEvents",
}


#: What a function's role needs to read a queue through an event source mapping.
_READER_ACTIONS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def install(calls):
    """Patches ministack."""
    _check_rules_and_schedules(calls)
    _check_queue_readers()
    _record_refused_policies()
    _record_denied_calls()


def _check_rules_and_schedules(calls):
    invoke = eventbridge._invoke_target

    def invoke_target(target, event, rule, view=None):
        arn, source = target.get("Arn", ""), rule.get("Arn", "")
        service = arn.split(":")[2] if arn.startswith("arn:") else ""
        action = ACTIONS.get(service)
        calls.note("delivery", action or service, source)
        if action is None:
            problems.record(f"{source}: the rehearsal cannot deliver to {arn}")
            return None
        principal = "scheduler.amazonaws.com" if ":schedule/" in source else "events.amazonaws.com"
        refusal = _refusal(principal, action, target, source) or kms.check_delivery(principal, source, arn)
        if refusal is None:
            return invoke(_with_context(target, rule, event["Time"]), event, rule, view)
        problems.denied(principal, action, arn, f"{refusal} (delivery of {source})")
        _to_dead_letters(target, event)
        return None

    eventbridge._invoke_target = invoke_target


def _with_context(target, rule, now):
    """A schedule's input may name what only the firing knows: `<aws.scheduler.scheduled-time>` and others."""
    text, arn = target.get("Input"), rule.get("Arn", "")
    if not text or ":schedule/" not in arn:
        return target
    moment = datetime.datetime.fromtimestamp(round(timers.scheduled_time(arn, now)), datetime.timezone.utc)
    context = {
        "scheduled-time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "schedule-arn": arn,
        "execution-id": str(uuid.uuid4()),
        "attempt-number": "1",
    }
    for name, value in context.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return {**target, "Input": text}


def _refusal(principal, action, target, source):
    """Why the delivery may not be made, or None.

    A role needs the right and must trust the service; where there is no role, the target's own policy decides.
    """
    role, arn = target.get("RoleArn"), target["Arn"]
    if role is None:
        origin = {"aws:SourceArn": source, "aws:SourceAccount": settings.ACCOUNT}
        decision = permissions.service_allowed(principal, action, arn, origin)
        return None if decision.allowed else f"{decision.reason}; the target is declared in {_declared_target(arn)}"
    if not permissions.trusts(role, principal):
        return permissions.explain(role, "sts:AssumeRole", role, f"its trust policy does not name {principal}")
    decision = permissions.allowed(role, action, arn)
    return None if decision.allowed else decision.reason


def _declared_target(arn):
    service, name = arn.split(":")[2], arn.split(":")[-1]
    if service == "sqs":
        return declared("AWS::SQS::Queue", sqs._queue_url(name))
    return declared("AWS::SNS::Topic", arn) if service == "sns" else declared("AWS::Lambda::Function", name)


def _to_dead_letters(target, event):
    arn = (target.get("DeadLetterConfig") or {}).get("Arn")
    if arn and sqs._queue_by_arn(arn) is not None:
        sqs._act_send_message({"MessageBody": json.dumps(event.get("Detail"))}, sqs._queue_url(arn.split(":")[-1]))


def _check_queue_readers():
    run = lambda_svc._run_sqs_batch

    def run_sqs_batch(esm, func_rec, *batch):
        role, queue = func_rec["config"]["Role"], esm["EventSourceArn"]
        decisions = [permissions.allowed(role, action, queue) for action in _READER_ACTIONS]
        refusals = [one.reason for one in decisions if not one.allowed] + [kms.queue_reader_refusal(role, queue)]
        lines = [line for line in refusals if line is not None]
        if not lines:
            return run(esm, func_rec, *batch)
        # The messages come back after their visibility timeout, as they do when nobody can read them.
        problems.denied(role, "sqs:ReceiveMessage", queue, "; ".join(lines))
        return None

    lambda_svc._run_sqs_batch = run_sqs_batch


def _record_refused_policies():
    """S3 notifications and topics are refused silently by ministack when the policy of the target says no."""
    queue_allows, topic_allows = sqs.queue_policy_allows, sns.topic_policy_allows

    def recorded(allows, action):
        def policy_allows(arn, service, source_arn, source_account):
            allowed = allows(arn, service, source_arn, source_account)
            if not allowed:
                line = (
                    f"{service} lacks {action} on {arn} for {source_arn}: the policy of {_declared_target(arn)} does not allow it"
                )
                problems.denied(service, action, arn, line)
            return allowed

        return policy_allows

    sqs.queue_policy_allows = recorded(queue_allows, "sqs:SendMessage")
    sns.topic_policy_allows = recorded(topic_allows, "sns:Publish")


def _record_denied_calls():
    """Every AccessDenied that ministack answers to a role is a right that its template forgot."""
    respond = iam_actions.access_denied_response

    def access_denied_response(service, action, principal_arn, request_id, **details):
        if not permissions.is_root(principal_arn):
            resource = details.get("resource_arn", "*")
            problems.denied(principal_arn, action, resource, permissions.explain(principal_arn, action, resource))
        return respond(service, action, principal_arn, request_id, **details)

    iam_actions.access_denied_response = access_denied_response
