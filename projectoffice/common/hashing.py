import hashlib
import json


def content_hash(value):
    """SHA-256 (hex) of a JSON value, written in one canonical way."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
