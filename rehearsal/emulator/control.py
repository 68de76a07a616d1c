"""The ASGI application around ministack's: every request holds a token, and `/_rehearsal/<op>` controls the rehearsal."""

import asyncio
import json
import threading

import assets
import cloudformation
import jobs
import ministack.core.iam_evaluator as iam_evaluator
import ministack.services.eventbridge as eventbridge
import notifications
import permissions
import problems
import sessions
from clock import thread_state

ROUTE = "/_rehearsal/"
#: Requests that wait for something to happen and therefore must not hold the clock.
_LONG_POLLS = (b"AmazonSQS.ReceiveMessage",)


class _Signal:
    """Tells a coroutine of this thread's loop, from any thread, that something has happened."""

    def __init__(self):
        self._loop = asyncio.get_running_loop()
        self._happened = asyncio.Event()

    def give(self):
        """It has happened."""
        self._loop.call_soon_threadsafe(self._happened.set)

    async def taken(self):
        """Waits for it."""
        await self._happened.wait()


class Control:
    """The operations of the control routes; `handle` answers one."""

    def __init__(self, clock, calls, cloudwatch, initialise_functions):
        self._clock = clock
        self._calls = calls
        self._cloudwatch = cloudwatch
        self._initialise_functions = initialise_functions
        self._naps = {}
        self._operations = {
            "clock": self._show_clock,
            "advance": self._advance,
            "hold": self._hold,
            "release": self._release,
            "sleep": self._sleep,
            "wake": self._wake,
            "job-done": self._job_done,
            "credentials": self._credentials,
            "event": self._event,
            "metrics": self._metrics,
            "emf": self._emf,
            "problem": self._problem,
            "publish": self._publish,
            "fault": self._fault,
            "initialise": self._initialise,
            "calls": lambda _: calls.counts(),
            "faults": lambda _: calls.faults(),
            "problems": lambda _: problems.listed(),
            "denials": lambda _: problems.denials(),
            "notifications": lambda _: notifications.published(),
            "deviations": lambda _: cloudformation.deviations() + calls.unchecked(),
        }

    async def handle(self, name, message):
        """(status, answer) of one operation."""
        operation = self._operations.get(name)
        if operation is None:
            known = ", ".join(self._operations)
            return 404, {"error": f"unknown control operation (got {name!r}, allowed: {known})"}
        try:
            answer = operation(message)
            return 200, await answer if asyncio.iscoroutine(answer) else answer
        except (KeyError, TypeError, ValueError) as error:
            return 400, {"error": f"{name}: {type(error).__name__}: {error}"}

    def _show_clock(self, _):
        clock = self._clock
        return {
            "now": clock.now(),
            "offset": clock.offset,
            "busy": clock.busy,
            "idle": clock.idle(),
            "jumps": clock.jumps,
            "sleepers": clock.sleepers(),
        }

    async def _advance(self, message):
        """Lets time pass to `to` or by `by` seconds, and answers when that moment is reached and nothing works any more."""
        clock = self._clock
        goal = float(message["to"]) if "to" in message else clock.now() + float(message["by"])
        arrived = _Signal()
        clock.aim(goal, arrived.give)
        await arrived.taken()
        return {"now": clock.now(), "jumps": clock.jumps}

    def _hold(self, _):
        self._clock.hold()
        return {}

    def _release(self, _):
        self._clock.release()
        return {}

    async def _sleep(self, message):
        """A job's nap: gives the token that the job holds up for `seconds` and takes it back for it; `id` lets `wake` end it."""
        clock = self._clock
        nap = clock.at(clock.now() + float(message["seconds"]), message.get("label", "job"))
        identity = message.get("id", nap)
        self._naps[identity] = nap
        over = _Signal()
        nap.tell(over.give)
        clock.release()
        await over.taken()
        self._naps.pop(identity, None)
        return {}

    def _wake(self, message):
        """Whoever ends a sleeping process calls this first: it takes the sleeper's token back."""
        nap = self._naps.get(message["id"])
        if nap is not None:
            self._clock.wake(nap)
        return {"slept": nap is not None}

    def _job_done(self, message):
        jobs.done(self._clock, message["kind"], message["name"])
        return {}

    def _credentials(self, message):
        """A session of a job's or endpoint's role, if the role trusts the service that asks for it."""
        role, service = message["role"], message["service"]
        if not permissions.trusts(role, service):
            return {
                "error": f"Could not assume role {role}. Please ensure that the role exists and allows principal "
                f"'{service}' to assume the role."
            }
        key, secret, token = sessions.open_session(role, message["session"], self._clock.now())
        until = self._clock.now() + sessions.SESSION_SECONDS
        return {"accessKeyId": key, "secretAccessKey": secret, "sessionToken": token, "expires": until}

    async def _event(self, message):
        """An event of SageMaker's own: {type, resources, detail}."""
        entry = {
            "Source": "aws.sagemaker",
            "DetailType": message["type"],
            "Resources": message["resources"],
            "Detail": json.dumps(message["detail"]),
        }

        def emit():
            iam_evaluator.pin_request_origin("127.0.0.1", True)
            eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)

        await asyncio.to_thread(emit)
        return {}

    def _metrics(self, message):
        self._cloudwatch.put_points(message["points"])
        return {}

    def _emf(self, message):
        self._cloudwatch.emf(message["text"])
        return {}

    def _problem(self, message):
        problems.record(message["line"])
        return {}

    async def _publish(self, message):
        await asyncio.to_thread(assets.publish, message["bucket"], message["files"])
        return {}

    def _initialise(self, _):
        self._initialise_functions()
        return {}

    def _fault(self, message):
        self._calls.add_fault(**message)
        return {}


def application(clock, control, inner):
    """The ASGI application: control routes, and ministack's own with a token for every request."""

    async def serve(scope, receive, send):
        if scope["type"] == "lifespan":
            threading.Thread(target=clock.drive, daemon=True, name="virtual-clock").start()
        if scope["type"] != "http":
            return await inner(scope, receive, send)
        # Set on the thread of the event loop, and only once it serves: what starts before is no work.
        thread_state.starts_work = True
        if scope["path"].startswith(ROUTE):
            status, answer = await control.handle(scope["path"].removeprefix(ROUTE), json.loads(await _body(receive) or b"{}"))
            return await _answer(send, status, answer)
        if any(name == b"x-amz-target" and value in _LONG_POLLS for name, value in scope["headers"]):
            return await inner(scope, receive, send)
        clock.hold()
        try:
            return await inner(scope, receive, send)
        finally:
            clock.release()

    return serve


async def _body(receive):
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def _answer(send, status, answer):
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})
