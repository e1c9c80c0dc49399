"""Whom a letter about a person's or an institution's work goes to."""
import re

from django.db.models import Prefetch, Q

from .models import Institution, Post, Substitution

HEADS = re.compile(r"^(и\.?\s?о\.?\s+)?(директор|заведующ|руководител|начальник)", re.IGNORECASE)
MOST_PER_INSTITUTION = 3


def with_acting(people):
    """These people, without doubles and who left, and who acts for them today."""
    found = {person.pk: person for person in people if person is not None and person.is_active and not person.left_on}
    absent = [person.pk for person in people if person is not None]
    for each in Substitution.objects.current().filter(absent__in=absent).select_related("acting"):
        found.setdefault(each.acting_id, each.acting)
    return list(found.values())


def speakers_for(institutions):
    """``{institution: [people or the mailbox]}``: whom to write about an institution's part, a few at most.

    Its heads when they have a login, otherwise who works there and has one, otherwise the institution's own mailbox.
    """
    with_login = Q(person__is_active=True, person__left_on__isnull=True, person__username__isnull=False) & ~Q(person__email="")
    posts = Post.objects.current().filter(with_login).select_related("person").order_by("pk")
    found = {}
    for place in Institution.objects.filter(pk__in=institutions).prefetch_related(Prefetch("posts", posts, to_attr="posts_today")):
        heads = [each.person for each in place.posts_today if HEADS.match(each.title)]
        people = heads or [each.person for each in place.posts_today]
        found[place] = list(dict.fromkeys(people))[:MOST_PER_INSTITUTION] or [place.email] * bool(place.email)
    return found
