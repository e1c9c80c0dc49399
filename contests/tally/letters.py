"""What experts are written by those who bring the sheets together. Letters name no work: they travel through foreign hands."""
from django.urls import reverse

from projectoffice.common.mail import absolute, post
from projectoffice.common.russian import deadline, plural, quoted

from ..sheet.workflow import term_of


def queue():
    return absolute(reverse("contests:scoring"))


def ask_arbiter(review):
    """The third expert learns that a work waits whose experts diverge."""
    expert, contest = review.expert, review.entry.contest
    ends = term_of(review, contest.stages.all()).ends
    until = f"Срок – {deadline(ends)}.\n" if ends else ""
    post(key=f"arbiter:{review.pk}:{review.version}", person=expert.person, about=contest,
         subject=f"Нужна Ваша оценка: {quoted(contest.title)}",
         body=f"В конкурсе {quoted(contest.title)} эксперты разошлись в оценке одной работы. Вас просят оценить её третьим: решать будет "
              f"Ваша оценка.\n{until}\nМоя очередь: {queue()}\n\n"
              "Если оценить её не можете – работаете в этом учреждении или помогали авторам, – скажите об этом на её странице.\n")


def remind(contest, person, key, left, until):
    """How many sheets are still awaited, and until when."""
    sheets = f"{left} {plural(left, 'лист,листа,листов')}"
    post(key=key, person=person, about=contest, subject=f"Ждём Ваших оценок: {quoted(contest.title)}",
         body=f"В конкурсе {quoted(contest.title)} у Вас {plural(left, 'остался,осталось,осталось')} {sheets}. Оценить можно {until}.\n\n"
              f"Моя очередь: {queue()}\n\nЕсли листы уже сданы, отвечать на это письмо не нужно.\n")
