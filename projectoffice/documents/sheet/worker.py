"""The child process that draws: reads a request, answers with a PDF or a reason, until its parent closes the pipe.

Started by renderer.py as `python -m projectoffice.documents.sheet.worker`. Per request it may use CPU_SECONDS of processor
time; MEMORY_BYTES is for the whole process. It never needs a socket or another program, so it gives both up.
"""
import gc
import os
import resource
import sys

from .wire import OUT_OF_MEMORY, pack, unpack

# Drawn once for nobody: loads templates, style and font.
FIRST = {"head": {"title": ["Проверка"]}, "columns": [{"key": "label", "title": "№"}]}
CPU_SECONDS = 20
MEMORY_BYTES = 1 << 30
FORBIDDEN = ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork")


def main():
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not land among the answers.
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from .award import draw_awards
    from .font import undrawable
    from .pdf import draw_pdf
    drawn = {"sheet": draw_pdf, "awards": draw_awards}
    undrawable()
    draw_pdf(FIRST, mode="ink", check_url="https://localhost/")
    sys.addaudithook(_refuse)
    gc.collect()
    gc.freeze()
    # Layout makes many objects and few cycles: collect between requests instead of in the middle of one.
    gc.set_threshold(200_000, 20, 100)
    while True:
        try:
            request, _ = unpack(lambda size: _exactly(requests, size))
        except EOFError:
            return
        _allow_cpu(request.pop("cpu_seconds", CPU_SECONDS))
        answers.write(_draw(drawn[request.pop("what", "sheet")], request))
        answers.flush()
        gc.collect()


def _draw(draw, request):
    try:
        rendered = draw(**request)
    except MemoryError:
        # The heap may be torn: leave, the parent starts a fresh process.
        os._exit(OUT_OF_MEMORY)
    except BaseException as error:
        return pack({"error": f"{type(error).__name__}: {error}"[:500]})
    return pack({"pages": rendered.pages}, rendered.pdf)


def _allow_cpu(seconds):
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, resource.RLIM_INFINITY))


def _refuse(event, _):
    if event in FORBIDDEN:
        raise PermissionError(f"a sheet needs no {event}")


def _exactly(stream, size):
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content


if __name__ == "__main__":
    main()
