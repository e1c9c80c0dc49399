"""What experts are written by those who bring the sheets together. Letters name no work: they travel through foreign hands."""
from projectoffice.common.mail import absolute, post
from projectoffice.common.russian import deadline, plural, quoted

from ..contest.workflow import stages_of

QUEUE = "/scoring/"


def until_words(contest, code):
    """«Срок – до 21 мая, 17:00 · 7 дней.», nothing where the round has no dates."""
    stage = stages_of(contest).get(code)
    return f"Срок – {deadline(stage.ends_at)}.\n" if stage else ""


def ask_arbiter(review):
    """The third expert learns that a work waits whose experts diverge."""
    expert, contest = review.expert, review.entry.contest
    post(key=f"arbiter:{review.pk}:{review.version}", person=expert.person, about=contest,
         subject=f"Нужна Ваша оценка: {quoted(contest.title)}",
         body=f"В конкурсе {quoted(contest.title)} эксперты разошлись в оценке одной работы. Вас просят оценить её третьим: решать будет "
              f"Ваша оценка.\n{until_words(contest, review.round)}\nМоя очередь: {absolute(QUEUE)}\n\n"
              "Если оценить её не можете – работаете в этом учреждении или помогали авторам, – скажите об этом на её странице.\n")


def remind(contest, person, key, left, until):
    """How many sheets are still awaited, and until when."""
    sheets = f"{left} {plural(left, 'лист,листа,листов')}"
    post(key=key, person=person, about=contest, subject=f"Ждём Ваших оценок: {quoted(contest.title)}",
         body=f"В конкурсе {quoted(contest.title)} у Вас {plural(left, 'остался,осталось,осталось')} {sheets}. Оценить можно {until}.\n\n"
              f"Моя очередь: {absolute(QUEUE)}\n\nЕсли листы уже сданы, отвечать на это письмо не нужно.\n")
