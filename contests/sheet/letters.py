"""What experts are written about their sheets. Letters name a work by its number alone, so a blind contest stays blind."""
from projectoffice.common.mail import absolute, post
from projectoffice.common.russian import quoted, until

from .workflow import term_of


def voided(sheet, review):
    """The sheet does not count any more: why, and what is asked now."""
    number, contest = review.entry.number, review.entry.contest
    ends = term_of(review, contest.stages.all()).ends
    term = f"Срок – {until(ends)}.\n" if ends else ""
    post(key=f"sheet_voided:{sheet.pk}", person=review.expert.person, about=sheet, subject=f"Оценочный лист по работе № {number} аннулирован",
         body=f"Конкурс {quoted(contest.title)}, работа № {number}.\nВаш оценочный лист аннулирован. Причина: {reason_of(sheet)}\n\n"
              f"Ваши прежние оценки сохранены в новом листе: проверьте их, исправьте, что нужно, и сдайте лист заново.\n{term}\n"
              f"Открыть лист: {absolute(review.get_absolute_url())}\n")


def reason_of(sheet):
    sheet.refresh_from_db(fields=["void_reason"])
    return sheet.void_reason
