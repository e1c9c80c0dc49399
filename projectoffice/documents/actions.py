"""What a person may do with a document now, as buttons; the same table (``workflow``) answers the verbs."""
from dataclasses import dataclass

from django.urls import reverse

from projectoffice.accounts.access import may
from projectoffice.common.russian import plural

from . import route
from .letters import ASKED
from .models import Stamp
from .workflow import DRAFT, ISSUED, ON_ROUTE, can

PRIMARY, OUTLINED, MORE = "primary", "outlined", "more"


@dataclass(frozen=True)
class Action:
    """One button: ``place`` is primary (one per page), outlined or more; ``method`` post needs a form."""

    code: str
    label: str
    url: str
    place: str = MORE
    method: str = "get"
    danger: bool = False

    @property
    def primary(self):
        return self.place == PRIMARY


def available(document, user):
    """The actions of this person on this document now, the first one primary when there is one to do.

    Every verb of the list is asked of ``workflow.can``, which the services obey as well.
    """
    found = [action for action in candidates(document, user) if action]
    if not any(action.primary for action in found):
        return found
    return sorted(found, key=lambda action: (PRIMARY, OUTLINED, MORE).index(action.place))


def candidates(document, user):
    def link(code, label, name=None, place=MORE, args=(), danger=False):
        url = reverse(f"documents:{name or code}", args=[document.pk, *args])
        return Action(code, label, url, place, danger=danger)

    def verb(code, label, name=None, place=MORE, danger=False):
        return link(code, label, name, place, danger=danger) if can(document, code, user) else None

    reads_working = may(user, "documents.read_working", document)
    asked = decision_word(document, user)
    if asked:
        yield link("decide", f"Прочитать и {asked}", place=PRIMARY)
    yield verb("send", sending_words(document), place=PRIMARY)
    yield verb("record_ink", "Отметить подписанное", "ink", OUTLINED if asked or not on_paper(document) else PRIMARY)
    yield verb("confirm_annulment", "Решить об отмене", "annul", PRIMARY) if not proposed_by(document, user) else None
    if document.state == ISSUED:
        yield verb("distribute", "Разослать", place=PRIMARY)
        yield verb("revise", "Внести изменения", place=OUTLINED)
    if reads_working and document.state == DRAFT:
        yield link("draft_pdf", "Напечатать проект", place=OUTLINED)
    if reads_working and document.state == ON_ROUTE:
        yield link("sheet", f"Напечатать на подпись ({pages(document.current_sheet.pages)})", place=OUTLINED)
    if document.in_force_id:
        yield link("pdf", "Открыть PDF", place=OUTLINED if not document.is_draft else MORE)
    if not document.is_archive:
        yield link("docx", "Скачать Word")
    yield verb("withdraw", "Отозвать и править", "withdraw")
    yield verb("replace_signer", "Заменить подписывающего")
    if document.in_force_id and document.state != DRAFT and document.in_force.number > 1 or document.is_revision and reads_working:
        yield link("compare", "Сравнить редакции")
    yield verb("abandon", "Отказаться от изменений")
    yield verb("attach", "Загрузить скан", "scan")
    if document.state != ISSUED:
        yield verb("distribute", "Разослать действующую редакцию")
    yield verb("attach", "Приложения", "attachments")
    yield verb("publish", "Опубликовать на сайте")
    yield verb("unpublish", "Снять с публикации", "publish")
    if reads_working:
        yield link("history", "История")
    if can(document, "withdraw_annulment", user) and proposed_by(document, user):
        yield link("annul", "Предложение об отмене")
    if can(document, "propose_annulment", user) or can(document, "record_annulment", user):
        yield link("annul", "Отменить документ", danger=True)


def decision_word(document, user):
    """«утвердить», when it is this person's turn on the portal; otherwise nothing."""
    if document.state != ON_ROUTE:
        return ""
    stamps = route.stamps_asking(document, user)
    return ASKED.get(stamps[0].kind, "подписать") if stamps else ""


def proposed_by(document, user):
    return any(annulment.is_open and annulment.proposed_by_id == user.pk for annulment in document.annulments.all())


def sending_words(document):
    """What the button says: a paper that is only signed, as a protocol is, is not sent to be agreed."""
    kinds = {stamp.kind for stamp in route.active_stamps(document)}
    if not kinds:
        return "Выпустить документ"
    return "Направить на подпись" if kinds <= {Stamp.Kind.SIGN, Stamp.Kind.CERTIFY} else "Направить на согласование"


def pages(count):
    return f"{count} {plural(count, 'страница,страницы,страниц')}"


def stamp_word(stamp):
    """What is asked of the signer of a stamp: «утвердить»."""
    return ASKED.get(Stamp.Kind(stamp.kind), "подписать")


def on_paper(document):
    """Whether the next signature is one in ink, which the office marks."""
    return document.state == ON_ROUTE and any(stamp.method == Stamp.Method.INK for stamp in route.open_stamps(document))
