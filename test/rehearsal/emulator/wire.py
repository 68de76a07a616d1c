"""Real botocore clients whose requests are answered by the test, where the gateway would answer them."""

import json
from collections import defaultdict

import botocore.awsrequest
import botocore.session

_session = botocore.session.Session()


class Answer:
    """What a service answers: a status, a document or raw body, and headers."""

    def __init__(self, body=b"", status=200, headers=None):
        self.body = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
        self.status = status
        self.headers = headers or {}


def error(code: str, message: str = "no", status: int = 400) -> Answer:
    """An error as JSON services answer it."""
    return Answer({"__type": code, "message": message}, status, {"x-amzn-errortype": code})


def function_error(kind: str) -> Answer:
    """A Lambda function that threw."""
    return Answer({"errorType": kind, "errorMessage": "thrown"}, 200, {"X-Amz-Function-Error": "Unhandled"})


class _Raw:
    def __init__(self, body):
        self._body = body

    def stream(self, **_):
        yield self._body

    def read(self, *_):
        body, self._body = self._body, b""
        return body


class Wire:
    """Answers by operation; each entry of a list answers one call, the last one all further calls. Calls are kept."""

    def __init__(self):
        self._answers = {}
        self.calls = defaultdict(list)
        self.sessions = []

    def on(self, operation: str, *answers) -> None:
        """Say what an operation answers: `Answer`s, documents, or functions of the request's parameters."""
        self._answers[operation] = list(answers)

    def client(self, service: str, role: str, session: str):
        """A client factory for `state_machines.setup`."""
        self.sessions.append((role, session))
        made = _session.create_client(
            service,
            region_name="us-east-1",
            aws_access_key_id="k",
            aws_secret_access_key="s",
            endpoint_url="https://gateway.test",
        )
        made.meta.events.register("before-parameter-build", self._keep)
        made.meta.events.register("before-send", self._answer)
        return made

    def _keep(self, params, model, **_):
        body = params.get("Body")
        self.calls[model.name].append({**params, "Body": body.read()} if hasattr(body, "read") else params)
        if hasattr(body, "seek"):
            body.seek(0)

    def _answer(self, request, event_name, **_):
        operation = event_name.split(".")[-1]
        answers = self._answers[operation]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if callable(answer):
            answer = answer(self.calls[operation][-1])
        if not isinstance(answer, Answer):
            answer = Answer(answer)
        return botocore.awsrequest.AWSResponse(request.url, answer.status, answer.headers, _Raw(answer.body))
