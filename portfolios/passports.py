"""The passport as pages and papers need it: its steps, what is missing, its source as JSON, its points. Reads only."""
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.common.russian import date_short, plural, small_first
from projectoffice.documents.models import Document, Stamp
from projectoffice.documents.panel import panel_of

from .amounts import shown_amount, signed_amount
from .models import Indicator, Milestone, Passport, ProjectInstitution, Stage, TeamMember
from .report.measured import decimal, known_values

SOON = timedelta(days=14)
CLOSED = (Document.State.ISSUED, Document.State.ANNULLED)


@dataclass(frozen=True)
class Step:
    """One step of filling in: its texts, or the rows it is made of."""

    number: int
    code: str
    title: str
    texts: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


STEPS = (
    Step(1, "about", "О проекте", ("problem", "audience", "resources")),
    Step(2, "goal", "Цель и задачи", ("goal", "tasks")),
    Step(3, "results", "Результаты и продукты", ("results", "products")),
    Step(4, "team", "Команда"),
    Step(5, "stages", "Этапы и контрольные точки", rows=("stage", "milestone")),
    Step(6, "indicators", "Показатели", rows=("indicator",)),
)
BY_CODE = {step.code: step for step in STEPS}
LABELS = {
    "problem": "Проблема, которую решает проект", "audience": "Для кого", "resources": "Ресурсы", "goal": "Цель",
    "tasks": "Задачи", "results": "Ожидаемые результаты", "products": "Продукты",
}
NEEDED = ("problem", "audience", "goal", "tasks", "results")
EMPTY_WORDS = {
    "problem": "не описана проблема", "audience": "не сказано, для кого проект", "goal": "не записана цель",
    "tasks": "не записаны задачи", "results": "не записаны ожидаемые результаты",
}


@dataclass(frozen=True)
class Missing:
    """What the passport lacks before it can be sent: a sentence, the step and the place in it."""

    words: str
    code: str
    anchor: str = ""
    url: str = ""

    @property
    def step(self):
        return BY_CODE.get(self.code)

    @property
    def sentence(self):
        text = f"{self.words[0].upper()}{self.words[1:]}."
        return f"Шаг {self.step.number}, «{self.step.title}»: {self.words}." if self.step else text


def missing(passport):
    """Everything that bars sending, in the order of the steps; six queries whatever the number of rows."""
    project = passport.project
    return [*missing_in_card(project), *missing_texts(passport), *missing_team(project), *missing_stages(project),
            *missing_points(project), *missing_indicators(project), *missing_stamps(passport.document, project)]


def missing_in_card(project):
    edit = reverse("portfolios:project_edit", args=[project.pk])
    if not project.start or not project.end:
        yield Missing("у проекта не указаны сроки", "", url=f"{edit}#id_{'end' if project.start else 'start'}")
    if not project.head_id:
        yield Missing("у проекта не указан руководитель", "", url=reverse("portfolios:project_head", args=[project.pk]))
    if not project.institutions.filter(role=ProjectInstitution.Role.LEAD).exists():
        yield Missing("не указано ведущее учреждение", "", url=reverse("portfolios:institution_add", args=[project.pk]))


def missing_texts(passport):
    for step in STEPS:
        for name in step.texts:
            if name in NEEDED and not getattr(passport, name):
                yield Missing(EMPTY_WORDS[name], step.code, f"id_{name}")


def missing_team(project):
    if not project.team.current().exclude(role=TeamMember.Role.HEAD).exists():
        yield Missing("в команде никого, кроме руководителя", "team")


def missing_stages(project):
    stages = list(project.stages.present())
    if not stages:
        yield Missing("нет ни одного этапа", "stages", "stages")
    for place, stage in enumerate(stages, start=1):
        words, at = f"этап {place}", f"id_stage-{stage.uid}"
        if not stage.name:
            yield Missing(f"{words} без названия", "stages", f"{at}-name")
        if not (stage.start and stage.end):
            yield Missing(f"{words} без сроков", "stages", f"{at}-start")
        elif stage.end < stage.start:
            yield Missing(f"{words} кончается раньше, чем начинается", "stages", f"{at}-end")
        elif outside(project, stage.start) or outside(project, stage.end):
            yield Missing(f"{words} выходит за сроки проекта", "stages", f"{at}-start")


def missing_points(project):
    points = [point for point in project.milestones.present() if not point.dropped_reason]
    if not points:
        yield Missing("нет ни одной контрольной точки", "stages", "milestones")
    for place, point in enumerate(points, start=1):
        words, at = f"контрольная точка {place}", f"id_milestone-{point.uid}"
        if not point.name:
            yield Missing(f"{words} без названия", "stages", f"{at}-name")
        if not point.due:
            yield Missing(f"{words} без срока", "stages", f"{at}-due")
        elif outside(project, point.due):
            yield Missing(f"{words} выходит за сроки проекта", "stages", f"{at}-due")


def outside(project, day):
    return bool(project.start and day < project.start or project.end and day > project.end)


def missing_indicators(project):
    rows = list(project.indicators.present())
    if not rows:
        yield Missing("нет ни одного показателя", "indicators", "indicators")
    for place, row in enumerate(rows, start=1):
        words, at = f"показатель {place}", f"id_indicator-{row.uid}"
        if not row.name:
            yield Missing(f"{words} без названия", "indicators", f"{at}-name")
        if row.target is None:
            yield Missing(f"{words} без целевого значения", "indicators", f"{at}-target")


def missing_stamps(document, project):
    """The passport is approved by somebody, and not by those who carry the project out."""
    approve = [stamp for stamp in document.stamps.active() if stamp.kind == Stamp.Kind.APPROVE]
    if not approve:
        yield Missing("нет грифа «Утверждаю»: его ставит Проектный офис", "", "stamps")
    own = {project.head_id, *project.team.current().filter(person__isnull=False).values_list("person", flat=True)} - {None}
    if any(stamp.signer_id in own for stamp in approve):
        yield Missing("паспорт утверждает тот, кто сам в проектной команде: выберите другого в грифе «Утверждаю»", "", "stamps")


def progress(lacking):
    """``[(step, its lacks)]`` for the page that shows how far it is."""
    return [(step, [each for each in lacking if each.code == step.code]) for step in STEPS]


def next_step(lacking):
    """The first step that still lacks something, or None."""
    return next((each.step for each in lacking if each.step), None)


def filled(lacking):
    """How many steps are finished: the one count of every page."""
    return sum(not lacks for _, lacks in progress(lacking))


def with_unfinished_steps(projects):
    """Projects with what ``unfinished_steps`` asks of rows, for lists: the rules of ``missing`` in one question for all of them."""
    early, late = Q(start__lt=OuterRef("start")) | Q(end__lt=OuterRef("start")), Q(start__gt=OuterRef("end")) | Q(end__gt=OuterRef("end"))
    bad_stage = Q(name="") | Q(start=None) | Q(end=None) | Q(end__lt=F("start")) | early | late
    bad_point = Q(name="") | Q(due=None) | Q(due__lt=OuterRef("start")) | Q(due__gt=OuterRef("end"))
    team = TeamMember.objects.current().exclude(role=TeamMember.Role.HEAD).filter(project=OuterRef("pk"))
    return projects.annotate(
        lacks_team=~Exists(team), lacks_stages=lacks(Stage.objects.present(), bad_stage),
        lacks_points=lacks(Milestone.objects.present().filter(dropped_reason=""), bad_point),
        lacks_indicators=lacks(Indicator.objects.present(), Q(name="") | Q(target=None)))


def lacks(rows, bad):
    """Whether a project has none of these rows, or one that is not finished."""
    rows = rows.filter(project=OuterRef("pk"))
    return ~Exists(rows) | Exists(rows.filter(bad))


def unfinished_steps(project):
    """``[(step, anchor)]`` of a row of ``with_unfinished_steps``: the steps for which ``missing`` has something to say."""
    texts = [(step, next((f"id_{name}" for name in step.texts if name in NEEDED and not getattr(project.passport, name)), None))
             for step in STEPS if step.texts]
    rows = [(BY_CODE["team"], "" if project.lacks_team else None),
            (BY_CODE["stages"], "stages" if project.lacks_stages else "milestones" if project.lacks_points else None),
            (BY_CODE["indicators"], "indicators" if project.lacks_indicators else None)]
    return [(step, anchor) for step, anchor in texts + rows if anchor is not None]


# ── the source: everything the passport says, as JSON ─────────────────────────────────────────────────────

def source_of(passport):
    """What is printed, compared and restored. What lives outside the passport's route stays as it was issued."""
    project, document = passport.project, passport.document
    stages = list(project.stages.present().order_by("position"))
    live = {
        "texts": {name: getattr(passport, name) for name in LABELS},
        "stages": [{"uid": str(row.uid), "name": row.name, "start": iso(row.start), "end": iso(row.end), "result": row.result}
                   for row in stages],
        "milestones": points_by_stage(project, stages),
        "indicators": [{"uid": str(row.uid), "name": row.name, "unit": row.unit, "baseline": text_of(row.baseline),
                        "target": text_of(row.target), "is_cumulative": row.is_cumulative}
                       for row in project.indicators.present().order_by("position")],
    }
    frozen = document.in_force.snapshot["source"] if document.state in CLOSED and document.in_force_id else None
    return {**live, "card": frozen["card"] if frozen else card_of(project), "team": frozen["team"] if frozen else team_of(project)}


def told_source(passport):
    """What everybody is told of the project: the edition in force, and before there is one the draft."""
    in_force = passport.document.in_force
    return in_force.snapshot["source"] if in_force else source_of(passport)


def points_by_stage(project, stages):
    """Control points under their stages, those of no stage last; within a stage as they were put."""
    places = {stage.pk: place for place, stage in enumerate(stages)}
    points = sorted(project.milestones.present().order_by("position"), key=lambda point: places.get(point.stage_id, len(stages)))
    under = {stage.pk: {"stage": str(stage.uid)} for stage in stages}
    return [{"uid": str(row.uid), "name": row.name, "due": iso(row.due), **under.get(row.stage_id, {})} for row in points]


def card_of(project):
    """What the card of the project says, in words; it has its own verbs and its own history."""
    places = list(project.institutions.select_related("institution"))
    lead = [str(each.institution) for each in places if each.role == ProjectInstitution.Role.LEAD]
    return {
        "uid": str(project.uid), "title": project.title, "kind": project.get_kind_display(), "portfolio": project.portfolio.name,
        "model": project.model.name if project.model else "", "start": iso(project.start), "end": iso(project.end),
        "lead": lead[0] if lead else "", "partners": [str(each.institution) for each in places if each.institution and str(each.institution) not in lead],
        "head": head_words(project.head),
    }


def head_words(head):
    if head is None:
        return ""
    post = head.current_post
    return f"{head.full_name}, {small_first(post)}" if post else head.full_name


def team_of(project):
    return [{"name": row.name, "post": row.post, "role": row.get_role_display(), "duty": row.duty}
            for row in project.team.current().order_by("position", "pk")]


def iso(day):
    return day.isoformat() if day else ""


def text_of(value):
    return "" if value is None else f"{value.normalize():f}"


def from_iso(text):
    return date.fromisoformat(text) if text else None


def period(start, end):
    """«01.09.2027–31.05.2028», one end alone, or nothing."""
    start, end = (date_short(day) if day else "" for day in (start, end))
    return f"{start}–{end}" if start and end else f"с {start}" if start else f"до {end}" if end else ""


# ── a project's page ──────────────────────────────────────────────────────────────────────────────────────

def of_project(project, user):
    """What a page of a project shows of its passport to this person: its paper, points, indicators, goal."""
    passport = Passport.objects.filter(project=project).select_related("document__in_force", "document__current_sheet").defer(
        "document__current_sheet__pdf", "document__in_force__text").first()
    if passport is None:
        return {"passport": None, "points": [], "indicators": [], "texts": {}}
    passport.project = project
    panel = panel_of(passport.document, user)
    working = panel.reads_working
    source = told_source(passport) if working or passport.document.in_force_id else None
    return {
        "passport": passport, "panel": panel if working or source else None,
        "may_fill": working and passport.document.is_draft and may(user, "portfolios.change_project", project),
        "points": points_shown(project, source), "texts": source["texts"] if source else {},
        "indicators": indicators_shown(project, source["indicators"]) if source else [],
        **standing(missing(passport) if working and passport.document.is_draft else []),
    }


def standing(lacking):
    """How far the passport is: what is lacking, how many steps are finished, what is asked outside the steps."""
    return {"lacking": lacking, "filled": filled(lacking), "total": len(STEPS), "beside": [each for each in lacking if not each.step]}


def points_shown(project, source):
    """Points as the reader may know them, each with its live mark."""
    if source is None:
        return []
    live = {str(point.uid): point for point in project.milestones.all()}
    stages = {stage["uid"]: stage["name"] for stage in source["stages"]}
    shown = []
    for row in source["milestones"]:
        point = live.get(row["uid"])
        if point is not None:
            due = from_iso(row["due"])
            family, word = look_of(point, due)
            shown.append({"point": point, "name": row["name"], "due": due, "family": family, "word": word,
                          "stage": stages.get(row.get("stage"), ""),
                          "is_open": point.reached_on is None and not point.dropped_reason})
    return sorted(shown, key=lambda each: (each["due"] is None, each["due"] or date.max))


def look_of(point, due):
    """Family and word of the badge of a control point."""
    today = timezone.localdate()
    if point.dropped_reason:
        return "closed", "Снята"
    if point.reached_on:
        return "done", f"Достигнута {date_short(point.reached_on)}"
    if due and due < today:
        return "alert", f"Просрочена с {date_short(due)}"
    if due and due - today <= SOON:
        days = (due - today).days
        return "wait", "Срок сегодня" if not days else f"Срок через {days}\xa0{plural(days, 'день,дня,дней')}"
    return "neutral", "Предстоит"


def indicators_shown(project, rows):
    """Indicators as read, each with what it came to by the accepted reports; one query for any number."""
    known = known_values(project) if rows else {}
    return [indicator_shown(row, known.get(row["uid"])) for row in rows]


def indicator_shown(row, known=None):
    """An indicator as read: baseline, target, actual and how far it is, each with the unit; how it is counted."""
    unit, target, baseline = row["unit"], decimal(row["target"]), decimal(row["baseline"])
    actual = known.actual(baseline, row["is_cumulative"]) if known else None
    return {**row, "baseline": shown_amount(baseline, unit), "target": shown_amount(target, unit),
            "actual": shown_amount(actual, unit), "deviation": signed_amount(None if None in (actual, target) else actual - target, unit),
            "counting": "значения периодов складываются" if row["is_cumulative"] else "на конец периода"}
