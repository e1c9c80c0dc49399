"""`make run`: the database, the web server and the job worker under one roof, until Ctrl-C.

A child that died is started again; the children share no terminal signal with us and die with us,
so that whatever is killed, a new start finds the place free and nothing is lost.
"""
import ctypes
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

from projectoffice.common.house.places import PROJECT, data_dir, no_rights, say, use_own_secret
from projectoffice.common.house.postgres import PR_SET_PDEATHSIG, PostgresError, Server, serving

LONGEST_PAUSE = 30  # seconds between two starts of a child that keeps dying
FAREWELL = 20  # seconds a child has for what it is doing
HOST = os.environ.get("BIND", "127.0.0.1")


class Stop(Exception):
    """Somebody asked us to stop."""


def main():
    try:
        run(chosen_port())
    except Stop:
        say("Портал остановлен.")
    except PostgresError as error:
        sys.exit(str(error))
    except PermissionError as error:
        sys.exit(no_rights(error))


def run(port):
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
    if not os.environ.get("DATABASE_URL"):
        use_own_secret()
        # Nobody set a mail server for a first look: letters land as files, so that their links can be tried.
        os.environ.setdefault("EMAIL_URL", f"filemail:///{data_dir() / 'mail'}")
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, ask_to_stop)
    with serving() as server:
        logins = prepare()
        watch([web(port), worker()], server, port, logins)


def ask_to_stop(*_):
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # one word is enough; the second Ctrl-C must not cut the farewell
    raise Stop


def chosen_port():
    typed = os.environ.get("PORT", "8000")
    if not typed.isdigit() or not 0 < int(typed) < 65536:
        sys.exit(f"PORT={typed}: нужен номер порта от 1 до 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(typed)))
        except PermissionError:
            sys.exit(f"Порт {typed} доступен только администратору. Выберите номер от 1024: PORT=8000 make run")
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                sys.exit(f"Нельзя слушать адрес BIND={HOST}: {error.strerror}.")
            sys.exit(f"Порт {typed} занят. Возможно, портал уже запущен. Другой порт: PORT=8001 make run")
    return int(typed)


def prepare():
    """Bring database and files up to date; returns the demonstration logins, if any."""
    done = subprocess.run([sys.executable, "-m", "projectoffice.common.house.prepare", "--demo"],
                          cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit("Портал не запущен: подготовка не удалась.")
    return done.stdout.strip()


class Child:
    """A process that is kept alive: in a group of its own, and told to end if we are killed."""

    def __init__(self, title, command):
        self.title = title
        self.command = command
        self.process: subprocess.Popen | None = None
        self.pause = 1
        self.next_start = 0.0
        self.started = 0.0

    def keep_alive(self):
        if self.process and self.process.poll() is None:
            return
        if self.process:
            self.mourn(self.process)
        if not self.process and time.monotonic() >= self.next_start:
            self.start()

    def start(self):
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, cwd=PROJECT, stdin=subprocess.DEVNULL,
                                        start_new_session=True, preexec_fn=end_with_parent)

    def mourn(self, dead):
        """Note the death, end what is left of the group (it may hold the port), set the time of the next start."""
        say(f"{self.title}: процесс завершился (код {dead.returncode}), запускаю снова.")
        with suppress(ProcessLookupError):
            os.killpg(dead.pid, signal.SIGKILL)
        lived = time.monotonic() - self.started
        self.pause = 1 if lived > LONGEST_PAUSE else min(self.pause * 2, LONGEST_PAUSE)
        self.next_start = time.monotonic() + self.pause - 1
        self.process = None

    def ask_to_end(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def see_off(self, deadline):
        if not self.process:
            return
        try:
            self.process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            say(f"{self.title}: не останавливается, завершаю принудительно.")
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def end_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def web(port):
    return Child("Веб-сервер", [
        sys.executable, "-m", "gunicorn", "--config", "python:projectoffice.common.house.web",
        "--bind", f"{HOST}:{port}", "projectoffice.wsgi:application",
    ])


def worker():
    return Child("Обработчик заданий", [sys.executable, "manage.py", "work"])


def watch(children, server: Server | None, port, logins):
    greeted = False
    try:
        while True:
            if server:
                server.ensure()
            for child in children:
                child.keep_alive()
            if not greeted and answering(port):
                greet(logins)
                greeted = True
            time.sleep(0.2 if not greeted else 1)
    finally:
        deadline = time.monotonic() + FAREWELL
        for child in children:
            child.ask_to_end()
        for child in children:
            child.see_off(deadline)


def answering(port):
    """Whether a page comes back, whatever it says: an open port alone still has nobody behind it."""
    connection = http.client.HTTPConnection("127.0.0.1" if HOST == "0.0.0.0" else HOST, port, timeout=10)  # noqa: S104
    try:
        connection.request("GET", "/health/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def greet(logins):
    say(f"\nПортал работает: {os.environ['SITE_URL']}")
    if logins:
        say(f"\nДемонстрационные логины (логин, пароль, кто это):\n{logins}")
    say("\nОстановить: Ctrl-C\n")


if __name__ == "__main__":
    main()
