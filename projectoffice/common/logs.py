"""JSON lines for machines that collect logs: LOG_FORMAT=json. Otherwise one plain line."""
import json
import logging
from datetime import UTC, datetime

USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "response", "server_time"}


class JsonLines(logging.Formatter):
    """One record, one line, however odd the text: a line end inside it cannot make a second record."""

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        line |= {key: value for key, value in vars(record).items() if key not in USUAL}
        return json.dumps(line, ensure_ascii=False, default=str)
