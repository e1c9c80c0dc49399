"""Converts files by a warm LibreOffice; run by the system's Python, which has the office's bridge (python3-uno).

Started by bench.py with a scratch directory; then each line of input is a path, each line of output the PDF's size.
"""
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

WAIT_SECONDS = 60


def main(scratch):
    pipe = f"bench{time.time_ns()}"
    office = subprocess.Popen([
        "soffice", f"-env:UserInstallation={Path(scratch).as_uri()}/profile", "--headless", "--norestore", "--nologo", "--nodefault",
        f"--accept=pipe,name={pipe};urp;",
    ], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        desktop = connect(pipe)
        say("ready")
        for line in sys.stdin:
            say(convert(desktop, Path(line.strip())))
        desktop.terminate()
        office.wait(timeout=20)
    finally:
        office.kill()


def say(word):
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def connect(pipe):
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)


def convert(desktop, path):
    document = desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (PropertyValue("Hidden", 0, True, 0),))
    target = path.with_suffix(".pdf")
    document.storeToURL(target.as_uri(), (PropertyValue("FilterName", 0, "writer_pdf_Export", 0),))
    document.close(True)
    return target.stat().st_size


if __name__ == "__main__":
    main(sys.argv[1])
