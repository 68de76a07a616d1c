"""The virtual clock of a rehearsal: real rate while anything works, a leap to the next event when nothing does.

The offset (virtual minus real seconds) is eight bytes in a file that every process of the rehearsal maps, so all of them agree.
Work is counted in tokens: a thread or request that works holds one, a sleeper gives its own up. Nothing leaps while a token is held.
"""

import heapq
import itertools
import mmap
import os
import struct
import threading
import time

real_time = time.time
real_sleep = time.sleep

#: How long nothing may move before the clock leaps: a request may be on its way between two processes.
QUIET_SECONDS = float(os.environ.get("CLOCK_QUIET_SECONDS", "0.004"))
#: Due work is also looked for this often in real time, because time passes while the clock does not leap.
REAL_TICK_SECONDS = 0.25
NEVER = 1e12
_ROUNDING = 1e-6

#: Per thread: `holds_token` for one that works, `starts_work` for one whose children work (the event loop, the driver).
thread_state = threading.local()


def works():
    """Whether the calling thread holds a token."""
    return getattr(thread_state, "holds_token", False)


def starts_work():
    """Whether a thread started by the calling thread counts as work."""
    return works() or getattr(thread_state, "starts_work", False)


class Sleeper:
    """Someone who waits for a moment; `fired` once the clock (or `wake`) has taken a token for them."""

    __slots__ = ("when", "label", "event", "fired", "order")
    _orders = itertools.count()

    def __init__(self, when, label, event=None):
        self.when = when
        self.label = label
        self.event = event
        self.fired = False
        self.order = next(self._orders)

    def __lt__(self, other):
        return (self.when, self.order) < (other.when, other.order)

    def event_came(self):
        """Whether the event this one waits for, if any, was set."""
        return self.event is not None and self.event.is_set()


class Clock:
    """Virtual time of one rehearsal; see the module for the rules.

    Others take part through four lists of functions: `nexts` (now -> the next moment something is due, or None), `ticks` (run after
    each leap and every quarter of a real second), `pending` (whether work is about to be picked up), `after_jump`.
    """

    def __init__(self, path, start=None, problem=print):
        if not os.path.exists(path):
            with open(path, "wb") as file:
                file.write(struct.pack("<d", 0.0 if start is None else start - real_time()))
        self._file = open(path, "r+b")
        self._offset = mmap.mmap(self._file.fileno(), 8)
        self._changed = threading.Condition()
        self._sleepers = []
        self._event_waiters = set()
        self._moves = 0
        self._ticked = 0.0
        self._problem = problem
        self.busy = 0
        self.jumps = 0
        self.goal = 0.0
        self.nexts, self.ticks, self.pending, self.after_jump = [], [], [], []

    @property
    def offset(self):
        """Virtual minus real seconds."""
        return struct.unpack_from("<d", self._offset, 0)[0]

    def now(self):
        """Virtual seconds since 1970."""
        return real_time() + self.offset

    # Tokens

    def hold(self, n=1):
        """Takes `n` tokens: the clock does not leap until they are released."""
        with self._changed:
            self.busy += n
            self._moves += 1

    def release(self, n=1):
        """Gives `n` tokens back; one that nobody held is a bug of ours, recorded as a problem."""
        with self._changed:
            self._moves += 1
            if self.busy < n:
                self._problem("clock: a token was released that nobody held")
            self.busy = max(0, self.busy - n)
            if self.busy == 0:
                self._changed.notify_all()

    # Sleepers

    def at(self, when, label=""):
        """Registers a sleeper; whoever does so then calls `rest`, or `cancel`."""
        return self._register(Sleeper(when, label))

    def _register(self, sleeper):
        with self._changed:
            self._moves += 1
            heapq.heappush(self._sleepers, sleeper)
            if sleeper.event is not None:
                self._event_waiters.add(sleeper)
        return sleeper

    def cancel(self, sleeper):
        """Forgets a sleeper. True if it had been fired already: then a token was taken for it that the caller must release."""
        with self._changed:
            fired, sleeper.fired = sleeper.fired, True
        return fired

    def wake(self, sleeper):
        """Ends a sleep early and takes the token for the sleeper, so that no leap slips in between."""
        with self._changed:
            self._fire(sleeper)
            self._changed.notify_all()

    def _fire(self, sleeper):
        if not sleeper.fired:
            sleeper.fired = True
            self.busy += 1
            self._moves += 1

    def settle(self, sleeper):
        """True once the sleep is over; the token is then held, taken by the clock or, at real rate, here."""
        with self._changed:
            if not sleeper.fired and (sleeper.when <= self.now() or sleeper.event_came()):
                self._fire(sleeper)
            return sleeper.fired

    def rest(self, sleeper):
        """Gives up the caller's token until the sleep is over and returns holding it again."""
        self.release()
        while not self.settle(sleeper):
            with self._changed:
                if not sleeper.fired:
                    # An event is looked at often, because nobody tells us of it while the clock stands at its goal.
                    self._changed.wait(0.005 if sleeper.event else min(1.0, max(0.001, sleeper.when - self.now())))
        with self._changed:
            self._event_waiters.discard(sleeper)

    def sleep(self, seconds, label="sleep"):
        """`time.sleep` for everyone: virtual for threads that work, real for the infrastructure's own loops."""
        if not works():
            real_sleep(seconds)
        elif seconds > 0:
            self.rest(self.at(self.now() + seconds, label))

    def wait(self, event, seconds=None, label="wait"):
        """Waits for `event` at most `seconds` of virtual time without holding the clock; True if the event came."""
        when = self.now() + (NEVER if seconds is None else seconds)
        sleeper = self._register(Sleeper(when, label, event))
        held = works()
        if not held:
            self.hold()
        self.rest(sleeper)
        if not held:
            self.release()
        return event is not None and event.is_set()

    # The driver

    def idle(self):
        """Whether nothing works and nothing is about to."""
        with self._changed:
            if self.busy or any(not waiter.fired and waiter.event_came() for waiter in self._event_waiters):
                return False
        return not any(soon() for soon in self.pending)

    def sleepers(self):
        """Seconds to go and label of everyone who sleeps, soonest first."""
        with self._changed:
            return [(s.when - self.now(), s.label) for s in sorted(self._sleepers) if not s.fired]

    def aim(self, goal):
        """Lets the clock leap as far as `goal`."""
        with self._changed:
            self.goal = goal
            self._changed.notify_all()

    def drive(self):
        """Runs the clock for ever; the work of one daemon thread."""
        thread_state.starts_work = True
        last_tick = real_time()
        while True:
            if real_time() - last_tick > REAL_TICK_SECONDS:
                self._tick(leapt=False)
                last_tick = real_time()
            moves = self._quiet_moves()
            if moves is not None and self._leap(moves, [due(self.now()) for due in self.nexts]):
                self._tick(leapt=True)
                last_tick = real_time()

    def _quiet_moves(self):
        """The count of moves if nothing has moved for a while and the goal is ahead, else None."""
        with self._changed:
            if self.busy or self.now() >= self.goal:
                self._changed.wait(0.02)
                return None
            moves = self._moves
        if not self.idle():
            real_sleep(0.001)
            return None
        real_sleep(QUIET_SECONDS)
        return moves

    def _leap(self, moves, due):
        """Leaps to the earliest of sleepers, `due` and the goal, unless something moved; holds the token of the ticks to come."""
        with self._changed:
            if self.busy or self._moves != moves:
                return False
            for waiter in [w for w in self._event_waiters if w.event_came()]:
                self._fire(waiter)
            if self.busy:
                self._changed.notify_all()
                return False
            while self._sleepers and self._sleepers[0].fired:
                heapq.heappop(self._sleepers)
            first = [self._sleepers[0].when] if self._sleepers else []
            # What was due when the ticks last ran has had its turn; did it not act, it must not hold the clock for ever.
            to = min([self.goal, *first, *(moment for moment in due if moment is not None and moment > self._ticked)])
            if to > self.now():
                struct.pack_into("<d", self._offset, 0, self.offset + to - self.now())
                self.jumps += 1
            while self._sleepers and self._sleepers[0].when <= self.now() + _ROUNDING:
                self._fire(heapq.heappop(self._sleepers))
            self.busy += 1
            self._changed.notify_all()
        return True

    def _tick(self, leapt):
        """Runs what is due, as work; a leap already holds the token for it."""
        if not leapt:
            self.hold()
        thread_state.holds_token = True
        self._ticked = self.now()
        try:
            for act in (self.after_jump if leapt else []) + self.ticks:
                act()
        finally:
            thread_state.holds_token = False
            self.release()
