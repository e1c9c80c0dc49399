"""What bars sending an entry: sentences with the way to the place. Reads only."""
from dataclasses import dataclass

from projectoffice.common.russian import plural

from .submission import answers_of


@dataclass(frozen=True)
class Lack:
    """A sentence and the element of the form it is about."""

    words: str
    anchor: str = ""


def lacks_of(entry):
    """Everything that bars sending, in the order of the form; the same few queries for any entry."""
    return [*title_lacks(entry), *answer_lacks(entry), *author_lacks(entry), *scan_lacks(entry)]


def title_lacks(entry):
    if not entry.title.strip():
        yield Lack("Назовите работу.", "id_title")


def answer_lacks(entry):
    for field, text in answers_of(entry):
        anchor = f"id_answer-{field.pk}"
        if field.is_required and not text.strip():
            yield Lack(f"Не заполнено: «{field.label}».", anchor)
        elif len(text) > field.limit:
            more = len(text) - field.limit
            yield Lack(f"«{field.label}»: можно {field.limit} знаков, написано {len(text)}. "
                       f"Сократите на {more} {plural(more, 'знак,знака,знаков')}.", anchor)


def author_lacks(entry):
    authors = list(entry.authors.all())
    most = entry.nomination.most_authors
    if not any(each.name.strip() for each in authors):
        yield Lack("Назовите хотя бы одного автора.", "authors")
        return
    if any(not each.name.strip() for each in authors):
        yield Lack("Впишите фамилию, имя и отчество каждого автора или уберите пустую строку.", "authors")
    if len(authors) > most:
        yield Lack(f"В этой номинации авторов не больше {most}, а названо {len(authors)}.", "authors")
    contact = next((each for each in authors if each.is_contact), None)
    if contact is None:
        yield Lack("Отметьте автора, с которым связаться по заявке.", "authors")
    elif not (contact.phone.strip() or contact.email.strip() or (contact.person and contact.person.email)):
        yield Lack(f"Укажите телефон или почту: {contact.name}.", f"id_author-{contact.pk}-phone")


def scan_lacks(entry):
    if entry.contest.needs_signed_scan and entry.signed_scan_id is None:
        yield Lack("Загрузите скан заявки с подписью руководителя и печатью учреждения.", "scan")
