"""Draws sheets in a warm child process, so that a hostile or huge text can cost time, never the web worker.

One child per process that asks, started by `warm()` or at the first sheet, replaced after a crash, killed at the time limit.
A forked process (gunicorn --preload, job worker) forgets its parent's child and starts its own.
"""
import atexit
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from .wire import OUT_OF_MEMORY, pack, unpack

WALL_SECONDS = 25
START_SECONDS = 30
LAST_WORDS_SECONDS = 3
ROOT = Path(__file__).resolve().parents[3]
# What the child may know of our environment: never the database's address or the secret key.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
log = logging.getLogger(__name__)


class SheetNotRendered(Exception):
    """The sheet could not be drawn; the text is for the reader, `reason` for the log."""

    def __init__(self, message, reason=""):
        super().__init__(message)
        self.reason = reason


FAILED = "Не удалось подготовить PDF. Ничего не потеряно и не изменилось – попробуйте ещё раз; если не поможет, сообщите администратору."
TOO_LONG = "Не удалось подготовить PDF: документ слишком велик или слишком сложен. Ничего не потеряно и не изменилось."


class _Child:
    """A running worker and the two ends of its pipe."""

    def __init__(self):
        self.warm = False
        self.process = subprocess.Popen(
            [sys.executable, "-m", "projectoffice.documents.sheet.worker"], cwd=ROOT, bufsize=0,
            # Ctrl-C in the terminal is for the server; the child leaves when its pipe closes.
            start_new_session=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"PYTHONPATH": str(ROOT)},
        )
        os.set_blocking(self.process.stdin.fileno(), False)

    def ask(self, message, deadline):
        """Send a request and return (facts, content); TimeoutError or EOFError otherwise."""
        self._send(message, deadline)
        answer = unpack(lambda size: self._read(size, deadline))
        self.warm = True
        return answer

    def _send(self, content, deadline):
        pipe, rest = self.process.stdin.fileno(), memoryview(content)
        while rest:
            _wait(pipe, select.POLLOUT, deadline)
            try:
                rest = rest[os.write(pipe, rest):]
            except BlockingIOError:
                continue

    def _read(self, size, deadline):
        pipe, parts = self.process.stdout.fileno(), []
        while size:
            _wait(pipe, select.POLLIN, deadline)
            part = os.read(pipe, min(size, 1 << 20))
            if not part:
                raise EOFError("the worker is gone")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def stop(self):
        self.forget()
        self.process.kill()
        self.process.wait()

    def bury(self):
        """A child that closed its pipe is ending by itself: let it say why, and keep its code."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(LAST_WORDS_SECONDS)
        self.stop()

    def forget(self):
        """Close our ends without touching the process: it belongs to whoever forked us."""
        self.process.stdin.close()
        self.process.stdout.close()


def _wait(pipe, event, deadline):
    left = deadline - time.monotonic()
    poll = select.poll()
    poll.register(pipe, event)
    if left <= 0 or not poll.poll(left * 1000):
        raise TimeoutError("the worker took too long")


class Renderer:
    """Hands requests to a child one at a time; safe for threads and for forks."""

    def __init__(self):
        self._reset()

    def _reset(self):
        self._lock, self._child, self._pid = threading.Lock(), None, os.getpid()

    def after_fork(self):
        child = self._child
        self._reset()
        if child:
            child.forget()

    def draw(self, request, *, seconds=WALL_SECONDS):
        """Return (facts, bytes) for a request of keyword arguments of pdf.draw_pdf; raises SheetNotRendered."""
        message = pack(request)
        with self._lock:
            child = self._started()
            deadline = time.monotonic() + seconds + (0 if child.warm else START_SECONDS)
            try:
                facts, pdf = child.ask(message, deadline)
            except (TimeoutError, EOFError, OSError) as error:
                self._give_up(error)
        if "error" in facts:
            log.error("sheet not drawn: %s", facts["error"])
            raise SheetNotRendered(FAILED, facts["error"])
        return facts, pdf

    def start(self):
        """Let the child begin to load while nobody waits for it."""
        with self._lock:
            self._started()

    def _started(self):
        if self._child is None:
            self._child = _Child()
        return self._child

    def _give_up(self, error):
        child, self._child = self._child, None
        child.stop() if isinstance(error, TimeoutError) else child.bury()
        code = child.process.returncode
        log.error("sheet worker lost (%s, code %s)", error, code)
        too_much = isinstance(error, TimeoutError) or code in (OUT_OF_MEMORY, -signal.SIGXCPU)
        raise SheetNotRendered(TOO_LONG if too_much else FAILED, f"{error}; code {code}") from error

    def stop(self):
        with self._lock:
            if self._child and self._pid == os.getpid():
                self._child.stop()
            self._child = None

    @property
    def child_pid(self):
        return self._child.process.pid if self._child else None


RENDERER = Renderer()
os.register_at_fork(after_in_child=RENDERER.after_fork)
atexit.register(RENDERER.stop)
