"""What the commands about plans share: a refusal is one Russian sentence and exit code 2."""
from pathlib import Path

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.core.management.base import BaseCommand

from projectoffice.accounts.models import Body
from projectoffice.common.errors import TransitionNotAllowed

from .models import MeetingPlan

REFUSED = 2


class Refusal(Exception):
    """What cannot be done, as a sentence for the person at the shell."""


class PlanCommand(BaseCommand):
    """``work(**options)`` does it; whatever refuses is told in one sentence on stderr."""

    def handle(self, *args, **options):
        try:
            return self.work(**options)
        except ValidationError as refusal:
            sentence = " ".join(refusal.messages)
        except (Refusal, TransitionNotAllowed, PermissionDenied) as refusal:
            sentence = str(refusal)
        except OSError as fault:
            sentence = f"Файл не удалось прочитать или записать: {fault.filename or ''} {fault.strerror or ''}".strip() + "."
        self.stderr.write(" ".join(sentence.split()))
        raise SystemExit(REFUSED)

    def work(self, **options):
        raise NotImplementedError


def find_body(name=None):
    """The body by its name, or the main one."""
    if name:
        found = Body.objects.filter(name__iexact=name.strip()).first()
        if found is None:
            raise Refusal(f"Органа «{name}» на портале нет. Проверьте наименование.")
        return found
    try:
        return Body.objects.main()
    except ObjectDoesNotExist:
        raise Refusal("Основной орган не указан. Отметьте его на портале или назовите орган: --body «…».") from None


def find_plan(year, body_name=None):
    """The plan whose period begins in the year."""
    body = find_body(body_name)
    plan = MeetingPlan.objects.for_year(year).filter(body=body).select_related("document__in_force").order_by("period_start").first()
    if plan is None:
        raise Refusal(f"Плана на {year} год нет.")
    return plan


def write_file(path, data):
    """Write the whole file or nothing: beside it first, then in its place."""
    target = Path(path)
    beside = target.with_name(f"{target.name}.part")
    beside.write_bytes(data)
    beside.replace(target)
