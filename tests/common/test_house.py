"""The house: the embedded PostgreSQL, the set-up that does nothing twice, the supervisor, the pinned libraries."""
import base64
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import pytest

from projectoffice.common.house import cluster, setup, supervise
from projectoffice.common.house.places import PROJECT
from projectoffice.common.house.postgres import Server, serving

USER = "from pathlib import Path; from projectoffice.common.house.postgres import serving\n" \
       "with serving(Path({home!r})) as server: print(server.running_pid(), flush=True); input()\n"


def until(true, seconds=30):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def alive(pid):
    """Running, that is: a zombie is not."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except OSError:
        return False


@pytest.fixture
def home(monkeypatch):
    """A cluster's home that the server's user can reach; whatever is left running there is ended."""
    for name in ("DATABASE_URL", "EMBEDDED_POSTGRES", "PGHOST", "PGUSER", "PGDATABASE"):
        monkeypatch.delenv(name, raising=False)
    home = cluster.throwaway_home(lambda old: True)
    yield home
    server = Server(home)
    pid = server.running_pid()
    if pid:
        os.kill(pid, signal.SIGQUIT)
        until(lambda: not server.running_pid())
    shutil.rmtree(home)
    shutil.rmtree(server.sockets, ignore_errors=True)


class User:
    """Another process inside serving(), until it is told to leave or is killed."""

    def __init__(self, home):
        self.process = subprocess.Popen([sys.executable, "-c", USER.format(home=str(home))], cwd=PROJECT,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.server_pid = int(self.process.stdout.readline())

    def leave(self):
        self.process.communicate("\n", timeout=30)
        assert self.process.returncode == 0

    def kill(self):
        self.process.kill()
        self.process.communicate()


def test_two_users_share_one_server_and_the_last_one_out_stops_it(home):
    first, second = User(home), User(home)
    assert first.server_pid == second.server_pid

    first.leave()
    assert Server(home).answers()

    second.leave()
    assert not alive(second.server_pid)
    assert not Server(home).sockets.exists()


def test_a_server_left_behind_by_kill_9_is_adopted_and_stopped_in_the_end(home):
    killed = User(home)
    killed.kill()
    assert alive(killed.server_pid)

    heir = User(home)
    assert heir.server_pid == killed.server_pid

    heir.leave()
    assert not alive(killed.server_pid)


def test_rows_survive_kill_9_of_the_server_which_is_started_again(home):
    with serving(home) as server:
        execute(server, "CREATE TABLE kept (word text)")
        execute(server, "INSERT INTO kept VALUES ('строка')")
        killed = server.running_pid()
        os.kill(killed, signal.SIGKILL)
        until(lambda: not server.answers())

        server.ensure()

        assert execute(server, "SELECT word FROM kept") == [("строка",)]
        assert server.running_pid() != killed


def test_rows_survive_a_stop_and_a_start(home):
    with serving(home) as server:
        execute(server, "CREATE TABLE kept AS SELECT 1 AS number")
    with serving(home) as server:
        assert execute(server, "SELECT number FROM kept") == [(1,)]


def test_the_cluster_reads_russian_and_checks_its_pages(home):
    with serving(home) as server:
        execute(server, "CREATE EXTENSION pg_trgm")
        assert execute(server, "SELECT lower('ШКОЛА Ё'), cardinality(show_trgm('школа'))") == [("школа ё", 6)]
        assert execute(server, "SHOW data_checksums") == [("on",)]
        assert execute(server, "SHOW listen_addresses") == [("",)]


def test_inside_the_address_is_exported_and_outside_it_is_gone(home):
    with serving(home) as server:
        assert os.environ["EMBEDDED_POSTGRES"] == "1"
        assert os.environ["DATABASE_URL"] == server.environment()["DATABASE_URL"]
    assert "DATABASE_URL" not in os.environ


def test_with_an_address_from_outside_nothing_is_started(home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@elsewhere/portal")
    with serving(home) as server:
        assert server is None
    assert not (home / "data").exists()


def test_a_number_taken_over_by_another_process_and_a_half_made_cluster_do_not_bar_the_start(home):
    (home / "data.new").mkdir()
    (home / "data.new" / "rubbish").touch()
    with serving(home):
        pass
    (home / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{home}/data\n")
    with serving(home) as server:
        assert server.answers()


def test_a_long_path_of_the_project_still_has_a_short_socket():
    deep = Path("/" + "/".join(["очень-длинное-имя-каталога"] * 12))
    assert len(bytes(cluster.socket_dir(deep) / ".s.PGSQL.5432")) < 100


def test_a_moved_checkout_keeps_its_cluster_and_a_copied_one_gets_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "ROOT_HOME", tmp_path / "lib")
    here, there, copy = tmp_path / "here", tmp_path / "there", tmp_path / "copy"

    monkeypatch.setenv("DATA_DIR", str(here))
    original = cluster.root_home()
    assert cluster.root_home() == original

    here.rename(there)
    monkeypatch.setenv("DATA_DIR", str(there))
    assert cluster.root_home() == original

    shutil.copytree(there, copy)
    monkeypatch.setenv("DATA_DIR", str(copy))
    assert cluster.root_home() != original

    monkeypatch.setenv("DATA_DIR", str(here))  # a fresh clone at the old path
    assert cluster.root_home() != original


def execute(server, sql):
    connection = psycopg2.connect(host=str(server.sockets), user="portal", dbname="portal")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


# Set-up

def traps(directory):
    """Programs that must not be called, each leaving a trace."""
    for name in ("apt-get", "sudo", "pip"):
        program = directory / name
        program.write_text(f"#!/bin/sh\necho called >> {directory}/trace\nexit 1\n")
        program.chmod(0o755)
    return {**os.environ, "PATH": f"{directory}:{os.environ['PATH']}"}


def test_a_second_setup_calls_neither_apt_nor_pip(tmp_path):
    if "requirements-dev.lock" not in setup.installed_locks(PROJECT / ".venv" / "installed.json"):
        pytest.skip("this environment was not made by `make tools`: there was no first set-up")
    done = subprocess.run([sys.executable, "-m", "projectoffice.common.house.setup", "--tools"], cwd=PROJECT,
                          env=traps(tmp_path), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert not (tmp_path / "trace").exists()


def test_a_second_preparation_finds_nothing_to_do(home, tmp_path):
    with serving(home):
        env = {**os.environ, "DATA_DIR": str(tmp_path), "DEBUG": "1"}  # DEBUG: without the compression
        prepare = [sys.executable, "-m", "projectoffice.common.house.prepare"]
        first, second = (subprocess.run(prepare, cwd=PROJECT, env=env, capture_output=True, text=True, check=True)
                         for _ in range(2))
    assert "Обновляю структуру базы данных" in first.stderr
    assert second.stderr == ""


def test_without_apt_the_missing_packages_are_listed(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(setup, "FONT_DIRECTORIES", [tmp_path])
    with pytest.raises(setup.SetupError, match=r"fonts-liberation — шрифт документов\n.*fonts-paratype"):
        setup.install_system_packages()


# The supervisor

@pytest.fixture
def child():
    child = supervise.Child("Проба", [sys.executable, "-c", "import time; time.sleep(600)"])
    yield child
    child.ask_to_end()
    child.see_off(time.monotonic() + 5)


def test_a_killed_child_is_started_again(child):
    child.keep_alive()
    killed = child.process.pid
    os.kill(killed, signal.SIGKILL)
    until(lambda: not alive(killed))
    until(lambda: child.keep_alive() or (child.process and child.process.pid != killed))


def test_a_busy_port_is_said_clearly(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        monkeypatch.setenv("PORT", str(busy.getsockname()[1]))
        with pytest.raises(SystemExit, match="занят"):
            supervise.chosen_port()


@pytest.mark.parametrize("port", ["0", "65536", "восемь", "-1", ""])
def test_a_wrong_port_is_said_clearly(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SystemExit, match="нужен номер порта"):
        supervise.chosen_port()


@pytest.fixture
def portal(home, tmp_path):
    """`make run` with an own data directory, on a free port, without the compression of static files."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {**os.environ, "DATA_DIR": str(tmp_path), "DEBUG": "1", "PORT": str(port), "WEB_WORKERS": "1", "DEMO": "0"}
    env.pop("SITE_URL", None)
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", "projectoffice.common.house.supervise"], cwd=PROJECT,
                                   env=env, stdout=log, stderr=log)
    process.address = f"http://127.0.0.1:{port}/"
    process.said = lambda: (tmp_path / "log").read_text()
    yield process
    process.send_signal(signal.SIGINT)
    process.wait(40)
    if os.geteuid() == 0:
        shutil.rmtree(cluster.ROOT_HOME / (tmp_path / "postgres-id").read_text(), ignore_errors=True)


def served(address):
    with suppress(OSError), urllib.request.urlopen(address, timeout=20) as answer:
        return answer.status == 200
    return False


def children_of(pid):
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_whatever_part_is_killed_the_portal_comes_back_and_ctrl_c_stops_all_of_it(portal):
    until(lambda: "Портал работает" in portal.said() or portal.poll() is not None, 90)
    until(lambda: served(portal.address))

    parts = children_of(portal.pid)
    assert len(parts) == 3, "database, web server, job worker"
    for part in parts:
        os.kill(part, signal.SIGKILL)
    until(lambda: len(set(children_of(portal.pid)) - set(parts)) == 3, 60)
    until(lambda: served(portal.address), 60)

    family = children_of(portal.pid)
    portal.send_signal(signal.SIGINT)
    assert portal.wait(40) == 0
    assert not [pid for pid in family if alive(pid)]
    assert portal.said().rstrip().endswith("Портал остановлен.")


# Pinned libraries

def test_no_lock_brings_psycopg_3_which_django_would_silently_prefer():
    for lock in PROJECT.glob("requirements*.lock"):
        names = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==", lock.read_text(), re.MULTILINE)
        assert "psycopg2-binary" in names
        assert not [name for name in names if re.match(r"psycopg(?!2)", name)]


def test_every_direct_dependency_is_pinned_with_a_hash():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    for lock, wanted in [("requirements.lock", project["project"]["dependencies"]),
                         ("requirements-dev.lock", project["dependency-groups"]["dev"])]:
        entries = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==\S+(?: ;[^\\]*)? \\\n +--hash=sha256:",
                             (PROJECT / lock).read_text(), re.MULTILINE)
        missing = {re.split(r"[\[=~<>]", name)[0].lower() for name in wanted} - {name.lower() for name in entries}
        assert not missing, lock


@pytest.mark.parametrize(("file", "integrity"), [
    ("css/bootstrap.min.css", "sRIl4kxILFvY47J16cr9ZwB07vP4J8+LH7qKQnuqkuIAvNWLzeN8tE5YBujZqJLB"),
    ("js/bootstrap.bundle.min.js", "FKyoEForCGlyvwx9Hj09JcYn3nv7wiPVlz7YYwJrWVcXK/BmnVDxM+D2scQbITxI"),
])
def test_the_bootstrap_files_are_the_official_ones(file, integrity):
    package = Path(find_spec("bootstrap").submodule_search_locations[0])
    assert base64.b64encode(hashlib.sha384((package / file).read_bytes()).digest()).decode() == integrity
