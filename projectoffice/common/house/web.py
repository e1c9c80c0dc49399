"""How gunicorn runs the portal, here and in production (docs/operations.md).

One process per core: printing to PDF keeps a core busy, and threads do not share it. A few threads in
each keep a slow or idle connection of a browser from holding a whole process.
"""
import gc
import os
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

workers = int(os.environ.get("WEB_WORKERS") or len(os.sched_getaffinity(0)))
threads = int(os.environ.get("WEB_THREADS") or 4)
worker_class = "gthread"
preload_app = True
timeout = 120
graceful_timeout = 15
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
loglevel = "warning"
control_socket_disable = True  # nobody steers it from outside
# A page makes tens of thousands of objects that die with it: look for cycles after a page, not many times within one.
COLLECT_AFTER = (50_000, 10, 20)


def when_ready(server):
    gc.collect()
    gc.disable()  # no collection may touch the pages that the workers are about to share


def post_fork(server, worker):
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()


def post_worker_init(worker):
    """The first request of a process takes half a second; let it be ours."""
    from django.conf import settings
    from django.db import connections
    from django.utils.module_loading import import_string

    for name in settings.WARM_UP:
        import_string(name)()
    address = urlsplit(settings.SITE_URL)
    environ = {"HTTP_HOST": address.netloc, "wsgi.url_scheme": address.scheme, "REMOTE_ADDR": "127.0.0.1"}
    setup_testing_defaults(environ)
    response = worker.wsgi(environ, lambda status, headers, exc_info=None: None)
    for _ in response:
        pass
    response.close()
    connections.close_all()  # requests are served by other threads, with connections of their own
