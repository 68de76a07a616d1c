"""Sessions of the template's roles: who a call comes from, and clients that act as a state machine, a job or an endpoint."""

import contextvars
import threading

import botocore.config
import botocore.credentials
import botocore.session
import ministack.core.router as router
import ministack.services.sts as sts
import settings
import urllib3

# A rehearsal may well play before the year that urllib3 was written.
urllib3.disable_warnings(urllib3.exceptions.SystemTimeWarning)

SESSION_SECONDS = 3600
#: A session is replaced this long before its credentials end, so that no call starts with a token about to expire.
_SPARE_SECONDS = 300

_lock = threading.Lock()
_clients = {}
_sessions = {}
_current = contextvars.ContextVar("credentials of the call being made")


class _CallersCredentials(botocore.credentials.Credentials):
    """Credentials that are looked up when a call is signed: making a client takes far longer than making a session."""

    def __init__(self):
        super().__init__("", "")

    def get_frozen_credentials(self):
        """The credentials of the session whose client was asked for in this thread."""
        return _current.get()


_botocore = botocore.session.Session()
_botocore._credentials = _CallersCredentials()


def caller(headers, query):
    """ARN of whoever signed the request: an assumed role, or `root` for the rehearsal's own root key."""
    session = sts._sessions.get(router.extract_access_key_id(headers, query))
    return session["Arn"] if session else "root"


def open_session(role, name, now):
    """What AssumeRole would hand a service principal: (access key, secret, token) that ministack honours for an hour."""
    key, secret, token = sts._gen_session_access_key(), sts._gen_secret(), sts._gen_session_token()
    name = name[:64]
    session = {
        "Arn": f"arn:aws:sts::{settings.ACCOUNT}:assumed-role/{role.split('/')[-1]}/{name}",
        "UserId": f"{sts._role_id(role)}:{name}",
        "SecretAccessKey": secret,
        "SessionToken": token,
        "Expiration": now + SESSION_SECONDS,
        "AccountId": settings.ACCOUNT,
        "PrincipalType": "AssumedRole",
    }
    sts.register_session(key, session)
    return key, secret, token


def client_factory(clock):
    """A function (service, role, session name) -> botocore client that calls the gateway over TLS as that role."""

    def client(service, role, name):
        return _SessionClient(_client(service), _credentials(clock, role, name))

    return client


class _SessionClient:
    """A client of one session. All sessions share the client of a service, and with it its connections."""

    def __init__(self, shared, credentials):
        self._shared = shared
        self._credentials = credentials

    def __getattr__(self, name):
        # Whatever is asked of the client is called next, in this thread.
        _current.set(self._credentials)
        return getattr(self._shared, name)


def _credentials(clock, role, name):
    with _lock:
        known, until = _sessions.get((role, name), (None, 0))
        if known is not None and until > clock.now() + _SPARE_SECONDS:
            return known
        made = botocore.credentials.ReadOnlyCredentials(*open_session(role, name, clock.now()))
        _sessions[role, name] = (made, clock.now() + SESSION_SECONDS)
        return made


def _client(service):
    with _lock:
        if service not in _clients:
            _clients[service] = _make_client(service)
        return _clients[service]


def _make_client(service):
    return _botocore.create_client(
        service,
        region_name=settings.REGION,
        endpoint_url=settings.GATEWAY_URL,
        verify=settings.CA_FILE,
        # One attempt: a retry inside a task would hide what the machine's own Retry has to show.
        config=botocore.config.Config(
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
            max_pool_connections=50,
            read_timeout=900,
        ),
    )
