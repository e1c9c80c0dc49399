"""What the commands about implementation plans share: how a project and a plan are named at the shell."""
from projectoffice.documents.commands import Refusal
from projectoffice.documents.table.content import FIRST_YEAR, LAST_YEAR

from .models import ImplementationPlan, Project

MOST_NAMED = 5


def find_project(name=None):
    """The project of this name, or None when none was named."""
    if not name:
        return None
    found = Project.objects.filter(title__iexact=name.strip()).first()
    if found is None:
        raise Refusal(f"Проекта «{name}» на портале нет. Проверьте название.")
    return found


def find_implementation_plan(year, words=None):
    """The one plan whose period begins in the year and whose title has these words."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(f"Укажите год от {FIRST_YEAR} до {LAST_YEAR}.")
    found = ImplementationPlan.objects.filter(period_start__year=year).select_related("document__in_force").order_by("pk")
    if words:
        found = found.filter(title__icontains=words.strip())
    plans = list(found[:MOST_NAMED])
    if not plans:
        raise Refusal(f"Плана реализации на {year} год нет.")
    if len(plans) > 1:
        names = ", ".join(f"«{plan.document.title}»" for plan in plans)
        raise Refusal(f"Планов на {year} год несколько: {names}. Назовите проект: --project «…».")
    return plans[0]
