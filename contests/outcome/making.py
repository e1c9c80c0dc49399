"""Jobs of the results: letters prepared to be looked at, diplomas stored one by one, all of them in one file to print."""
from django.core.files.uploadedfile import SimpleUploadedFile

from projectoffice.common.db import now
from projectoffice.common.filenames import clean_name
from projectoffice.common.jobs import ItemRefused, handles
from projectoffice.common.uploads import store_upload
from projectoffice.documents.sheet import SheetNotRendered, render_awards

from ..contest.workflow import RUNS
from ..models import Award, Diploma, Entry
from . import letters
from .papers import DIPLOMAS, LETTERS, PRINT, diploma, diploma_file, diploma_title, entries_by_id, head_of_paper

SECONDS = 120
MANY = 100 * 1024 * 1024


@handles(LETTERS, permission=RUNS, batch=10)
def prepare_letters(job, entries):
    """A held letter to each address of each team; the same occasion prepares nothing twice."""
    result = job.about
    found = entries_by_id(result.snapshot)
    before = Award.objects.filter(result__contest=result.contest_id, result__number__lt=result.number)
    kept = set(result.awards.filter(code__in=before.values("code")).values_list("entry", flat=True))
    rows = Entry.objects.filter(pk__in=entries).select_related("contest", "institution", "created_by").prefetch_related("authors__person")
    for entry in rows:
        letters.told(result, entry, found[entry.pk][1], entry.pk in kept)


def drawn(awards, **options):
    try:
        return render_awards(awards, **options)
    except SheetNotRendered as error:
        raise ItemRefused(str(error)) from error


def stored(name, content, by):
    return store_upload(SimpleUploadedFile(name, content, "application/pdf"), by=by, allowed=("pdf",), most=MANY)


def draw_all(job):
    """The bytes of every diploma of the result in one file, in the order of their numbers: what goes to the printer."""
    result = job.about
    found, above = entries_by_id(result.snapshot), head_of_paper()
    sheets = [diploma(award, result, found, above, job.arguments) for award in chosen(result, job.arguments)]
    shift = job.arguments.get("shift")
    title = f"Дипломы: {result.snapshot['contest']['title']}"
    return drawn(sheets, title=title, shift=shift, seconds=SECONDS).pdf if sheets else b""


def keep_all(job, content):
    if content:
        name = "Дипломы на бланк.pdf" if job.arguments.get("shift") else "Дипломы.pdf"
        job.file = stored(clean_name(name, "pdf"), content, job.by)


def chosen(result, arguments):
    """The awards to print: of one paper when asked, otherwise all."""
    awards = result.awards.select_related("level").order_by("number")
    return awards.filter(level__paper=arguments["paper"]) if arguments.get("paper") else awards


@handles(DIPLOMAS, permission=RUNS, batch=10, before_finish=draw_all, finish=keep_all)
def make_diplomas(job, awards):
    """A file for each award; one that has its file keeps it, unless all are made again."""
    result = job.about
    found, above = entries_by_id(result.snapshot), head_of_paper()
    wanted = result.awards.filter(pk__in=awards)
    for award in wanted if job.arguments.get("again") else wanted.filter(diplomas__isnull=True):
        entry = found[award.entry_id][1]
        content = drawn([diploma(award, result, found, above, job.arguments)], title=diploma_title(award, entry)).pdf
        file = stored(diploma_file(award, entry), content, job.by)
        Diploma.objects.create(award=award, file=file, made_at=now())


@handles(PRINT, permission=RUNS, before_finish=draw_all, finish=keep_all)
def print_diplomas(job, items):
    """Nothing one by one: the file is drawn whole at the end."""
