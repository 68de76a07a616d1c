"""Replaces ministack's Lambda executor: code and layers are unpacked by hash, the sidecar runs them in processes of their own."""

import hashlib
import io
import os
import threading
import zipfile

import kms
import ministack.services.lambda_svc as lambda_svc
import permissions
import problems
import settings
import sidecar

_PRINCIPAL = "lambda.amazonaws.com"
_LOG_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")
#: ministack's own name for the thread of an Invoke request, which already counts its metrics.
_INVOKE_THREAD = "ministack-lambda-invoke"
#: A woken poller that found nothing sleeps this long for real before it looks again.
_POLLER_GAP_SECONDS = 0.005


def install(cloudwatch):
    """
    Patches ministack; `cloudwatch.emf` reads the metric lines of every log. Returns a function that has each function that stands now
    initialised before it is called, one after another beside all other work, as Lambda does at times.
    """
    folder = os.path.join(settings.STATE_DIR, "code")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "package.json"), "w", encoding="utf-8") as file:
        # Above all bundles, so that no package.json further up makes modules of them.
        file.write("{}")
    unpack = _unpacker(folder)

    def execute(function, config, event, request_id, _started):
        role = config["Role"]
        if not permissions.trusts(role, _PRINCIPAL):
            return _not_assumable(role)
        answer = sidecar.call("/invoke", _invocation(unpack, function, config, event, request_id))
        if _may_log(role, config):
            lambda_svc._emit_lambda_logs(function, request_id, answer["log"], answer["error"], answer["ms"])
            cloudwatch.emf(answer["log"])
        return answer

    lambda_svc._execute_function_dispatch = execute
    _count_every_invocation()
    lambda_svc._ESM_IDLE_WAKE_GAP_SECONDS = _POLLER_GAP_SECONDS

    def initialise():
        for function in list(lambda_svc._functions.values()):
            config = function["config"]
            if permissions.trusts(config["Role"], _PRINCIPAL):
                sidecar.call("/prepare", _invocation(unpack, function, config, None, "initialisation"))

    return lambda: threading.Thread(target=initialise, daemon=True, name="lambda-initialisation").start()


def _not_assumable(role):
    message = "The role defined for the function cannot be assumed by Lambda."
    problems.denied(_PRINCIPAL, "sts:AssumeRole", role, permissions.explain(role, "sts:AssumeRole", role, message))
    body = {"errorType": "AccessDeniedException", "errorMessage": message}
    return {"body": body, "error": True, "function_error": "Unhandled", "log": "", "ms": 0}


def _may_log(role, config):
    """Lambda writes a function's log, and the metrics in it, with the function's role; without the right both are lost."""
    group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
    stream = f"arn:aws:logs:{settings.REGION}:{settings.ACCOUNT}:log-group:{group}:log-stream:any"
    decisions = [(action, permissions.allowed(role, action, stream)) for action in _LOG_ACTIONS]
    for action, decision in decisions:
        if not decision.allowed:
            problems.denied(role, action, stream, decision.reason)
    refusal = kms.log_group_refusal(group)
    if refusal is not None:
        problems.record(refusal)
    return refusal is None and all(decision.allowed for _, decision in decisions)


def _invocation(unpack, function, config, event, request_id):
    layers = [lambda_svc._resolve_layer_zip(layer) for layer in config.get("Layers") or []]
    return {
        "name": config["FunctionName"],
        "arn": config["FunctionArn"],
        "version": config.get("Version", "$LATEST"),
        "dir": unpack(function["code_zip"]),
        "layers": [unpack(layer) for layer in layers if layer is not None],
        "handler": config["Handler"],
        "role": config["Role"],
        "timeout": config.get("Timeout", 3),
        "memory": config.get("MemorySize", 128),
        "storage": (config.get("EphemeralStorage") or {}).get("Size", 512),
        "runtime": config["Runtime"],
        "env": (config.get("Environment") or {}).get("Variables", {}),
        "rid": request_id,
        "event": event,
        "group": (config.get("LoggingConfig") or {}).get("LogGroup"),
    }


def _unpacker(folder):
    """A function from the bytes of a zip to the folder that holds its files, unpacked once."""
    folders = {}
    lock = threading.Lock()

    def unpack(packed):
        # Hashing a large layer at every invocation would cost more than the invocation.
        identity = (id(packed), len(packed))
        with lock:
            known = folders.get(identity)
            if known is not None and known[0] is packed:
                return known[1]
            target = os.path.join(folder, hashlib.sha256(packed).hexdigest()[:24])
            if not os.path.isdir(target):
                partial = f"{target}.partial"
                zipfile.ZipFile(io.BytesIO(packed)).extractall(partial)
                os.rename(partial, target)
            folders[identity] = (packed, target)
            return target

    return unpack


def _count_every_invocation():
    """ministack counts only Invoke requests; invocations by rules, queues and topics count on AWS just the same."""
    run = lambda_svc._execute_function

    def execute_function(function, event):
        answer = run(function, event)
        if threading.current_thread().name != _INVOKE_THREAD:
            lambda_svc._emit_lambda_metrics(
                (function.get("config") or function).get("FunctionName"),
                duration_ms=float(answer.get("ms", 0)),
                error=bool(answer.get("error")),
                throttle=bool(answer.get("throttle")),
            )
        return answer

    lambda_svc._execute_function = execute_function
