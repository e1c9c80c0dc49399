"""Whether the portal can do its work, for a watchman: no names, no numbers, one word each."""
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from projectoffice.common import health as checks
from projectoffice.common.policy import PUBLIC, policy


@policy(PUBLIC)
@never_cache
@require_safe
def health(request):
    """200 when pages, uploads and papers work; 503 when one of them does not. An absent worker is only told."""
    answers = {}
    for name, check in checks.CHECKS.items():
        try:
            answers[name] = check()
        except (DatabaseError, OSError):
            connection.close()
            answers[name] = False
    ready = all(answers[name] for name in checks.NEEDED)
    words = {name: "ok" if well else "fault" for name, well in answers.items()}
    return JsonResponse({"status": "ok" if ready else "fault", **words}, status=200 if ready else 503)
