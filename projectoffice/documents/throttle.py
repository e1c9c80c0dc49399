"""So many requests a minute from one address; counted in the cache of this process, forgotten by itself."""
import time

from django.core.cache import cache


def too_many(name, address, *, most, seconds=60):
    """Count one request; True when there have been more than ``most`` in this window."""
    key = f"throttle:{name}:{address}:{int(time.time() // seconds)}"
    cache.add(key, 0, timeout=seconds * 2)
    try:
        return cache.incr(key) > most
    except ValueError:  # the key was pushed out between the two calls
        return False
