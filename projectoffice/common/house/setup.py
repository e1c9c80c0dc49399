"""`make setup`: everything a fresh machine lacks, each step done once.

Run by the system's Python before a virtual environment exists, hence the standard library only:

    python3 -m projectoffice.common.house.setup           system libraries, environment, fonts, database, static files
    python3 -m projectoffice.common.house.setup --tools   the first two, with the tools of the tests
    python3 -m projectoffice.common.house.setup --base    the first two
"""
import ctypes
import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from projectoffice.common.house.places import PROJECT, VENV, digest, no_rights, say

OLDEST_PYTHON = (3, 11)
FONT_DIRECTORIES = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts",
                    Path.home() / ".local/share/fonts"]
PYTHON = VENV / "bin" / "python"


class SetupError(RuntimeError):
    """The set-up cannot go on; the text is for the person at the terminal."""


def main(arguments):
    try:
        check_python()
        install_system_packages()
        tools = "--tools" in arguments
        if tools:
            install_browser()
        fill_environment(["requirements.lock", "requirements-dev.lock"] if tools else ["requirements.lock"])
        if not arguments:
            run([PYTHON, "-m", "projectoffice.common.house.prepare"], "Не удалось подготовить базу и статику.")
    except SetupError as error:
        sys.exit(str(error))
    except PermissionError as error:
        sys.exit(no_rights(error))


def check_python():
    if sys.version_info < OLDEST_PYTHON:
        raise SetupError(
            f"Нужен Python 3.11 или новее, найден {sys.version.split()[0]}. Укажите другой: make PYTHON=python3.11 …"
        )


def run(command, failure, **options):
    done = subprocess.run([str(part) for part in command], cwd=PROJECT, check=False, **options)
    if done.returncode:
        raise SetupError(failure)


# System libraries and fonts: by presence, because package names differ between systems

def has_library(name):
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_font(name):
    return any(found for place in FONT_DIRECTORIES for found in place.rglob(name))


def needs():
    """(package, what it is for, present?) of everything that is not Python."""
    return [
        ("libpango-1.0-0", "печать в PDF", has_library("libpango-1.0.so.0")),
        ("libpangoft2-1.0-0", "печать в PDF", has_library("libpangoft2-1.0.so.0")),
        ("libharfbuzz-subset0", "быстрая печать в PDF", has_library("libharfbuzz-subset.so.0")),
        ("fonts-liberation", "шрифт документов", has_font("LiberationSerif-Regular.ttf")),
        ("fonts-paratype", "шрифты страниц", has_font("PTS55F.ttf") and has_font("PTF55F.ttf")),
        ("python3-venv", "виртуальное окружение", PYTHON.exists() or find_spec("ensurepip") is not None),
    ]


def missing_packages():
    return [(package, purpose) for package, purpose, present in needs() if not present]


def install_system_packages():
    missing = missing_packages()
    if not missing:
        return
    names = [package for package, _ in missing]
    say(f"Системные пакеты: устанавливаю {', '.join(names)}…")
    if apt("update") and apt("install", "--yes", "--no-install-recommends", *names) and not missing_packages():
        return
    listing = "\n".join(f"  {package} — {purpose}" for package, purpose in missing_packages())
    raise SetupError(
        f"Не хватает системных пакетов (имена для Debian и Ubuntu):\n{listing}\n"
        f"Установите их и повторите. Например: sudo apt-get install {' '.join(names)}"
    )


def apt(*arguments):
    """Run apt-get with the rights it needs; False when that is impossible or it failed."""
    if not shutil.which("apt-get"):
        return False
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", *arguments]
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            return False
        # Without a terminal nobody can type the password.
        command = ["sudo", *([] if sys.stdin and sys.stdin.isatty() else ["-n"]), *command]
    stdin = None if sys.stdin and sys.stdin.isatty() else subprocess.DEVNULL
    return subprocess.run(command, stdin=stdin, stdout=subprocess.DEVNULL, check=False).returncode == 0


def install_browser():
    """Chromium and what its driver needs; where they cannot be had the journeys are skipped and say so."""
    missing = [package for package, present in [("chromium", has_chromium()),
                                                ("libatomic1", has_library("libatomic.so.1"))] if not present]
    if not missing:
        return
    say("Браузер для проверок: устанавливаю Chromium…")
    if not (apt("update") and apt("install", "--yes", "--no-install-recommends", *missing)):
        say("Chromium установить не удалось: проверки в браузере будут пропущены.")


def has_chromium():
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


# The virtual environment: filled from the hashed locks, and only when they changed

def fill_environment(locks):
    wanted = {name: digest((PROJECT / name).read_bytes()) for name in locks}
    state = VENV / "installed.json"
    if not usable_environment(state):
        say("Создаю виртуальное окружение…")
        run([sys.executable, "-m", "venv", "--clear", VENV], "Не удалось создать виртуальное окружение .venv.")
    elif wanted.items() <= installed_locks(state).items():
        return
    say(f"Устанавливаю библиотеки из {locks[-1]} (это займёт минуту-другую)…")
    state.unlink(missing_ok=True)
    run([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
         "--require-hashes", "-r", locks[-1]], f"Не удалось установить библиотеки из {locks[-1]}.")
    state.write_text(json.dumps({"place": str(VENV), "locks": wanted}))


def installed_locks(state):
    return json.loads(state.read_text())["locks"] if state.exists() else {}


def usable_environment(state):
    """Its Python runs and is the one it was made with, and it has not been moved (its programs know their place)."""
    if not PYTHON.exists():
        return False
    if state.exists() and not VENV.is_symlink() and json.loads(state.read_text())["place"] != str(VENV):
        return False
    return subprocess.run([str(PYTHON), "-c", "import pip"], capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    main(sys.argv[1:])
