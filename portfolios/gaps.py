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
    """What to mend in a ``reading.Line``; ``missing`` are the names of ``lacking.Missing``, beside them ``reading.Facts``."""
    return list(candidates(project, missing, facts.point, facts.report))


def candidates(project, missing, point, report):
    def there(name, anchor="", *args):
        return reverse(f"portfolios:{name}", args=[project.pk, *args]) + anchor

    if "late" in missing and point:
        yield Gap(f"Точка «{short(point['name'])}» просрочена с {date_short(point['due'])}", there("project", f"#point-{point['uid']}"), "alert")
    if "due" in missing and report:
        late = late_by(datetime.fromisoformat(report["due_at"]))
        yield Gap(f"Отчёт просрочен {late}", reverse("portfolios:report", args=[report["pk"]]), "alert")
    if "help" in missing:
        yield Gap("Команда просит помощи: так сказано в последнем отчёте", there("project", "#reports"), "alert")
    if "closed" in missing:
        yield Gap("Учреждение закрыто, а проект идёт", there("project", "#institutions"), "alert")
    if "report" in missing and "due" not in missing:
        yield Gap(silence(project), there("project", "#reports"), "alert")
    if "lagging" in missing:
        yield Gap("Есть отставание: так сказано в последнем отчёте", there("project", "#reports"))
    if "head" in missing:
        yield Gap("Не указан руководитель", there("project_head"))
    if "team" in missing:
        yield Gap("Нет команды", there("team_new"))
    if "lead" in missing:
        yield Gap("Не указано ведущее учреждение", there("institution_add"))
    if "passport" in missing:
        yield Gap("Нет утверждённого паспорта", there("project", "#passport"))
    if "result" in missing:
        yield Gap("Не записан итог", there("project_status", "", "save_result"))


def silence(project):
    """«Нет отчёта 213 дней»: since the last report, or since the beginning when there was none."""
    since = project.last_report_on or project.start
    days = (timezone.localdate() - since).days
    return f"Нет отчёта {days}\xa0{plural(days, 'день,дня,дней')}"


def short(text, limit=80):
    return text if len(text) <= limit else f"{text[:limit].rstrip()}…"


