"""Calls to the sidecar: the Lambda host and the SageMaker emulator, one kept-alive connection a thread."""

import http.client
import json
import threading

import settings

#: Longer than any Lambda or job may take in real time.
PATIENCE_SECONDS = 900

_connections = threading.local()


def post(path, headers, body):
    """Posts bytes and returns (status, headers, body); a connection that went stale is opened once more."""
    for last_try in (False, True):
        connection = getattr(_connections, "open", None)
        if connection is None:
            connection = _connections.open = http.client.HTTPConnection(settings.SIDECAR_ADDRESS, timeout=PATIENCE_SECONDS)
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            connection.close()
            _connections.open = None
            if last_try:
                raise
    raise AssertionError("unreachable")


def call(path, message):
    """Posts a JSON message and returns the JSON answer; an answer other than 200 is an error of the sidecar."""
    status, _, body = post(path, {"content-type": "application/json"}, json.dumps(message).encode())
    if status != 200:
        raise RuntimeError(f"the sidecar answered {status} to {path}: {body[:500].decode(errors='replace')}")
    return json.loads(body)
