"""So many requests a minute from one address or person; counted in the cache all processes share, forgotten by itself."""
import time

from django.core.cache import cache


def too_many(name, who, *, most, seconds=60):
    """Count one request; True when there have been more than ``most`` in this window."""
    key = key_of(name, who, seconds)
    cache.add(key, 0, timeout=seconds * 2)
    try:
        return cache.incr(key) > most
    except ValueError:  # the key was pushed out between the two calls
        return False


def used_up(name, who, *, most, seconds=60):
    """Whether ``most`` have been counted in this window; counts nothing."""
    return cache.get(key_of(name, who, seconds), 0) >= most


def key_of(name, who, seconds):
    return f"throttle:{name}:{who}:{int(time.time() // seconds)}"
