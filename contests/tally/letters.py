"""What experts are written by those who bring the sheets together. Letters name no work: they travel through foreign hands."""
from django.urls import reverse

from projectoffice.common.mail import absolute, post
from projectoffice.common.russian import plural, quoted, until

from ..sheet.workflow import term_of


def queue():
    return absolute(reverse("contests:scoring"))


def ask_arbiter(review):
    """The third expert learns that a work waits whose experts diverge."""
    expert, contest = review.expert, review.entry.contest
    ends = term_of(review, contest.stages.all()).ends
    term = f"Срок – {until(ends)}.\n" if ends else ""
    post(key=f"arbiter:{review.pk}:{review.version}", person=expert.person, about=contest,
         subject=f"Нужна ваша оценка: {quoted(contest.title)}",
         body=f"В конкурсе {quoted(contest.title)} эксперты разошлись в оценке одной работы. Вас просят оценить её третьим: решать будет "
              f"ваша оценка.\n{term}\nМоя очередь: {queue()}\n\n"
              "Если оценить её не можете – работаете в этом учреждении или помогали авторам, – скажите об этом на её странице.\n")


def remind(contest, person, key, left, ends):
    """How many sheets are still awaited, and until when."""
    term = until(ends) if ends else "до итогов конкурса"
    sheets = f"{left} {plural(left, 'лист,листа,листов')}"
    post(key=key, person=person, about=contest, subject=f"Ждём ваших оценок: {quoted(contest.title)}",
         body=f"В конкурсе {quoted(contest.title)} у вас {plural(left, 'остался,осталось,осталось')} {sheets}. Оценить можно {term}.\n\n"
              f"Моя очередь: {queue()}\n\nЕсли листы уже сданы, отвечать на это письмо не нужно.\n")


def voting_opened(member, window):
    """A member of the public jury learns that one may vote, and until when."""
    contest = member.contest
    post(key=opened_key(member), person=member.person, about=contest, subject=f"Можно голосовать: {quoted(contest.title)}",
         body=f"Вы в общественном жюри конкурса {quoted(contest.title)}. Голосование идёт {until(window.ends_at)}.\n\n"
              f"Работы и голосование: {ballot(contest)}\n\nКак голосуют другие, до конца голосования не видит никто.\n")


def voting_ends(member, window):
    """The same a day before the end, to who gave no vote."""
    contest = member.contest
    post(key=ends_key(member), person=member.person, about=contest, subject=f"Голосование заканчивается: {quoted(contest.title)}",
         body=f"В общественном жюри конкурса {quoted(contest.title)} вы ещё не голосовали. Голосование идёт {until(window.ends_at)}.\n\n"
              f"Работы и голосование: {ballot(contest)}\n")


def opened_key(member):
    return f"vote_opens:{member.pk}"


def ends_key(member):
    return f"vote_ends:{member.pk}"


def ballot(contest):
    return absolute(reverse("contests:jury_vote", args=[contest.pk]))
