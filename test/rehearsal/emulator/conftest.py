"""One virtual clock and MiniStack's stores for the tests of this folder; nothing listens, nothing leaves the process."""

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "rehearsal" / "emulator"))
sys.path.insert(0, str(Path(__file__).parent))

_folder = tempfile.TemporaryDirectory()
os.environ.update(AUTH="true", MINISTACK_ACCOUNT_ID="123456789012", STATE_DIR=_folder.name, MINISTACK_REGION="us-east-1")

import clock as virtual_clock  # noqa: E402
import virtual_time  # noqa: E402

CLOCK = virtual_clock.Clock(os.path.join(_folder.name, "clock"), 983_404_800.0)  # 2001-03-01T00:00:00Z
virtual_time.install(CLOCK)

import cloudwatch  # noqa: E402
import kms  # noqa: E402

cloudwatch.install(CLOCK)
kms.install()
CLOCK.nexts.append(cloudwatch.next_evaluation)
CLOCK.ticks.append(cloudwatch.tick)
threading.Thread(target=CLOCK.drive, daemon=True).start()


class Time:
    """Virtual time as tests use it."""

    def now(self) -> float:
        """The virtual moment."""
        return CLOCK.now()

    def pass_seconds(self, seconds: float, within: float = 20.0) -> None:
        """Let virtual time pass, and wait until everything that happens in it has happened."""
        goal = CLOCK.now() + seconds
        CLOCK.aim(goal)
        deadline = time.monotonic() + within
        while CLOCK.now() < goal or not CLOCK.idle():
            assert time.monotonic() < deadline, f"the clock does not come to rest: {CLOCK.busy} tokens, {CLOCK.sleepers()}"
            virtual_clock.real_sleep(0.001)

    def working(self, act) -> None:
        """Run `act` as work of the emulator, as a request is."""
        problem = []

        def run():
            virtual_clock.thread_state.holds_token = True
            try:
                act()
            except Exception as raised:  # noqa: BLE001 - raised again below
                problem.append(raised)
            finally:
                CLOCK.release()

        CLOCK.hold()
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        if problem:
            raise problem[0]


@pytest.fixture(name="passing")
def fixture_passing() -> Time:
    """Virtual time."""
    return Time()


@pytest.fixture(name="machines")
def fixture_machines(passing):
    """State machines, run in virtual time."""
    from machines import Machines

    return Machines(passing)
