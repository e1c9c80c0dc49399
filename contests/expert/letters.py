"""What experts are written. Letters go to the outbox in the transaction of the verb."""
from django.urls import reverse

from projectoffice.accounts.models import OfficeProfile
from projectoffice.common.db import now
from projectoffice.common.mail import absolute, post
from projectoffice.common.russian import moment_short

from ..contest.workflow import stages_of
from ..entry.words import call_words
from ..models import ContestStage, Criterion
from .words import works

Kind = ContestStage.Kind
ROUNDS = {Criterion.Round.REMOTE: Kind.REMOTE, Criterion.Round.ONSITE: Kind.ONSITE}


def dates(contest):
    """A line for each round that has its dates."""
    stages = stages_of(contest)
    return "".join(f"{stages[kind]}: {moment_short(stages[kind].starts_at)} – {moment_short(stages[kind].ends_at)}.\n"
                   for kind in (Kind.REMOTE, Kind.ONSITE) if kind in stages)


def zone():
    name = OfficeProfile.load().zone_name
    return f"Время – {name}.\n" if name else ""


def body(expert, token, opening):
    contest = expert.contest
    limit = f"Работ у вас будет не больше {expert.most_entries}.\n" if expert.most_entries else ""
    return (f"{expert.person.full_name},\n\n{opening}\n\n{dates(contest)}{zone()}{limit}\n"
            f"О конкурсе и его критериях: {absolute(reverse('contests:public_contest', args=[contest.pk]))}\n\n"
            f"Ответить – согласиться или отказаться – можно по ссылке, без пароля:\n{absolute(reverse('contests:expert_answer', args=[token]))}\n\n"
            f"Ссылка только ваша, не пересылайте её. Вопросы – в Проектный офис. {call_words()}\n")


def invite(expert, token):
    """The invitation; a version is sent once."""
    post(key=f"expert_invitation:{expert.pk}:{expert.version}", person=expert.person, about=expert.contest,
         subject=f"Приглашение в эксперты: {expert.contest.title}",
         body=body(expert, token, f"приглашаем вас оценить работы конкурса «{expert.contest.title}»."))


def remind(expert, token):
    post(key=f"expert_invitation:{expert.pk}:{expert.version}", person=expert.person, about=expert.contest,
         subject=f"Ждём вашего ответа: {expert.contest.title}",
         body=body(expert, token, f"мы приглашали вас оценить работы конкурса «{expert.contest.title}» и пока не знаем, согласны ли вы. "
                                  "Прежняя ссылка больше не действует, вот новая."))


def removed(expert):
    post(key=f"expert_removed:{expert.pk}:{expert.version}", person=expert.person, about=expert.contest,
         subject=f"Вы больше не эксперт конкурса: {expert.contest.title}",
         body=f"{expert.person.full_name},\n\nВ конкурсе «{expert.contest.title}» Вы больше не оцениваете работы.\nПричина: {expert.reason}\n\n"
              f"{call_words()}\n")


def term_of(contest, code):
    """Until when works of this round are scored, in words; asked once for many letters."""
    stages = stages_of(contest)
    stage, last = stages.get(ROUNDS[Criterion.Round(code)]), stages.get(Kind.RESULTS)
    if stage and last and stage.ends_at < now():
        return f"Оценить их можно до {moment_short(last.ends_at)}.\n{zone()}"
    return f"Оценить их можно с {moment_short(stage.starts_at)} до {moment_short(stage.ends_at)}.\n{zone()}" if stage else ""


def assigned(expert, contest, number, term, key):
    """How many works came to the queue, and until when; never which ones: a letter travels through foreign hands."""
    post(key=key, person=expert.person, about=contest, subject=f"Вам назначены работы: {contest.title}",
         body=f"{expert.person.full_name},\n\nв конкурсе «{contest.title}» Вам назначено: {works(number)}.\n{term}\n"
              f"Ваша очередь: {absolute(reverse('contests:scoring'))}\n\nЕсли работу оценить не можете – работаете в этом учреждении или помогали авторам, – "
              "скажите об этом на её странице: её передадут другому.\n")
