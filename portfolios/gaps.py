"""«Требуют внимания»: what is missing in a project, each a sentence with the way to the very field to mend."""
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from projectoffice.common.russian import date_short, plural

from .report.standing import late_by


@dataclass(frozen=True)
class Gap:
    """One thing to put in order: words, the way there, family of the edge."""

    words: str
    url: str
    family: str = "wait"


def gaps_of(project, missing, facts):
    """What to mend in a ``reading.Line``; ``missing`` is its row of ``reading.Lacking``, beside it ``reading.Facts``."""
    return list(candidates(project, {name for name, marked in missing.items() if marked}, facts.point, facts.report))


def candidates(project, missing, point, report):
    def there(name, anchor="", *args):
        return reverse(f"portfolios:{name}", args=[project.pk, *args]) + anchor

    if "gap_late" in missing and point:
        yield Gap(f"Точка «{short(point['name'])}» просрочена с {date_short(point['due'])}", there("project", f"#point-{point['uid']}"), "alert")
    if "gap_due" in missing and report:
        late = late_by(datetime.fromisoformat(report["due_at"]))
        yield Gap(f"Отчёт просрочен {late}", reverse("portfolios:report", args=[report["pk"]]), "alert")
    if "gap_help" in missing:
        yield Gap("Команда просит помощи: так сказано в последнем отчёте", there("project", "#reports"), "alert")
    if "gap_closed" in missing:
        yield Gap("Учреждение закрыто, а проект идёт", there("project", "#institutions"), "alert")
    if "gap_report" in missing and "gap_due" not in missing:
        yield Gap(silence(project), there("project", "#reports"), "alert")
    if "gap_head" in missing:
        yield Gap("Не указан руководитель", there("project_head"))
    if "gap_team" in missing:
        yield Gap("Нет команды", there("team_new"))
    if "gap_lead" in missing:
        yield Gap("Не указано ведущее учреждение", there("institution_add"))
    if "gap_passport" in missing:
        yield Gap("Нет утверждённого паспорта", there("project", "#passport"))
    if "gap_result" in missing:
        yield Gap("Не записан итог", there("project_status", "", "save_result"))


def silence(project):
    """«Нет отчёта 213 дней»: since the last report, or since the beginning when there was none."""
    since = project.last_report_on or project.start
    days = (timezone.localdate() - since).days
    return f"Нет отчёта {days}\xa0{plural(days, 'день,дня,дней')}"


def short(text, limit=80):
    return text if len(text) <= limit else f"{text[:limit].rstrip()}…"


