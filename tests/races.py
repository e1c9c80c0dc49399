"""Two people at the same moment, on real connections, with nothing left to chance or to the clock.

A race is run twice. With the lock, the first is held at a meeting place until the second waits in the database for it;
without the lock (``without_lock``), each is held until the other has come too. So a control that shows what the lock is
for needs a place where each has read all it decides by and has committed nothing: neither can have seen the other's
work then, however busy the machine is. Who must wait for the other before that place would never come to it and is told
so. A place after a write stands only where that write keeps nobody out.
"""
import threading
import time

from django.db import connection

HELD, LONGEST = 30, 90  # seconds that only a mistake takes
GLANCE = 0.005
# The portal gives up waiting for a row after some seconds; a slow machine must not decide who wins.
PATIENT = f"SET lock_timeout = '{LONGEST}s'; SET statement_timeout = '{LONGEST}s'"
WAITS_FOR_ME = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"


class Racer(threading.Thread):
    """One of those who act at once, on a connection of its own."""

    def __init__(self, act, start):
        super().__init__(daemon=True)
        self.act, self.all_are_here = act, start
        self.others, self.error, self.has_met, self.has_ended = [], None, False, False

    def run(self):
        try:
            with connection.cursor() as cursor:
                cursor.execute(PATIENT)
            self.all_are_here.wait(HELD)
            self.act()
        except Exception as error:
            self.error = error
        finally:
            connection.close()
            self.has_ended = True


def together(*acts):
    """Run the acts at once; returns what each raised, or None. Who asserts in vain or never comes back fails the test."""
    start = threading.Barrier(len(acts) + 1)
    racers = [Racer(act, start) for act in acts]
    for racer in racers:
        racer.others = [other for other in racers if other is not racer]
        racer.start()
    start.wait(HELD)
    for racer in racers:
        racer.join(LONGEST)
    assert all(racer.has_ended for racer in racers), "one of those who act at once never came back"
    for racer in racers:
        if isinstance(racer.error, AssertionError):
            raise racer.error
    return [racer.error for racer in racers]


class MeetingPlace:
    """Holds each racer once, at the first of its functions it comes to, until the others have come, too.

    While the lock is on, whoever waits in the database for the one held, or has ended, is not waited for.
    """

    def __init__(self, monkeypatch):
        self.monkeypatch, self.is_locked = monkeypatch, True

    def before(self, module, name):
        """Hold whoever is about to call this function of the module."""
        act = getattr(module, name)

        def held(*args, **named):
            self.meet()
            return act(*args, **named)

        self.monkeypatch.setattr(module, name, held)
        return self

    def after(self, module, name):
        """Hold whoever has just called this function of the module, and so has read what it reads."""
        act = getattr(module, name)

        def held(*args, **named):
            found = act(*args, **named)
            self.meet()
            return found

        self.monkeypatch.setattr(module, name, held)
        return self

    def without_lock(self, *modules):
        """Nobody is kept out: rows are read as they are, and whoever does not come to the place fails the test."""
        self.is_locked = False
        for module in modules:
            self.monkeypatch.setattr(module, "locked", lambda obj: type(obj)._base_manager.get(pk=obj.pk))

    def meet(self):
        racer = threading.current_thread()
        if not isinstance(racer, Racer) or racer.has_met:
            return  # who prepares the race, and who comes back, meets nobody
        racer.has_met = True
        give_up = time.monotonic() + HELD
        while not self.all_met(racer):
            assert time.monotonic() < give_up, "the other neither came to the meeting place nor was kept out by a lock"
            time.sleep(GLANCE)

    def all_met(self, racer):
        if self.is_locked:
            return all(other.has_met or other.has_ended for other in racer.others) or somebody_waits_for_me()
        missed = [other.error for other in racer.others if other.has_ended and not other.has_met]
        assert not missed, f"the other ended without coming to the meeting place: {missed}"
        return all(other.has_met for other in racer.others)


def somebody_waits_for_me():
    with connection.cursor() as cursor:
        cursor.execute(WAITS_FOR_ME)
        return cursor.fetchone()[0]
