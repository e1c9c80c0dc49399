"""Where this checkout keeps what it makes: one directory of data, one secret, one lot of messages."""
import hashlib
import os
import secrets
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
VENV = PROJECT / ".venv"


def data_dir() -> Path:
    """The directory settings.py calls DATA_DIR, found the same way."""
    return Path(os.environ.get("DATA_DIR") or PROJECT / "var").absolute()


def say(message: str) -> None:
    """Progress and faults go to stderr: a command's stdout is its answer."""
    print(message, file=sys.stderr, flush=True)  # noqa: T201


def no_rights(error: PermissionError) -> str:
    return f"Нет прав на {error.filename}. Возможно, раньше портал запускали от имени другого пользователя, например root."


def digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def use_own_secret() -> None:
    """Supply a SECRET_KEY made once for this checkout, when none is set. Never for a real server."""
    if os.environ.get("SECRET_KEY"):
        return
    file = data_dir() / "secret-key"
    if not file.exists():
        write_private(file, secrets.token_urlsafe(50))
    os.environ["SECRET_KEY"] = file.read_text().strip()


def write_private(file: Path, text: str) -> None:
    """Written whole or not at all, readable by the owner alone; the first of two writers wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
