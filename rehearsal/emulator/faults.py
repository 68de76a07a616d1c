"""One place that every call to every service passes after its IAM check: it is noted, may meet a fault, and its key is checked."""

import asyncio
import json
import threading
from dataclasses import dataclass, field

import ministack.app as gateway
import ministack.core.iam_actions as iam_actions
import problems
import sessions
import sidecar

#: Kinds of fault; `crash-after` processes the call, then kills the process that made it.
KINDS = ("throttle", "error", "timeout-before", "timeout-after", "access-denied", "crash-after")
_BEFORE = ("throttle", "error", "timeout-before", "access-denied")
_WIRE = {
    "throttle": (400, "ThrottlingException", "Rate exceeded"),
    "error": (500, "InternalFailure", "injected fault"),
    "timeout-before": (504, "RequestTimeout", "injected fault"),
    "timeout-after": (504, "RequestTimeout", "injected fault"),
    "access-denied": (403, "AccessDeniedException", "injected fault: not authorized"),
}
_S3_CODES = {"throttle": (503, "SlowDown"), "access-denied": (403, "AccessDenied")}


@dataclass
class Fault:
    """Which calls meet it: the `nth` of an operation (and the `times - 1` after it) by a caller whose ARN contains `caller`."""

    service: str
    operation: str
    kind: str
    nth: int = 1
    times: int = 1
    caller: str = ""
    hits: int = 0
    seen: int = field(default=0, repr=False)

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of fault (got {self.kind!r}, allowed: {', '.join(KINDS)})")

    def meets(self, service, operation, caller):
        """Counts the call if it is addressed; True if it is one of those to fail. The rehearsal's own calls never are."""
        if (service, operation) != (self.service, self.operation) or caller == "root" or self.caller not in caller:
            return False
        self.seen += 1
        hit = self.nth <= self.seen < self.nth + self.times
        self.hits += hit
        return hit


class CallLog:
    """Counts of calls and deliveries by `service:Operation`, and the faults that calls may meet."""

    def __init__(self):
        self._lock = threading.Lock()
        self._counts = {}
        self._faults = []
        self._unchecked = set()

    def note(self, service, operation, caller):
        """Counts a call and returns the first fault it meets, or None."""
        with self._lock:
            name = f"{service}:{operation}"
            self._counts[name] = self._counts.get(name, 0) + 1
            met = [fault for fault in self._faults if fault.meets(service, operation, caller)]
            return met[0] if met else None

    def note_unchecked(self, service, operation):
        """Remembers a call by a role for which ministack knows no IAM action, so that nobody checked it."""
        with self._lock:
            self._unchecked.add(f"{service}:{operation} is not checked against the role that calls it")

    def unchecked(self):
        """One line for each operation that was called by a role without being checked."""
        with self._lock:
            return sorted(self._unchecked)

    def add_fault(self, **address):
        """Adds a fault by its address; see `Fault`."""
        with self._lock:
            self._faults.append(Fault(**address))

    def faults(self):
        """The faults so far with how often each was met."""
        with self._lock:
            return [dict(vars(fault)) for fault in self._faults]

    def counts(self):
        """How often each operation was called."""
        with self._lock:
            return dict(self._counts)


def install(calls, check_key):
    """Wraps every service handler. `check_key(caller, service, operation, request)` returns why the key is refused, or None."""
    for service, handler in list(gateway.SERVICE_HANDLERS.items()):
        gateway.SERVICE_HANDLERS[service] = _guarded(calls, check_key, service, handler)


def _guarded(calls, check_key, service, handler):
    async def handle(method, path, headers, body, query):
        action = _action_of(service, method, path, headers, body, query)
        operation = action.split(":")[1] if action else _plain_operation(method, headers)
        caller = sessions.caller(headers, query)
        if action is None and caller != "root":
            calls.note_unchecked(service, operation)
        fault = calls.note(service, operation, caller)
        if fault is not None and fault.kind in _BEFORE:
            return _reply(service, fault.kind, headers)
        refusal = check_key(caller, service, operation, (method, path, headers, body, query))
        if refusal is not None:
            problems.record(refusal)
            return _refused(service, refusal, headers)
        answer = await handler(method, path, headers, body, query)
        if fault is None:
            return answer
        if fault.kind == "crash-after":
            await asyncio.to_thread(sidecar.call, "/kill", {"who": caller})
            return _reply(service, "error", headers)
        return _reply(service, fault.kind, headers)

    return handle


def _action_of(service, method, path, headers, body, query):
    params = gateway._routing_params(method, path, headers, body, query)
    return iam_actions.extract_iam_action(service, method, path, headers, body, params)


def _plain_operation(method, headers):
    return (headers.get("x-amz-target") or method).split(".")[-1]


def _reply(service, kind, headers):
    status, code, message = _WIRE[kind]
    if service == "s3":
        status, code = _S3_CODES.get(kind, (status, code))
    return _error(service, headers, status, code, message)


def _refused(service, message, headers):
    status, code = (403, "AccessDenied") if service == "s3" else (400, "AccessDeniedException")
    return _error(service, headers, status, code, message)


def _error(service, headers, status, code, message):
    """An error in the form the service's clients parse: XML for S3 and query services, JSON for the rest."""
    if service == "s3":
        body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        return status, {"Content-Type": "application/xml"}, body.encode()
    if "x-amz-target" in headers or service in ("lambda", "scheduler"):
        kind = {"Content-Type": "application/x-amz-json-1.0", "x-amzn-errortype": code}
        return status, kind, json.dumps({"__type": code, "message": message}).encode()
    body = f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    return status, {"Content-Type": "text/xml"}, body.encode()
