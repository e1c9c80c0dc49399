"""Verbs of the results: an award by hand, publication, correction, letters, papers, a winner's project."""
from itertools import count

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from portfolios.services.institutions import add_institution
from portfolios.services.passport import start_passport
from portfolios.services.project import create_project
from portfolios.services.team import add_member
from projectoffice.accounts.access import person_of, require
from projectoffice.common import jobs
from projectoffice.common.db import locked, now
from projectoffice.common.errors import StaleVersion
from projectoffice.common.history import record
from projectoffice.common.models import OutgoingMail
from projectoffice.common.russian import plural
from projectoffice.common.services import outbox
from projectoffice.documents.services.attachments import attach

from ..contest.workflow import demand
from ..models import Award, AwardChange, Contest, Diploma, Entry, Result
from ..outcome.awarding import awards_of
from ..outcome.missing import problems_of
from ..outcome.papers import DIPLOMAS, LETTERS, PRINT, results_url, words_by_entry
from ..outcome.snapshot import fingerprint, take
from ..tally.board import standings
from .door import open_contest
from .parts import step

SEES = "contests.see_tally"
OTHER_CONTENT = "Пока вы читали, изменились оценки или награды. Посмотрите итоги ещё раз и опубликуйте."
NOTHING_NEW = "В опубликованных итогах то же самое: исправлять нечего. Сначала измените лист, награду, решение председателя или голос жюри."


def open_results(contest, by, verb):
    """The locked contest; who may not know yet what comes of the sheets decides nothing about it."""
    contest = open_contest(contest, by, verb)
    require(by, SEES, contest)
    return contest


# Awards by hand

@transaction.atomic
def change_award(entry, *, by, level, reason):
    """Give this award instead of the one the place brings; ``level`` None gives none. Until publication the office alone knows."""
    contest = open_results(entry.contest, by, "award")
    entry = judged(entry)
    if level is not None and level.contest_id != contest.pk:
        raise ValidationError({"level": "Выберите награду этого конкурса."})
    change = AwardChange.objects.filter(entry=entry).first()
    if change and (change.level_id, change.reason) == (level and level.pk, reason):
        return change
    change, _ = AwardChange.objects.update_or_create(entry=entry, defaults={"level": level, "reason": reason, "by": person_of(by), "at": now()})
    # An organiser who scores here reads this history: it names neither the award nor the reason.
    record("change_award", contest, f"Работа № {entry.number}: награда определена отдельно", by=by,
           changes={"level": level and level.pk, "reason": reason})
    return change


@transaction.atomic
def reset_award(entry, *, by):
    """Back to the award the place brings."""
    contest = open_results(entry.contest, by, "award")
    if AwardChange.objects.filter(entry=entry).delete()[0]:
        record("reset_award", contest, f"Работа № {entry.number}: награда снова по месту", by=by)


def judged(entry):
    entry = locked(entry)
    if entry.state != Entry.State.ADMITTED:
        raise ValidationError("Эта работа не участвует в конкурсе: награду ей не дают.")
    return entry


# Publication

@transaction.atomic
def publish(contest, *, by, shown):
    """Publish the results as they were shown (``shown`` is their fingerprint); the result. Sent twice is published once.

    The contest is locked first, and whatever changes what counts locks it too: a sheet handed in at the same moment is
    either in the results or refused. Effects: the contest is finished, awards with their numbers, history, letters to be
    prepared and looked at.
    """
    contest = locked(contest)
    if contest.state == Contest.State.FINISHED:
        require(by, "contests.run_contests", contest)
        if same := published_already(contest, shown):
            return same
    require(by, SEES, contest)
    moment = demand(contest, "publish", by)
    snapshot = ready_snapshot(contest, moment, shown)
    result = store(contest, snapshot, moment, by)
    contest.state = Contest.State.FINISHED
    step(contest, "state")
    record("publish", contest, "Итоги опубликованы", by=by, changes={"result": result.pk})
    order_letters(result, by)
    return result


@transaction.atomic
def correct(contest, *, by, shown, reason, protocol, protocol_file=None):
    """Publish the next result with its reason and protocol; the one before stays. Papers whose words change are replaced."""
    contest = locked(contest)
    demand(contest, "correct", by)
    if same := published_already(contest, shown, reason):
        return same
    errors = {name: words for name, text, words in (("reason", reason, "Напишите, что и почему исправлено."),
                                                    ("protocol", protocol, "Назовите протокол: номер и дату.")) if not text.strip()}
    if errors:
        raise ValidationError(errors)
    moment = now()
    snapshot = ready_snapshot(contest, moment, shown)
    before = Result.objects.latest_of(contest)
    if fingerprint(snapshot) == fingerprint(before.snapshot):
        raise ValidationError(NOTHING_NEW)
    result = store(contest, snapshot, moment, by, reason=reason.strip(), protocol=protocol.strip(), protocol_file=protocol_file)
    record("correct", contest, f"Итоги исправлены ({protocol}): {reason}", by=by, changes={"result": result.pk})
    order_letters(result, by)
    return result


def published_already(contest, shown, reason=None):
    """The result that says just this, when it was published a moment ago from another tab."""
    last = Result.objects.latest_of(contest)
    if last and fingerprint(last.snapshot) == shown and (reason is None or last.reason == reason.strip()):
        return last
    return None


def ready_snapshot(contest, moment, shown):
    boards = standings(contest)
    barred = [problem.sentence for problem in problems_of(contest, boards, moment) if problem.stops]
    if barred:
        raise ValidationError(barred)
    snapshot = take(contest, boards, awards_of(contest, boards))
    if fingerprint(snapshot) != shown:
        raise StaleVersion(contest, OTHER_CONTENT)
    return snapshot


def store(contest, snapshot, moment, by, **fields):
    number = contest.results.count() + 1
    result = Result.objects.create(contest=contest, number=number, snapshot=snapshot, by=person_of(by), published_at=moment, **fields)
    first = (Award.objects.filter(result__contest=contest).aggregate(last=Max("number"))["last"] or 0) + 1
    kept = kept_awards(contest, snapshot, number)
    numbers = count(first)
    Award.objects.bulk_create(
        Award(result=result, entry_id=key, level_id=level, **({"number": kept[key].number, "code": kept[key].code} if key in kept else
                                                              {"number": next(numbers)}))
        for key, (level, _) in words_by_entry(snapshot).items())
    keep_diplomas(result)
    return result


def kept_awards(contest, snapshot, number):
    """``{entry id: award}`` of the result before this number whose papers would say the same: they stay good."""
    before = contest.results.filter(number=number - 1).first()
    if before is None:
        return {}
    said, says = words_by_entry(before.snapshot), words_by_entry(snapshot)
    return {award.entry_id: award for award in before.awards.all() if says.get(award.entry_id) == said[award.entry_id]}


def keep_diplomas(result):
    """The files made for awards that stay good are those of the next result too."""
    made = {paper.award.code: paper for paper in Diploma.objects.filter(award__result__contest=result.contest_id).select_related("award").order_by("pk")}
    Diploma.objects.bulk_create(Diploma(award=award, file=made[award.code].file, made_at=made[award.code].made_at)
                                for award in result.awards.all() if award.code in made)


# Letters

def order_letters(result, by):
    entries = [entry["id"] for nomination in result.snapshot["nominations"] for entry in nomination["entries"]]
    jobs.start(LETTERS, entries, title=f"Письма об итогах: {result.contest.title}", by=by, about=result, back=results_url(result))


@transaction.atomic
def send_letters(result, *, by):
    """Let the letters go that were prepared and looked at; how many. Twice is once."""
    contest = locked(result.contest)
    demand(contest, "papers", by)
    sent = outbox.release(OutgoingMail.objects.about(result))
    if sent:
        record("send_result_letters", contest, f"Отправлены письма об итогах: {sent}", by=by)
    return sent


# Papers

@transaction.atomic
def make_diplomas(result, *, by, post="", name="", reason=""):
    """Order the diplomas of a result: a job with progress; those made already are left as they are.

    With a ``reason`` all are made anew: another file, the same number and code.
    """
    contest = open_contest(result.contest, by, "papers")
    if Result.objects.latest_of(contest) != result:
        raise ValidationError("Итоги исправлены: дипломы делают по последним.")
    reason = reason.strip()
    awards = result.awards.all() if reason else result.awards.filter(diplomas__isnull=True)
    left = list(awards.order_by("number").values_list("pk", flat=True))
    job = jobs.start(DIPLOMAS, left, title=f"Дипломы и сертификаты: {contest.title}", by=by, about=result, back=results_url(result),
                     arguments={"post": post.strip(), "name": name.strip(), "again": bool(reason)})
    papers = f"{len(left)} {plural(len(left), 'диплом и сертификат,диплома и сертификата,дипломов и сертификатов')}"
    record("make_diplomas", contest, f"Заказано{' заново' if reason else ''}: {papers}{f'. {reason}' if reason else ''}", by=by)
    return job


@transaction.atomic
def print_on_blanks(result, *, by, paper, right, down):
    """Order the text of all diplomas (or certificates) in one file for ready blanks, moved by these millimetres."""
    contest = open_contest(result.contest, by, "papers")
    arguments = {"paper": paper, "shift": [float(right), float(down)]}
    return jobs.start(PRINT, [], title=f"Текст на бланки: {contest.title}", by=by, about=result, back=results_url(result), arguments=arguments)


# A winner goes on

@transaction.atomic
def make_project(entry, *, by, model):
    """Make the project of an awarded entry in the portfolio of this model, with its institutions, team and files, once.

    Effects: the project with a passport that carries the files, history of both, letters to its head.
    """
    contest = open_contest(entry.contest, by, "project")
    entry = Entry.objects.select_for_update(of=("self",)).select_related("institution", "project").get(pk=entry.pk)
    if entry.project_id:
        return entry.project
    award = Result.objects.latest_of(contest).awards.filter(entry=entry).select_related("level").first()
    if award is None or not award.level.becomes_project:
        raise ValidationError("По правилам этого конкурса работа с такой наградой проектом не становится.")
    said = entry.submissions.first().snapshot
    authors = list(entry.authors.select_related("person"))
    project = create_project(
        by=by, portfolio=model.portfolio, model=model, title=said["title"], institution=entry.institution,
        head=next((each.person for each in authors if each.is_contact and each.person), None),
        origin=f"{contest}: работа № {entry.number}, {award.level.title}"[:400], origin_url=reverse("contests:public_results", args=[contest.pk]))
    for place in entry.partners.all():
        add_institution(project, place, by=by)
    for author in authors:
        if author.person_id is None or author.person_id != project.head_id:
            add_member(project, by=by, person=author.person, name=author.name, post=author.post, role="member")
    document = start_passport(project, by=by).document
    files = {row.pk: row for row in entry.files.select_related("file")}
    for file in said["files"]:
        if file["id"] in files:
            attach(document, files[file["id"]].file, by=by)
    entry.project = project
    entry.version += 1
    entry.save(update_fields=["project", "version"])
    record("make_project", entry, f"Стала проектом: {model.portfolio}", by=by, changes={"project": project.pk})
    record("make_project", project, f"Вырос из работы № {entry.number} конкурса «{contest}»", by=by, changes={"entry": entry.pk})
    return project
