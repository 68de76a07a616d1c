"""Events of S3 with the version of their object, and the SNS messages of a rehearsal, kept for those who ask."""

import datetime
import json
import threading

import ministack.services.eventbridge as eventbridge
import ministack.services.s3 as s3
import ministack.services.sns as sns

_s3_event = threading.local()
_published = []


def install(clock):
    """Patches ministack."""
    _put_versions_into_events()
    _keep_messages(clock)


def published():
    """Every SNS message so far: {at, topic, subject, message}."""
    return list(_published)


def _put_versions_into_events():
    """ministack knows the version of an object when it fires the event and leaves it out of EventBridge's form."""
    fire, dispatch = s3._fire_s3_event, eventbridge._dispatch_event

    def fire_s3_event(*args, **kwargs):
        _s3_event.version = kwargs.get("version_id")
        try:
            return fire(*args, **kwargs)
        finally:
            _s3_event.version = None

    def dispatch_event(event, view=None):
        # Taken once: what the event's targets dispatch in turn is not about this object.
        version, _s3_event.version = getattr(_s3_event, "version", None), None
        if version and event.get("Source") == "aws.s3":
            detail = json.loads(event["Detail"])
            detail["object"]["version-id"] = version
            event = {**event, "Detail": json.dumps(detail)}
        return dispatch(event, view)

    s3._fire_s3_event = fire_s3_event
    eventbridge._dispatch_event = dispatch_event


def _keep_messages(clock):
    send = sns._fanout

    def fanout(topic_arn, msg_id, message, subject, *args, **kwargs):
        at = datetime.datetime.fromtimestamp(clock.now(), datetime.timezone.utc).isoformat()
        _published.append({"at": at, "topic": topic_arn, "subject": subject or "", "message": message})
        return send(topic_arn, msg_id, message, subject, *args, **kwargs)

    sns._fanout = fanout
