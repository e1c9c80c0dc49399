"""Room for Python's frames: how deep a page is called must not decide how fast it is.

CPython keeps frames in chunks of 16 KiB, asks the system for the next one when a call does not fit and gives it back
as that call returns. A loop that happens to stand at the end of a chunk so pays a system call and fresh memory for each
turn: a page of 75 ms took 150, and another middleware or a deeper template moved the loss to other pages
(https://github.com/python/cpython/issues/142183, mended in late releases of 3.13 and 3.14).
"""
from functools import wraps

# 256 KiB: more than a thousand calls deep. What is not reached is never touched; a traceback that is kept holds as much
# address space, not memory.
WORDS = 32 * 1024


def with_room(function):
    """The function, called in a frame so large that the chunk made for it holds whatever is called from there as well."""

    @wraps(function)
    def roomy(*args, **kwargs):
        return function(*args, **kwargs)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=WORDS)
    return roomy
