"""Who waits for a moment of virtual time, and how they learn that it has come."""

import itertools
import threading


class Sleeper:
    """Someone who waits for a moment or an event; `fired` once the clock (or `wake`) has taken a token for them."""

    __slots__ = ("when", "label", "event", "fired", "order", "_told", "_tell")
    _orders = itertools.count()

    def __init__(self, when, label, event=None):
        self.when = when
        self.label = label
        self.event = event
        self.fired = False
        self.order = next(self._orders)
        self._told = threading.Event()
        self._tell = self._told.set

    def __lt__(self, other):
        return (self.when, self.order) < (other.when, other.order)

    def event_came(self):
        """Whether the event this one waits for, if any, was set."""
        return self.event is not None and self.event.is_set()

    def tell(self, act):
        """Has `act` called, in whatever thread, once the sleep is over: for those who do not wait in a thread."""
        self._tell = act
        if self.fired:
            act()

    def over(self):
        """The clock says that the sleep is over."""
        self.fired = True
        self._tell()

    def until_told(self):
        """Blocks until the sleep is over."""
        self._told.wait()
