"""Where uploads live: a file is either there whole, on the disk and not only in a cache, or not there at all."""
import os
import shutil
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.files.storage import FileSystemStorage

PARTS = "incoming"


class DurableStorage(FileSystemStorage):
    """Writes beside, syncs, renames, syncs the directory. Django's own storage leaves the last three to luck."""

    def _save(self, name, content):
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self.part()
        try:
            with open(part, "xb", opener=self.private) as out:
                for chunk in content.chunks():
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            os.link(part, target)  # unlike a rename, refuses to replace a file of the same name
            sync_directory(target.parent)
        finally:
            part.unlink(missing_ok=True)
        return name

    def part(self):
        directory = Path(self.location) / PARTS
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        return directory / uuid.uuid4().hex

    @staticmethod
    def private(path, flags):
        return os.open(path, flags, 0o600)

    def room(self):
        """Bytes free on the disk of uploads."""
        place = Path(self.location)
        while not place.exists():
            place = place.parent
        return shutil.disk_usage(place).free

    def older_than(self, age: timedelta):
        """Yield names of stored files, unfinished ones included, last touched longer ago than ``age``."""
        limit = (datetime.now(UTC) - age).timestamp()
        root = Path(self.location)
        for path in root.glob("*/*"):
            try:
                if path.is_file() and path.stat().st_mtime < limit:
                    yield path.relative_to(root).as_posix()
            except FileNotFoundError:
                continue  # finished or swept away meanwhile


def sync_directory(path):
    """A new name is durable only when its directory is."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
