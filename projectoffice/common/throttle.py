"""So many requests a minute from one address or person; counted in the cache all processes share, forgotten by itself."""
import time

from django.core.cache import cache

# A stolen session must not find the password out where it is asked once more: to sign, to take the second key away.
WRONG_PASSWORDS = {"most": 7, "seconds": 900}
WAIT = "Пароль несколько раз не подошёл. Подождите четверть часа и попробуйте снова."


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


def no_more_passwords(person):
    """Whether this person, or whoever sits at the open session, has used up the tries; every form shares them."""
    return used_up("password", person.pk, **WRONG_PASSWORDS)


def wrong_password(person):
    too_many("password", person.pk, **WRONG_PASSWORDS)


def key_of(name, who, seconds):
    return f"throttle:{name}:{who}:{int(time.time() // seconds)}"
