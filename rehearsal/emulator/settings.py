"""What the rig tells this process through its environment; names as in `rehearsal/rig/start-emulator.ts`."""

import os
from urllib.parse import urlsplit

ACCOUNT = os.environ.get("MINISTACK_ACCOUNT_ID", "123456789012")
REGION = os.environ.get("MINISTACK_REGION", "us-east-1")
GATEWAY_PORT = os.environ.get("GATEWAY_PORT", "4566")
GATEWAY_URL = f"https://localhost:{GATEWAY_PORT}"
SIDECAR_ADDRESS = urlsplit(os.environ.get("SIDECAR_URL", "http://127.0.0.1:0")).netloc
CA_FILE = os.environ.get("CA_FILE", "")
STATE_DIR = os.environ.get("STATE_DIR", "")
WORK_DIR = os.environ.get("WORK_DIR", "")
