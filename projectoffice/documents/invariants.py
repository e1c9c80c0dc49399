"""What must hold in the data of documents at any time; ``manage.py check_invariants`` asks all of it."""
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q

from projectoffice.common.invariants import invariant

from . import route
from .models import Annulment, Attachment, Counter, Decision, Document, Edition, EditionFile, Sheet, Stamp
from .snapshot import hash_of, take_snapshot

STATE = Document.State


def each(queryset, sentence):
    return (sentence.format(row) for row in queryset.iterator())


@invariant("Действующий документ имеет редакцию")
def issued_has_an_edition():
    return each(Document.objects.filter(state__in=[STATE.ISSUED, STATE.ANNULLED], in_force=None), "{0}: нет редакции")


@invariant("Редакция в силе принадлежит своему документу")
def edition_in_force_is_own():
    return each(Document.objects.filter(in_force__isnull=False).exclude(in_force__document=F("pk")), "{0}: чужая редакция")


@invariant("Действует последняя редакция")
def in_force_is_the_newest():
    newest = Document.objects.annotate(newest=Max("editions__number")).filter(in_force__isnull=False)
    return each(newest.exclude(in_force__number=F("newest")), "{0}: действует не последняя редакция")


@invariant("Редакции идут подряд с первой")
def editions_without_gaps():
    counted = Document.objects.annotate(first=Min("editions__number"), last=Max("editions__number"), count=Count("editions"))
    return each(counted.filter(count__gt=0).exclude(first=1, last=F("count")), "{0}: номера редакций с пропуском")


@invariant("У каждой редакции есть PDF")
def edition_has_its_file():
    return each(Edition.objects.filter(file__isnull=True), "{0}: нет PDF")


@invariant("Хэш редакции равен хэшу её PDF")
def edition_and_file_agree():
    return each(Edition.objects.exclude(sha256=F("file__sha256")).filter(file__isnull=False), "{0}: хэши расходятся")


@invariant("Содержание редакции и листа на подпись равно своему хэшу")
def content_has_its_hash():
    for frozen in (Edition.objects.select_related("document").defer("text"), Sheet.objects.select_related("document").defer("pdf")):
        for row in frozen.iterator(chunk_size=20):
            if hash_of(row.snapshot) != row.content_hash:
                yield f"{row}: содержание изменено"


@invariant("Действующий документ говорит то же, что его редакция")
def live_content_is_the_edition():
    living = Document.objects.filter(state=STATE.ISSUED, in_force__isnull=False, is_archive=False)
    for document in living.select_related("in_force").iterator(chunk_size=20):
        if hash_of(take_snapshot(document)) != document.in_force.content_hash:
            yield f"{document}: содержание не то, что в редакции {document.in_force.number}"


@invariant("Номера без пропусков")
def numbers_without_gaps():
    for counter in Counter.objects.all():
        taken = Document.objects.filter(kind=counter.kind, body=counter.body, number__isnull=False)
        numbers = taken.filter(Q(year=counter.year) | Q(date__year=counter.year)).aggregate(
            first=Min("number"), last=Max("number"), count=Count("number"))
        if numbers["count"] and (numbers["last"] > counter.last or numbers["last"] - numbers["first"] + 1 != numbers["count"]):
            yield f"{counter}: номера {numbers['first']}–{numbers['last']}, документов {numbers['count']}"


@invariant("На подписи лежит лист своего документа и своей редакции")
def sheet_is_own():
    waiting = Document.objects.filter(state=STATE.IN_APPROVAL)
    right = Q(current_sheet__document=F("pk"), current_sheet__edition_number=F("edition_number"))
    return each(waiting.exclude(right), "{0}: на подписи чужой лист")


@invariant("На листе напечатан код своего документа")
def sheet_carries_the_code():
    waiting = Document.objects.filter(state=STATE.IN_APPROVAL)
    return each(waiting.exclude(current_sheet__code=F("coming_code")), "{0}: код листа не тот")


@invariant("Документ на подписи кого-то ждёт")
def route_waits_for_somebody():
    for document in route.with_route(Document.objects.filter(state=STATE.IN_APPROVAL)):
        if not route.open_stamps(document):
            yield f"{document}: все подписали, а документ не выпущен"


@invariant("У выпущенного документа подписаны все грифы")
def issued_is_signed():
    signed = Decision.objects.filter(stamp=OuterRef("pk"), code=OuterRef("document__in_force__public_code"), verdict="signed")
    stamps = Stamp.objects.active().filter(document__state=STATE.ISSUED).exclude(Exists(signed))
    for stamp in stamps.select_related("document"):
        if not stamp.is_by_act:
            yield f"{stamp.document}: «{stamp}» без решения"


@invariant("Решение относится к грифу своего документа")
def decision_is_own():
    return each(Decision.objects.exclude(stamp__document=F("document")), "{0}: решение по чужому грифу")


@invariant("Решение принято о листе, который был")
def decision_has_its_sheet():
    sheet = Sheet.objects.filter(document=OuterRef("document"), edition_number=OuterRef("edition_number"),
                                 content_hash=OuterRef("content_hash"), code=OuterRef("code"))
    return each(Decision.objects.exclude(Exists(sheet)), "{0}: нет листа с таким содержанием")


@invariant("Отменённый документ отменён двумя людьми или актом")
def annulled_by_two_or_by_act():
    done = Annulment.objects.filter(document=OuterRef("pk"), confirmed_at__isnull=False)
    yield from each(Document.objects.filter(state=STATE.ANNULLED).exclude(Exists(done)), "{0}: отмена не записана")
    alone = Annulment.objects.filter(confirmed_at__isnull=False, act="", confirmed_by=F("proposed_by"))
    yield from each(alone, "{0}: предложил и подтвердил один человек")


@invariant("Опубликовано только действующее")
def published_is_in_force():
    wrong = Document.objects.filter(published_at__isnull=False).filter(Q(in_force=None) | Q(state=STATE.ANNULLED))
    return each(wrong, "{0}: опубликован, но не действует")


@invariant("Файл PDF без редакции не хранится, скан относится к известной редакции")
def scans_belong():
    yield from each(EditionFile.objects.filter(edition=None), "{0}: PDF без редакции")
    yield from each(Attachment.objects.filter(edition_number__gt=F("document__edition_number") + 1), "{0}: файл неизвестной редакции")
