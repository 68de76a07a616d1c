"""What services send each other: S3 events with their version, deliveries of rules and schedules with their rights, SNS messages kept."""

import datetime
import json
import threading

import ministack.core.iam_actions as iam_actions
import ministack.core.iam_evaluator as iam_evaluator
import ministack.services.eventbridge as eventbridge
import ministack.services.lambda_svc as lambda_svc
import ministack.services.s3 as s3
import ministack.services.sns as sns
import ministack.services.sqs as sqs

import permissions
import problems
import settings
from declarations import declared, declared_role

#: What a delivery to a target of each service is called in a policy.
DELIVERY_ACTIONS = {
    "states": "states:StartExecution",
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "lambda": "lambda:InvokeFunction",
    "events": "events:PutEvents",
}

_s3_event = threading.local()
_published = []


def install(clock, calls, check_delivery_key):
    """Patches ministack. `check_delivery_key(service, source, target)` returns why an encrypted target refuses it, or None."""
    _put_versions_into_events()
    _check_deliveries(calls, check_delivery_key)
    _record_refused_policies()
    _record_denied_calls()
    _keep_messages(clock)


def published():
    """Every SNS message so far: {at, topic, subject, message}."""
    return list(_published)


def _put_versions_into_events():
    """ministack knows the version of an object when it fires the event and leaves it out of EventBridge's form."""
    fire, dispatch = s3._fire_s3_event, eventbridge._dispatch_event

    def fire_with_version(*args, **kwargs):
        _s3_event.version = kwargs.get("version_id")
        try:
            return fire(*args, **kwargs)
        finally:
            _s3_event.version = None

    def dispatch_with_version(event, view=None):
        version = getattr(_s3_event, "version", None)
        if event.get("Source") == "aws.s3" and version:
            detail = json.loads(event["Detail"])
            detail["object"]["version-id"] = version
            event = {**event, "Detail": json.dumps(detail)}
            _s3_event.version = None
        return dispatch(event, view)

    s3._fire_s3_event = fire_with_version
    eventbridge._dispatch_event = dispatch_with_version


def _check_deliveries(calls, check_delivery_key):
    invoke = eventbridge._invoke_target

    def invoke_target(target, event, rule, view=None):
        arn = target.get("Arn", "")
        service = arn.split(":")[2] if arn.count(":") > 2 else ""
        action = DELIVERY_ACTIONS.get(service)
        calls.note("delivery", action or service, rule.get("Name", "?"))
        if action is None:
            problems.record(f"rule {rule.get('Name')}: the rehearsal cannot deliver to {arn}")
            return None
        principal = "scheduler.amazonaws.com" if ":schedule/" in rule.get("Arn", "") else "events.amazonaws.com"
        if not _may_deliver(principal, action, target, rule) or _key_refuses(check_delivery_key, principal, rule, arn):
            _to_dead_letters(target, event)
            return None
        return invoke(target, event, rule, view)

    eventbridge._invoke_target = invoke_target


def _may_deliver(principal, action, target, rule):
    """A target with a role needs the role's right and its trust; one without needs a resource policy that names the service."""
    role, arn = target.get("RoleArn"), target["Arn"]
    if role:
        if not permissions.trusts(role, principal):
            problems.denied(principal, "sts:AssumeRole", role, declared_role(role))
            return False
        decision = permissions.allowed(role, action, arn, {})
        if not decision.allowed:
            problems.denied(f"{principal} as {role}", action, arn, declared_role(role))
        return decision.allowed
    source = rule.get("Arn", "")
    if action == "sqs:SendMessage":
        return sqs.queue_policy_allows(arn, principal, source, settings.ACCOUNT)
    if action == "sns:Publish":
        return sns.topic_policy_allows(arn, principal, source, settings.ACCOUNT)
    if action == "lambda:InvokeFunction":
        return _function_allows(arn, principal, source)
    problems.denied(principal, action, arn, f"rule {source}, which names no role")
    return False


def _function_allows(arn, principal, source):
    function, _config, name = lambda_svc._get_func_record_for_ref(arn)
    context = iam_evaluator.EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="lambda:InvokeFunction",
        resource_arn=arn,
        region=settings.REGION,
        service_context={"aws:sourcearn": source, "aws:sourceaccount": settings.ACCOUNT},
    )
    policy = (function or {}).get("policy")
    if policy and iam_evaluator.evaluate_resource_policy(policy, context, service=principal).decision == "Allow":
        return True
    problems.denied(f"{principal} for {source}", "lambda:InvokeFunction", arn, declared("AWS::Lambda::Function", name))
    return False


def _key_refuses(check_delivery_key, principal, rule, arn):
    refusal = check_delivery_key(principal, rule.get("Arn", ""), arn)
    if refusal is not None:
        problems.record(refusal)
    return refusal is not None


def _to_dead_letters(target, event):
    arn = (target.get("DeadLetterConfig") or {}).get("Arn")
    if arn and sqs._queue_by_arn(arn) is not None:
        sqs._act_send_message({"MessageBody": json.dumps(event.get("Detail"))}, sqs._queue_url(arn.split(":")[-1]))


def _record_refused_policies():
    """Deliveries to queues and topics are refused silently by ministack when the policy says no."""
    queue_allows, topic_allows = sqs.queue_policy_allows, sns.topic_policy_allows

    def queue_policy_allows(arn, service, source, account):
        allowed = queue_allows(arn, service, source, account)
        if not allowed:
            problems.denied(f"{service} for {source}", "sqs:SendMessage", arn, declared("AWS::SQS::Queue", _queue_url(arn)))
        return allowed

    def topic_policy_allows(arn, service, source, account):
        allowed = topic_allows(arn, service, source, account)
        if not allowed:
            problems.denied(f"{service} for {source}", "sns:Publish", arn, declared("AWS::SNS::Topic", arn))
        return allowed

    sqs.queue_policy_allows = queue_policy_allows
    sns.topic_policy_allows = topic_policy_allows


def _queue_url(arn):
    return sqs._queue_url(arn.split(":")[-1])


def _record_denied_calls():
    """Every AccessDenied that ministack answers to a role is a right the template forgot."""
    respond = iam_actions.access_denied_response

    def access_denied_response(service, action, principal_arn, request_id, **details):
        if ":assumed-role/" in principal_arn:
            problems.denied(principal_arn, action, details.get("resource_arn", "*"), declared_role(principal_arn))
        return respond(service, action, principal_arn, request_id, **details)

    iam_actions.access_denied_response = access_denied_response


def _keep_messages(clock):
    send = sns._fanout

    def fanout(topic, message_id, message, subject, *args, **kwargs):
        at = datetime.datetime.fromtimestamp(clock.now(), datetime.timezone.utc).isoformat()
        _published.append({"at": at, "topic": topic, "subject": subject, "message": message})
        return send(topic, message_id, message, subject, *args, **kwargs)

    sns._fanout = fanout
