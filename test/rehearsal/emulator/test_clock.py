"""The virtual clock: leaps only when nothing works, to the earliest event, and never past someone who is about to work."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

EMULATOR = Path(__file__).parents[3] / "rehearsal" / "emulator"
sys.path.insert(0, str(EMULATOR))

from clock import Clock, thread_state  # noqa: E402

START = 983_404_800.0  # 2001-03-01T00:00:00Z
DAY = 86_400.0


@pytest.fixture(name="problems")
def fixture_problems():
    return []


@pytest.fixture(name="clock")
def fixture_clock(tmp_path, problems):
    made = Clock(tmp_path / "clock", START, problems.append)
    threading.Thread(target=made.drive, daemon=True).start()
    return made


def work(clock, act):
    """Runs `act` in a thread that holds a token, as the threads of the emulator do."""

    def run():
        thread_state.holds_token = True
        try:
            act()
        finally:
            clock.release()

    clock.hold()
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def reach(clock, moment, within=5.0):
    """Lets time pass to `moment` and waits until everything has calmed down there."""
    clock.aim(moment)
    deadline = time.monotonic() + within
    while clock.now() < moment or not clock.idle():
        assert time.monotonic() < deadline, f"the clock stands at {clock.now() - START:.3f} s with {clock.busy} tokens"
        time.sleep(0.001)


def test_it_starts_where_it_is_told_and_runs_at_real_rate(clock):
    first = clock.now()
    time.sleep(0.05)
    assert first == pytest.approx(START, abs=0.5)
    assert clock.now() - first == pytest.approx(0.05, abs=0.04)
    assert clock.jumps == 0


def test_every_process_that_maps_the_file_sees_the_same_time(clock, tmp_path):
    reach(clock, START + DAY)
    assert Clock(tmp_path / "clock").now() == pytest.approx(clock.now(), abs=0.01)


def test_sleepers_wake_in_order_at_their_moments_and_a_day_takes_no_time(clock):
    woken = []

    def sleep(seconds):
        clock.sleep(seconds)
        woken.append((seconds, clock.now() - START))

    began = time.monotonic()
    for seconds in (DAY, 60.0, 3600.0):
        work(clock, lambda seconds=seconds: sleep(seconds))
    reach(clock, START + 2 * DAY)
    assert [seconds for seconds, _ in woken] == [60.0, 3600.0, DAY]
    assert [at for _, at in woken] == pytest.approx([60.0, 3600.0, DAY], abs=1.0)
    assert time.monotonic() - began < 2


def test_it_does_not_leap_while_someone_works(clock):
    clock.hold()
    clock.aim(START + DAY)
    time.sleep(0.1)
    assert clock.now() < START + 1
    clock.release()
    reach(clock, START + DAY)


def test_it_stops_at_its_goal(clock):
    work(clock, lambda: clock.sleep(DAY))
    reach(clock, START + 3600)
    assert clock.now() == pytest.approx(START + 3600, abs=0.5)


def test_a_thread_without_a_token_sleeps_for_real(clock):
    before = clock.now()
    clock.sleep(0.02)
    assert clock.now() - before < 1


def test_waiting_for_an_event_ends_when_it_comes_or_when_its_time_is_up(clock):
    came, outcomes = threading.Event(), {}

    def wait(name, event, seconds):
        outcomes[name] = (clock.wait(event, seconds), clock.now() - START)

    def set_later():
        clock.sleep(100)
        came.set()

    work(clock, lambda: wait("comes", came, DAY))
    work(clock, lambda: wait("never", threading.Event(), 500))
    work(clock, set_later)
    reach(clock, START + DAY)
    assert outcomes["comes"] == (True, pytest.approx(100, abs=1))
    assert outcomes["never"] == (False, pytest.approx(500, abs=1))


def test_no_leap_slips_between_an_event_and_whoever_waits_for_it(clock):
    rounds, late = 50, []
    turns = [threading.Event() for _ in range(rounds)]

    def waiter():
        for turn in turns:
            clock.wait(turn)
            late.append(clock.now())

    def setter():
        for turn in turns:
            clock.sleep(60)
            turn.set()

    work(clock, waiter)
    work(clock, setter)
    reach(clock, START + DAY)
    assert [round((at - START) / 60) for at in late] == list(range(1, rounds + 1))


def test_whoever_is_woken_early_holds_the_token_at_once(clock):
    nap = clock.at(clock.now() + DAY, "job")
    sleeper = work(clock, lambda: clock.rest(nap))
    clock.aim(START + 10)
    while clock.busy:
        time.sleep(0.001)
    clock.wake(nap)
    assert clock.busy == 1
    sleeper.join(2)
    assert clock.busy == 0


def test_a_cancelled_sleeper_is_forgotten(clock):
    sleeper = clock.at(START + 5, "given up")
    assert clock.cancel(sleeper) is False
    reach(clock, START + 60)
    assert clock.jumps == 1
    assert clock.busy == 0


def test_cancelling_tells_that_a_token_was_already_taken(clock):
    sleeper = clock.at(START + 5, "job")
    clock.wake(sleeper)
    assert clock.cancel(sleeper) is True
    clock.release()
    assert clock.busy == 0


def test_what_others_say_is_due_is_visited_and_ticked(clock):
    visited = []
    clock.nexts.append(lambda now: (now // 3600 + 1) * 3600)
    clock.ticks.append(lambda: visited.append(round((clock.now() - START) / 3600, 3)))
    reach(clock, START + 5 * 3600)
    assert [hour for hour in (1.0, 2.0, 3.0, 4.0, 5.0) if hour not in visited] == []


def test_it_waits_for_work_that_is_about_to_be_picked_up(clock):
    soon = [True]
    clock.pending.append(lambda: soon[0])
    clock.aim(START + DAY)
    time.sleep(0.05)
    assert clock.now() < START + 1
    soon[0] = False
    reach(clock, START + DAY)


def test_a_token_too_many_given_back_is_a_problem_and_never_makes_the_count_negative(clock, problems):
    clock.release()
    assert clock.busy == 0
    assert problems == ["clock: a token was released that nobody held"]


def test_a_process_on_the_clock_sees_virtual_time_everywhere(tmp_path):
    """In a process of its own, because it changes the standard library for good."""
    program = f"""
import sys; sys.path.insert(0, {str(EMULATOR)!r})
import clock as virtual_clock, virtual_time
problems = []
c = virtual_clock.Clock({str(tmp_path / "clock")!r}, {START}, problems.append)
virtual_time.install(c)
import concurrent.futures, datetime, threading, time
threading.Thread(target=c.drive, daemon=True).start()
c.aim({START} + 10 * {DAY})
virtual_clock.thread_state.starts_work = True
seen = []
def work():
    time.sleep({DAY})
    seen.append(datetime.datetime.now(datetime.timezone.utc).isoformat()[:16])
    seen.append(datetime.datetime.utcnow().isoformat()[:16])
    seen.append(time.strftime('%Y-%m-%dT%H:%M', time.gmtime()))
    seen.append(isinstance(datetime.datetime.now(), datetime.datetime))
c.hold(); thread = threading.Thread(target=work); thread.start(); c.release(); thread.join()
assert seen == ['2001-03-02T00:00', '2001-03-02T00:00', '2001-03-02T00:00', True], seen
pool = concurrent.futures.ThreadPoolExecutor(1)
gate = threading.Event()
running, waiting = pool.submit(gate.wait), pool.submit(print)
assert c.busy == 2, c.busy
waiting.cancel(); gate.set(); running.result(); pool.shutdown()
assert c.busy == 0 and problems == [], (c.busy, problems)
"""
    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert outcome.returncode == 0, outcome.stderr


def test_something_due_that_never_acts_does_not_stop_the_clock(clock):
    clock.nexts.append(lambda _now: START + 100)
    reach(clock, START + DAY)
    assert clock.jumps >= 2


def test_an_event_may_be_waited_for_any_number_of_times(clock):
    stop, naps = threading.Event(), 2000

    def loop():
        for _ in range(naps):
            clock.wait(stop, 1)

    work(clock, loop)
    reach(clock, START + 2 * naps, within=60)
    stop.set()
