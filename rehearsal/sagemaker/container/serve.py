"""The serving side of SageMaker's ready-made images, for a rehearsal: a user's script behind `/ping` and `/invocations`.

The script is `SAGEMAKER_PROGRAM` below `SAGEMAKER_SUBMIT_DIRECTORY`, with `model_fn` and either `transform_fn` or `input_fn`, `predict_fn`
and `output_fn`, as in the toolkits of the images. Imports are few and the HTTP is our own: processes start often here, and fast ones
make short rehearsals.
"""

import importlib.util
import os
import socket
import sys
import threading

MODEL_FOLDER = "/opt/ml/model"
REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 406: "Not Acceptable", 415: "Unsupported Media Type", 500: "Internal Server Error"}


class BadRequest(Exception):
    """A request that is no HTTP we speak."""


class Answer:
    """Status, body and content type of one answer."""

    __slots__ = ("status", "body", "kind")

    def __init__(self, status, body=b"", kind="text/plain"):
        self.status = status
        self.body = body if isinstance(body, (bytes, bytearray)) else str(body).encode()
        self.kind = kind

    def packed(self):
        """The answer as it goes over the wire."""
        head = f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'Status')}\r\nContent-Type: {self.kind}\r\nContent-Length: {len(self.body)}\r\n\r\n"
        return head.encode("latin-1") + self.body


def load_script():
    """Imports the user's script from the model's own code folder."""
    model = os.environ["SM_MODEL_DIR"]
    folder = os.environ.get("SAGEMAKER_SUBMIT_DIRECTORY", MODEL_FOLDER + "/code")
    program = os.environ.get("SAGEMAKER_PROGRAM")
    if not program:
        raise SystemExit("SAGEMAKER_PROGRAM is not set: the rehearsal serves scripts, not built-in algorithms; set it to inference.py")
    if not folder.startswith(MODEL_FOLDER):
        raise SystemExit(f"SAGEMAKER_SUBMIT_DIRECTORY must lie in {MODEL_FOLDER} (got {folder}): put the serving code into model.tar.gz")
    folder = model + folder[len(MODEL_FOLDER) :]
    sys.path.insert(0, folder)
    path = os.path.join(folder, program)
    if not os.path.exists(path):
        raise SystemExit(f"{program} is not in {folder}: the training script must copy its serving code there")
    spec = importlib.util.spec_from_file_location(os.path.splitext(program)[0], path)
    script = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = script
    spec.loader.exec_module(script)
    return script


def answering(script):
    """A function (body, content type, accept) -> Answer of the script's own functions."""
    if not hasattr(script, "model_fn"):
        raise SystemExit("the script has no model_fn, and there is no default for it")
    model = script.model_fn(os.environ["SM_MODEL_DIR"])
    if hasattr(script, "transform_fn"):
        if hasattr(script, "input_fn") or hasattr(script, "predict_fn") or hasattr(script, "output_fn"):
            raise SystemExit("the script has transform_fn together with input_fn, predict_fn or output_fn; keep one form")
        return lambda body, kind, accept: _answer_of(script.transform_fn(model, body, kind, accept), accept)

    def three_steps(body, kind, accept):
        return _answer_of(script.output_fn(script.predict_fn(script.input_fn(body, kind), model), accept), accept)

    return three_steps


def _answer_of(result, accept):
    """Scripts return a body, a body with its content type, or a Flask response with a status of its own."""
    if hasattr(result, "status_code"):
        return Answer(result.status_code, result.get_data(), result.mimetype)
    body, kind = result if isinstance(result, tuple) else (result, accept)
    return Answer(200, body, kind)


def _failure(error):
    """The images answer whatever a script raises with 500, bad input included."""
    import traceback

    traceback.print_exception(error)
    sys.stderr.flush()
    return Answer(500, error)


def handle(predict, method, path, headers, body):
    """The answer to one request."""
    if path == "/ping":
        return Answer(200)
    if path != "/invocations" or method != "POST":
        return Answer(404)
    kind = headers.get("content-type") or "application/json"
    accept = headers.get("accept") or os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT") or "application/json"
    if accept == "*/*":
        accept = "application/json"
    try:
        return predict(body, kind, accept)
    except Exception as error:  # noqa: BLE001 - whatever the script raises is an answer
        return _failure(error)


def read_request(stream):
    """(method, path, headers, body) of the next request of a connection, or None at its end."""
    line = stream.readline(65536)
    if not line:
        return None
    parts = line.decode("latin-1").split()
    if len(parts) != 3:
        raise BadRequest(f"not a request line: {line[:80]!r}")
    headers = {}
    while True:
        line = stream.readline(65536)
        if line in (b"\r\n", b"\n", b""):
            break
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    length = int(headers.get("content-length") or 0)
    return parts[0], parts[1], headers, stream.read(length) if length else b""


def converse(predict, connection):
    """Answers the requests of one kept-alive connection, one after another."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection, connection.makefile("rb") as stream:
        while True:
            try:
                request = read_request(stream)
                if request is None:
                    return
                connection.sendall(handle(predict, *request).packed())
            except (BadRequest, OSError):
                return


def main():
    """Loads the model, listens on a free port, and says which."""
    predict = answering(load_script())
    server = socket.create_server(("127.0.0.1", int(os.environ.get("SAGEMAKER_BIND_TO_PORT", "0"))), backlog=128)
    os.write(int(os.environ.pop("REHEARSAL_PORT_PIPE")), str(server.getsockname()[1]).encode())
    while True:
        connection, _ = server.accept()
        threading.Thread(target=converse, args=(predict, connection), daemon=True).start()


if __name__ == "__main__":
    main()
