"""What the commands about plans share: how a plan is named at the shell."""
from django.core.exceptions import ObjectDoesNotExist

from projectoffice.accounts.models import Body
from projectoffice.documents.commands import Refusal

from ..models import MeetingPlan
from ..services.plan import FIRST_YEAR, LAST_YEAR


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
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(f"Укажите год от {FIRST_YEAR} до {LAST_YEAR}.")
    body = find_body(body_name)
    plan = MeetingPlan.objects.for_year(year).filter(body=body).select_related("document__in_force").order_by("period_start").first()
    if plan is None:
        raise Refusal(f"Плана на {year} год нет.")
    return plan
