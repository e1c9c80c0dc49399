"""The table of the route: what may be done with a document, in which state, by whom. Buttons and verbs obey it alike."""
from collections.abc import Callable
from dataclasses import dataclass

from projectoffice.accounts.access import may, require
from projectoffice.common.errors import TransitionNotAllowed

from .models import Document

DRAFT, ON_ROUTE, ISSUED, ANNULLED = Document.State.values
LIVING = (DRAFT, ON_ROUTE, ISSUED)
CLOSED = {
    ON_ROUTE: "Документ на подписи, текст закрыт. Чтобы править, отзовите его.",
    ISSUED: "Документ уже действует. Чтобы изменить его, внесите изменения новой редакцией.",
    ANNULLED: "Документ отменён, изменить его нельзя.",
}


@dataclass(frozen=True)
class Rule:
    """States in which a verb is possible, the permission it asks for, a further condition, and the words of a refusal.

    ``permission`` is a name, or None for "those who may change this kind of paper".
    """

    states: tuple
    otherwise: str
    permission: str | None = None
    when: Callable = lambda document: True


def _revision(document):
    return document.in_force_id is not None


def _living(document):
    return not document.is_archive


def _no_open_annulment(document):
    return not any(annulment.is_open for annulment in document.annulments.all())


def _open_annulment(document):
    return not _no_open_annulment(document)


def _published(document):
    return document.published_at is not None


def _not_published(document):
    return not _published(document) and _revision(document)


RULES = {
    "edit": Rule((DRAFT,), "Сейчас текст закрыт."),
    "send": Rule((DRAFT,), "Документ уже направлен."),
    "withdraw": Rule((ON_ROUTE,), "Отозвать можно, пока документ на подписи."),
    "replace_signer": Rule((ON_ROUTE,), "В черновике подписывающего меняют в самом грифе."),
    "record_ink": Rule((ON_ROUTE,), "Документ сейчас не на подписи.", "documents.record_ink"),
    "revise": Rule((ISSUED,), "Изменения вносят в действующий документ, отмену которого никто не предложил.",
                   when=lambda document: _living(document) and _no_open_annulment(document)),
    "abandon": Rule((DRAFT,), "Отказаться можно от изменений, которые готовятся.", when=_revision),
    "attach": Rule(LIVING, "К отменённому документу файлы не добавляют.",
                   "documents.record_ink"),
    "distribute": Rule(LIVING, "Рассылают действующий документ.", "documents.distribute", _revision),
    "publish": Rule(LIVING, "Опубликовать можно действующий документ, который ещё не опубликован.",
                    "documents.publish", _not_published),
    "unpublish": Rule(LIVING, "Документ не опубликован.", "documents.publish", _published),
    "propose_annulment": Rule((ISSUED,), "Отменить можно действующий документ, отмену которого ещё никто не предложил.",
                              "documents.propose_annulment", _no_open_annulment),
    "withdraw_annulment": Rule((ISSUED,), "Отзывать нечего: отмену никто не предложил или о ней уже решили.",
                               "documents.propose_annulment", _open_annulment),
    "record_annulment": Rule(LIVING, "Отменить можно действующий документ.", "documents.record_annulment", _revision),
    "confirm_annulment": Rule((ISSUED,), "Подтверждать нечего: отмену никто не предложил или о ней уже решили.",
                              "documents.confirm_annulment", _open_annulment),
}


def permission_of(document, verb):
    return RULES[verb].permission or document.spec.change_permission


def is_moment(document, verb):
    rule = RULES[verb]
    return document.state in rule.states and rule.when(document)


def can(document, verb, user):
    """Whether this person may do it to this document now: what a button asks."""
    return document.state in RULES[verb].states and is_person(document, verb, user) and RULES[verb].when(document)


def is_person(document, verb, user):
    own = verb == "withdraw" and document.sent_by_id == user.pk
    return own or may(user, permission_of(document, verb), document)


def demand(document, verb, by):
    """The same question asked by a verb: PermissionDenied for the wrong person, TransitionNotAllowed for the wrong moment."""
    if not is_person(document, verb, by):
        require(by, permission_of(document, verb), document)
    if not is_moment(document, verb):
        closed = CLOSED.get(document.state) if verb == "edit" else None
        raise TransitionNotAllowed(closed or RULES[verb].otherwise)


def stamps_permission(document):
    """Whose right it is to say who signs: of all who may change the content, unless the kind keeps it."""
    return document.spec.stamps_permission or document.spec.change_permission
