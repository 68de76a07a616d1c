"""When ministack's own services next have something to do, so that the clock can leap there and they do it on arrival."""

import datetime
import functools
from dataclasses import dataclass
from typing import Any

import ministack.core.iam_evaluator as iam_evaluator
import ministack.services.dynamodb as dynamodb
import ministack.services.eventbridge as eventbridge
import ministack.services.lambda_svc as lambda_svc
import ministack.services.scheduler as scheduler
import ministack.services.sqs as sqs
import problems


@dataclass(frozen=True)
class _Schedule:
    """One of ministack's two stores of things with a schedule, and the member that tells when each was made."""

    store: Any
    last_fired: dict
    created: str


_RULES = _Schedule(eventbridge._rules, eventbridge._rule_last_fired, "CreationTime")
_SCHEDULES = _Schedule(scheduler._schedules, scheduler._schedule_last_fired, "CreationDate")
_nominal = {}

#: DynamoDB promises to delete expired items within days; an hour is soon enough and costs nothing.
_EXPIRY_SWEEP_SECONDS = 3600


def install(clock, cloudwatch):
    """Registers what is due when with the clock and stops ministack's own real-time loops."""
    eventbridge.start_scheduler = scheduler.start_scheduler = lambda: None
    clock.nexts += [
        lambda now: min(_firings(_RULES, now).values(), default=None),
        lambda now: min(_firings(_SCHEDULES, now).values(), default=None),
        cloudwatch.next_evaluation,
        _next_message,
    ]
    clock.pending.append(lambda: _message_waits(clock.now()))
    clock.after_jump.append(lambda: _message_waits(clock.now()) and lambda_svc._esm_wake.set())
    clock.ticks += [
        _isolated("rules", lambda: _fire(_RULES, clock.now(), eventbridge._tick_scheduled_rules)),
        _isolated("schedules", lambda: _fire(_SCHEDULES, clock.now(), scheduler._tick_schedules)),
        _isolated("alarms", cloudwatch.tick),
        _isolated("expiry", _at_most_every(clock, _EXPIRY_SWEEP_SECONDS, lambda: sweep_expired(clock.now()))),
    ]
    _hold_token_while_polling(clock)


def _isolated(name, act):
    """A tick as a request of the service itself: over TLS from this machine; what it throws is a problem, not the end of the clock."""

    def tick():
        iam_evaluator.pin_request_origin("127.0.0.1", True)
        try:
            act()
        except Exception as error:  # pylint: disable=broad-exception-caught
            problems.record(f"clock: the tick of {name} failed: {type(error).__name__}: {error}")

    return tick


def _at_most_every(clock, seconds, act):
    last = [0.0]

    def tick():
        if clock.now() - last[0] >= seconds:
            last[0] = clock.now()
            act()

    return tick


def scheduled_time(arn, now):
    """The moment at which the rule or schedule was meant to fire that is being delivered now; `now` for any other."""
    return _nominal.get(arn, now)


def _firings(schedule, now):
    """When each enabled rule or schedule fires next, by its key in the store."""
    moments = {key: _firing(schedule, key, rule, now) for key, rule in list(schedule.store._data.items())}
    return {key: moment for key, moment in moments.items() if moment is not None}


def _fire(schedule, now, tick):
    """Lets ministack fire what is due, and counts the next interval from when it was due, not from when we got to it."""
    due = {key: moment for key, moment in _firings(schedule, now).items() if moment <= now}
    _nominal.update({schedule.store._data[key]["Arn"]: moment for key, moment in due.items()})
    tick()
    for key, moment in due.items():
        if key in schedule.last_fired:
            schedule.last_fired[key] = moment
    _nominal.clear()


def _firing(schedule, key, rule, now):
    expression = rule.get("ScheduleExpression") or ""
    if not expression or rule.get("State") != "ENABLED":
        return None
    once = scheduler._at_time_epoch(expression)
    if once is not None:
        return None if key in schedule.last_fired else once
    # ministack counts a cron from the first tick that sees it; AWS counts from its creation.
    return _next_after(expression, schedule.last_fired.setdefault(key, float(rule.get(schedule.created) or now)))


@functools.lru_cache(maxsize=1024)
def _next_after(expression, last):
    """When a rate or cron fires next after `last`; asked for at every leap, so remembered."""
    interval = eventbridge._parse_rate_seconds(expression)
    if interval is not None:
        return last + interval
    fields = eventbridge._parse_cron_fields(expression)
    fires = fields and eventbridge._cron_next_fire(fields, datetime.datetime.fromtimestamp(last, tz=datetime.timezone.utc))
    return fires.timestamp() if fires else None


def _next_message(now):
    """When the next delayed or invisible message of a mapped queue can be received, or a failed mapping polls again."""
    visible = [
        message["visible_at"] for queue in _mapped_queues() for message in queue["messages"] if message.get("visible_at", 0) > now
    ]
    retried = [moment for moment in lambda_svc._esm_backoff_until.values() if moment > now]
    return min(visible + retried, default=None)


def _mappings():
    for _account, _region, mapping in lambda_svc._iter_all_esms():
        if mapping.get("Enabled", True) and ":sqs:" in mapping.get("EventSourceArn", ""):
            yield mapping, sqs._queue_by_arn(mapping["EventSourceArn"])


def _mapped_queues():
    return [queue for _, queue in _mappings() if queue]


def _message_waits(now):
    """Whether the poller is about to take a message: such work holds no token yet."""
    return any(
        queue
        and lambda_svc._esm_backoff_until.get(mapping["UUID"], 0) <= now
        and any(message.get("visible_at", 0) <= now for message in queue["messages"])
        for mapping, queue in _mappings()
    )


def _hold_token_while_polling(clock):
    poll = lambda_svc._poll_sqs

    def poll_sqs():
        clock.hold()
        try:
            return poll()
        finally:
            clock.release()

    lambda_svc._poll_sqs = poll_sqs


def sweep_expired(now):
    """Deletes items past their time to live; ministack's own sweep sleeps real minutes."""
    with dynamodb._lock:
        for (account, region, name), setting in list(dynamodb._ttl_settings.all_items()):
            table = dynamodb._tables.get_scoped(account, region, name)
            if table is None or setting.get("TimeToLiveStatus") != "ENABLED":
                continue
            for partition, items in list(table["items"].items()):
                for sort, item in list(items.items()):
                    expires = item.get(setting.get("AttributeName", ""), {}).get("N")
                    if expires is not None and float(expires) <= now:
                        dynamodb._remove_item(table, partition, sort)
