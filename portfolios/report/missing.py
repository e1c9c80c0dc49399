"""What a report lacks before it can be sent: sentences with the field each is about."""
from dataclasses import dataclass

from ..models import Project
from .measured import indicators_of, remark_on

NO_COURSE = "Отметьте, как идёт проект."
NO_DONE = "Напишите, что сделано за период."
NO_PROBLEMS = "Напишите, что мешает: руководитель портфеля поймёт, чем помочь."


@dataclass(frozen=True)
class Lack:
    """One thing to mend: the field of the page and the sentence beside it."""

    name: str
    words: str


def lacks_of(report, indicators=None):
    """Everything that bars sending, in the order of the page."""
    return [*lacking_texts(report), *lacking_values(report, indicators)]


def lacking_texts(report):
    if not report.done.strip():
        yield Lack("done", NO_DONE)
    if report.course in (Project.Course.LAGGING, Project.Course.IN_TROUBLE) and not report.problems.strip():
        yield Lack("problems", NO_PROBLEMS)
    if not report.course:
        yield Lack("course", NO_COURSE)


def lacking_values(report, indicators=None):
    values = {value.indicator_id: value for value in report.values.all()}
    for measured in indicators_of(report.project) if indicators is None else indicators:
        value = values.get(measured.pk)
        name, text = f"value-{measured.uid}-text", value.text if value else ""
        if text:
            if words := remark_on(measured, text):
                yield Lack(name, f"Показатель «{measured.name}»: {words}")
        elif not (value and value.evidence):
            yield Lack(name, f"Показатель «{measured.name}»: впишите значение или напишите рядом, почему его нет.")
