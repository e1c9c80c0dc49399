"""How renderer.py and worker.py talk over a pipe: two lengths, JSON facts, raw bytes."""
import json
import struct

# The exit code of a child whose memory ran out.
OUT_OF_MEMORY = 13
HEADER = struct.Struct(">II")


def pack(facts, content=b""):
    head = json.dumps(facts, ensure_ascii=True).encode("ascii")
    return HEADER.pack(len(head), len(content)) + head + content


def unpack(read):
    """Read one message with `read(size)`; returns (facts, content)."""
    head_size, size = HEADER.unpack(read(HEADER.size))
    return json.loads(read(head_size)), read(size)
