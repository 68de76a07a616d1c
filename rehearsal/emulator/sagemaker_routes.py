"""Routes SageMaker, which ministack lacks: the control plane through the front that validates, predictions to the fleet."""

import asyncio
import concurrent.futures
import json
import struct
from urllib.parse import unquote

import ministack.app as gateway
import ministack.core.iam_actions as iam_actions
import ministack.core.router as router
import problems
import sagemaker_front
import sessions
import sidecar
from declarations import declared_role

#: Predictions and control calls wait for the sidecar; more of them at once than this queue up here.
_WORKERS = 64
_DATA_PLANE = "/endpoints/"


def install(cloudwatch):
    """Registers the service; a request's metrics are recorded while the request still holds its token."""
    pool = concurrent.futures.ThreadPoolExecutor(_WORKERS)
    router.SERVICE_PATTERNS["sagemaker"] = {
        "host_patterns": [r"sagemaker\."],
        "target_prefixes": ["SageMaker"],
        "credential_scope": "sagemaker",
    }
    iam_actions.SERVICE_TO_IAM_NAMESPACE.setdefault("sagemaker", "sagemaker")
    _teach_iam()

    async def handle(_method, path, headers, body, query):
        loop = asyncio.get_running_loop()
        if path.startswith(_DATA_PLANE):
            return await loop.run_in_executor(pool, predict, cloudwatch, path, headers, body)
        caller = sessions.caller(headers, query)
        operation = headers.get("x-amz-target", "").split(".")[-1]
        return await loop.run_in_executor(pool, control, caller, operation, body)

    gateway.SERVICE_HANDLERS["sagemaker"] = handle


def _teach_iam():
    action_of, resource_of = iam_actions.extract_iam_action, iam_actions.extract_resource_arn

    def extract_iam_action(service, method, path, headers, body, query_params):
        if service == "sagemaker" and path.startswith(_DATA_PLANE):
            return "sagemaker:InvokeEndpoint"
        return action_of(service, method, path, headers, body, query_params)

    def extract_resource_arn(service, method, path, headers, body, query_params, region, account):
        if service != "sagemaker":
            return resource_of(service, method, path, headers, body, query_params, region, account)
        if path.startswith(_DATA_PLANE):
            return f"arn:aws:sagemaker:{region}:{account}:endpoint/{_endpoint(path).lower()}"
        try:
            return sagemaker_front.resource_arn(headers.get("x-amz-target", "").split(".")[-1], json.loads(body or b"{}"))
        except ValueError:
            # A body that is no JSON is refused by the front; until then it names nothing.
            return "*"

    iam_actions.extract_iam_action = extract_iam_action
    iam_actions.extract_resource_arn = extract_resource_arn


def control(caller, operation, body):
    """One call of the control plane: (status, headers, body) as the service's clients read it."""
    status, answer = sagemaker_front.handle(caller, operation, body)
    headers = {"Content-Type": "application/x-amz-json-1.1"}
    if status != 200:
        headers["x-amzn-errortype"] = answer["__type"]
        if answer["__type"] == "AccessDeniedException":
            problems.record(f"{answer['message']} ({operation}; the role is declared in {declared_role(caller)})")
    return status, headers, json.dumps(answer).encode()


#: Request headers that the fleet needs, by the name it knows them by.
_PREDICTION_HEADERS = {
    "accept": "accept",
    "content-type": "content-type",
    "x-amzn-sagemaker-custom-attributes": "attributes",
    "x-amzn-sagemaker-inference-id": "inference",
    "x-amzn-sagemaker-target-variant": "variant",
}


def predict(cloudwatch, path, headers, body):
    """One InvokeEndpoint: the fleet answers with the response and the metrics and log lines it caused."""
    passed = {name: headers[header] for header, name in _PREDICTION_HEADERS.items() if header in headers}
    status, _, packed = sidecar.post(
        "/invoke-endpoint",
        {"content-type": "application/octet-stream", "x-name": _endpoint(path), "x-head": json.dumps(passed)},
        body,
    )
    if status != 200:
        raise RuntimeError(f"the sidecar answered {status} to /invoke-endpoint: {packed[:500].decode(errors='replace')}")
    # A length, the meta document, then the body as the container sent it.
    (length,) = struct.unpack("<I", packed[:4])
    meta = json.loads(packed[4 : 4 + length])
    cloudwatch.put_points(meta["metrics"])
    if meta["emf"]:
        cloudwatch.emf("\n".join(meta["emf"]))
    return meta["status"], meta["headers"], packed[4 + length :]


def _endpoint(path):
    return unquote(path.split("/")[2])
