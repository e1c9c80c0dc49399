"""«Требуют внимания»: what is missing in a project, each a sentence with the way to the very field to mend."""
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from projectoffice.common.russian import date_short, plural


@dataclass(frozen=True)
class Gap:
    """One thing to put in order: words, the way there, family of the edge."""

    words: str
    url: str
    family: str = "wait"


def gaps_of(project, point):
    """Gaps of a project read by ``reading.with_gaps``; ``point`` is its longest overdue point, or None."""
    return [gap for gap in candidates(project, point) if gap]


def candidates(project, point):
    def there(name, anchor="", *args):
        return reverse(f"portfolios:{name}", args=[project.pk, *args]) + anchor

    if project.gap_late and point:
        yield Gap(f"Точка «{short(point.name)}» просрочена с {date_short(point.due)}", there("project", f"#point-{point.uid}"), "alert")
    if project.gap_closed:
        yield Gap("Учреждение закрыто, а проект идёт", there("project", "#institutions"), "alert")
    if project.gap_report:
        yield Gap(silence(project), there("project", "#reports"), "alert")
    if project.gap_head:
        yield Gap("Не указан руководитель", there("project_head"))
    if project.gap_team:
        yield Gap("Нет команды", there("team_new"))
    if project.gap_lead:
        yield Gap("Не указано ведущее учреждение", there("institution_add"))
    if project.gap_passport:
        yield Gap("Нет утверждённого паспорта", there("project", "#passport"))
    if project.gap_result:
        yield Gap("Не записан итог", there("project_status", "", "save_result"))


def silence(project):
    """«Нет отчёта 213 дней»: since the last report, or since the beginning when there was none."""
    since = project.last_report_on or project.start
    days = (timezone.localdate() - since).days
    return f"Нет отчёта {days}\xa0{plural(days, 'день,дня,дней')}"


def short(text, limit=80):
    return text if len(text) <= limit else f"{text[:limit].rstrip()}…"


