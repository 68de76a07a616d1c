"""The virtual clock of a rehearsal: real rate while anything works, a leap to the next event when nothing does.

The offset (virtual minus real seconds) is eight bytes in a file that every process of the rehearsal maps, so all of them agree.
Work is counted in tokens: a thread or request that works holds one, a sleeper gives its own up. Nothing leaps while a token is held.
"""

import heapq
import mmap
import os
import struct
import threading
import time

from sleeper import Sleeper

real_time = time.time
real_sleep = time.sleep

#: How long nothing may move before the clock leaps: a request may be on its way between two processes.
QUIET_SECONDS = float(os.environ.get("CLOCK_QUIET_SECONDS", "0.001"))
#: Due work is also looked for this often in real time, because time passes while the clock does not leap.
REAL_TICK_SECONDS = 0.25
_POLL_SECONDS = 0.001
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


class Clock:
    """Virtual time of one rehearsal; see the module for the rules.

    Others take part through four lists of functions: `nexts` (now -> the next moment something is due, or None), `ticks` (run after
    each leap and every quarter of a real second), `pending` (whether work is about to be picked up), `after_jump`.
    """

    def __init__(self, path, start=None, problem=print):
        if not os.path.exists(path):
            with open(path, "wb") as file:
                file.write(struct.pack("<d", 0.0 if start is None else start - real_time()))
        with open(path, "r+b") as file:
            self._offset = mmap.mmap(file.fileno(), 8)
        self._changed = threading.Condition()
        self._sleepers = []
        self._event_waiters = set()
        self._arrivals = []
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
                self._listen(sleeper.event)
            self._changed.notify_all()
        return sleeper

    def _listen(self, event):
        """Hears of the event at the moment that someone sets it, who knows nothing of us."""
        if getattr(event, "tells_clock", False):
            return
        set_event, event.tells_clock = event.set, True

        def set_and_tell():
            set_event()
            self._fire_what_is_due()

        event.set = set_and_tell

    def cancel(self, sleeper):
        """Forgets a sleeper. True if it had been fired already: then a token was taken for it that the caller must release."""
        with self._changed:
            fired, sleeper.fired = sleeper.fired, True
        return fired

    def wake(self, sleeper):
        """Ends a sleep early and takes the token for the sleeper, so that no leap slips in between."""
        with self._changed:
            self._fire(sleeper)

    def _fire(self, sleeper):
        self._event_waiters.discard(sleeper)
        if not sleeper.fired:
            self.busy += 1
            self._moves += 1
            sleeper.over()

    def rest(self, sleeper):
        """Gives up the caller's token until the sleep is over and returns holding it again."""
        self.release()
        sleeper.until_told()

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

    def aim(self, goal, arrived=None):
        """Lets the clock leap as far as `goal`; `arrived` is called once it is there and nothing works any more."""
        with self._changed:
            self.goal = max(self.goal, goal)
            if arrived is not None:
                self._arrivals.append((goal, arrived))
            self._changed.notify_all()

    def drive(self):
        """Runs the clock for ever; the work of one daemon thread."""
        thread_state.starts_work = True
        next_tick = real_time()
        while True:
            if real_time() >= next_tick or self._passed_untouched():
                self._tick(leapt=False)
                next_tick = real_time() + REAL_TICK_SECONDS
            self._fire_what_is_due()
            moves = self._quiet_moves(next_tick)
            if moves is not None and self._leap(moves, [due(self.now()) for due in self.nexts]):
                self._tick(leapt=True)
                next_tick = real_time() + REAL_TICK_SECONDS

    def _fire_what_is_due(self):
        """Ends the sleeps whose moment or event has come, however time got there."""
        with self._changed:
            for waiter in [w for w in self._event_waiters if w.fired or w.event_came()]:
                self._fire(waiter)
            while self._sleepers and (self._sleepers[0].fired or self._sleepers[0].when <= self.now() + _ROUNDING):
                self._fire(heapq.heappop(self._sleepers))

    def _quiet_moves(self, next_tick):
        """The count of moves if nothing has moved for a while and the goal is ahead; else None, after waiting for a change."""
        with self._changed:
            moves = self._moves
            if self.busy:
                self._changed.wait(self._patience(next_tick))
                return None
        if not self.idle():
            real_sleep(_POLL_SECONDS)
            return None
        if self._tell_arrivals(moves) or self.now() >= self.goal:
            with self._changed:
                if self._moves == moves and self.now() >= self.goal:
                    self._changed.wait(self._patience(next_tick))
            return None
        real_sleep(QUIET_SECONDS)
        return moves

    def _patience(self, next_tick):
        """Real seconds until something is due without anybody telling us."""
        sleeper = self._sleepers[0].when - self.now() if self._sleepers else NEVER
        return max(0.0, min(sleeper, next_tick - real_time()))

    def _tell_arrivals(self, moves):
        """Tells those who wait for a moment that it is reached and calm."""
        with self._changed:
            if self.busy or self._moves != moves:
                return False
            arrived = [act for goal, act in self._arrivals if goal <= self.now()]
            self._arrivals = [(goal, act) for goal, act in self._arrivals if goal > self.now()]
        for act in arrived:
            act()
        return bool(arrived)

    def _passed_untouched(self):
        """Whether time ran past a moment that someone waits for without the ticks having looked at it."""
        return any(self._ticked < goal <= self.now() for goal, _ in self._arrivals)

    def _leap(self, moves, due):
        """Leaps to the earliest of sleepers, `due` and the goal, unless something moved; holds the token of the ticks to come."""
        with self._changed:
            if self.busy or self._moves != moves or any(waiter.event_came() for waiter in self._event_waiters):
                return False
            while self._sleepers and self._sleepers[0].fired:
                heapq.heappop(self._sleepers)
            first = [self._sleepers[0].when] if self._sleepers else []
            # What was due when the ticks last ran has had its turn; did it not act, it must not hold the clock for ever.
            to = min([self.goal, *first, *(moment for moment in due if moment is not None and moment > self._ticked)])
            if to > self.now():
                struct.pack_into("<d", self._offset, 0, self.offset + to - self.now())
                self.jumps += 1
            self.busy += 1
        self._fire_what_is_due()
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
