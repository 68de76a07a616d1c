"""The one part of Flask that serving scripts use: a response with a status of its own.

SageMaker's ready-made images serve with Flask and turn every exception of a script into a 500; a script that must refuse a request
with another status returns this. The rehearsal's `serve.py` is not Flask, so the name has to be here.
"""


class Response:
    """An answer: a body, a status and a content type, by Flask's names for them."""

    def __init__(self, response=b"", status=200, mimetype="text/html"):
        self.status_code = int(status)
        self.mimetype = mimetype
        self._body = response if isinstance(response, (bytes, bytearray)) else str(response).encode()

    def get_data(self):
        """The body as bytes."""
        return bytes(self._body)
