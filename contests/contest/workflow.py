"""The table of a contest's states and moments: what may be done, when, by whom. Buttons and verbs obey it alike.

Stages open and close by the database's clock; nobody's browser or server decides.
"""
from collections.abc import Callable
from dataclasses import dataclass

from projectoffice.accounts.access import may, require
from projectoffice.common.db import now
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.russian import moment_short

from ..models import Contest, ContestStage, Entry

SETUP, ANNOUNCED, FINISHED, CANCELLED = Contest.State.values
Kind = ContestStage.Kind
RUNS = "contests.run_contests"
FROZEN = "Конкурс объявлен: правила, номинации и критерии больше не меняют. Пока заявок нет, конкурс можно вернуть в подготовку."


def has_entries(contest):
    """Drafts count: somebody is writing under these rules already."""
    return Entry.objects.filter(contest=contest).exists()


@dataclass(frozen=True)
class Rule:
    """States in which a verb is possible, the words of its button, those of a refusal, whose right it is.

    ``stage`` must be going on; before and after it the refusal says when it is. ``unless`` bars the verb by what there is.
    """

    states: tuple
    label: str
    otherwise: str
    permission: str = RUNS
    stage: str = ""
    unless: Callable | None = None


RULES = {
    "edit": Rule((SETUP,), "Изменить", FROZEN),
    "announce": Rule((SETUP,), "Объявить", "Конкурс уже объявлен."),
    "back_to_setup": Rule((ANNOUNCED,), "Вернуть в подготовку", "Вернуть в подготовку можно объявленный конкурс, пока в нём нет заявок.",
                          unless=has_entries),
    "prolong": Rule((ANNOUNCED,), "Изменить срок этапа", "Сроки меняют у объявленного конкурса."),
    "cancel": Rule((SETUP, ANNOUNCED), "Отменить конкурс", "Конкурс уже завершён или отменён."),
    "copy": Rule((SETUP, ANNOUNCED, FINISHED, CANCELLED), "Повторить в следующем году", ""),
    "enter": Rule((ANNOUNCED,), "Подать заявку", "Приём заявок не идёт.", "contests.write_entry", Kind.ACCEPTANCE),
    "check": Rule((ANNOUNCED,), "Проверить", "Заявки проверяют у объявленного конкурса."),
    "experts": Rule((SETUP, ANNOUNCED), "Эксперты", "Конкурс закончился: состав экспертов больше не меняют."),
    "invite": Rule((ANNOUNCED,), "Пригласить экспертов", "Пригласить экспертов можно, когда конкурс объявлен и пока он идёт."),
    "assign": Rule((ANNOUNCED,), "Распределить работы", "Работы распределяют у объявленного конкурса, пока он идёт."),
    "onsite": Rule((ANNOUNCED,), "Очный тур", "Порядок очного тура меняют, пока конкурс идёт."),
    "score": Rule((ANNOUNCED,), "Оценить", "Оценивают работы объявленного конкурса.", "contests.score", Kind.REMOTE),
    "arbiter": Rule((ANNOUNCED, FINISHED), "Назначить третьего эксперта", "Третьего эксперта назначают у объявленного конкурса."),
    "chair": Rule((ANNOUNCED, FINISHED), "Записать решение председателя", "Решение председателя записывают у объявленного конкурса."),
    "remind_experts": Rule((ANNOUNCED,), "Напомнить экспертам", "Экспертам напоминают, пока конкурс идёт."),
    "jury": Rule((SETUP, ANNOUNCED), "Общественное жюри", "Конкурс закончился: состав жюри больше не меняют."),
    "annul": Rule((ANNOUNCED, FINISHED), "Аннулировать голос", "Голоса аннулируют у объявленного конкурса."),
    "vote": Rule((ANNOUNCED,), "Голосовать", "Голосуют в объявленном конкурсе.", "contests.vote", Kind.JURY),
    "award": Rule((ANNOUNCED, FINISHED), "Изменить награду", "Награды определяют у объявленного конкурса."),
    "correct": Rule((FINISHED,), "Исправить итоги", "Исправляют опубликованные итоги."),
    "project": Rule((FINISHED,), "Сделать проектом", "Проекты делают из работ, награждённых в опубликованных итогах."),
    "papers": Rule((FINISHED,), "Дипломы", "Дипломы делают по опубликованным итогам."),
    "publish": Rule((ANNOUNCED,), "Опубликовать итоги", "Итоги публикуют у объявленного конкурса."),
}


def stages_of(contest):
    """``{kind: stage}``; no query when the stages were prefetched."""
    return {stage.kind: stage for stage in contest.stages.all()}


def refusal(contest, verb, moment):
    """The sentence why it cannot be done at this moment; empty when it can."""
    rule = RULES[verb]
    if contest.state not in rule.states or rule.unless and rule.unless(contest):
        return rule.otherwise
    if not rule.stage:
        return ""
    stage = stages_of(contest).get(rule.stage)
    if stage is None:
        return f"В этом конкурсе нет этапа «{Kind(rule.stage).label}»."
    if moment < stage.starts_at:
        return f"{stage} начнётся {moment_short(stage.starts_at)}."
    if moment > stage.ends_at:
        return f"{stage}: срок вышел {moment_short(stage.ends_at)}."
    return ""


def can(contest, verb, user, moment=None):
    """Whether this person may do it in this contest now: what a button asks."""
    return not refusal(contest, verb, moment or now()) and may(user, RULES[verb].permission, contest)


def available(contest, user, verbs, moment):
    """{verb: label} of those of these verbs this person may do now."""
    return {verb: RULES[verb].label for verb in verbs if can(contest, verb, user, moment)}


def demand(contest, verb, by, obj=None):
    """PermissionDenied for the wrong person, TransitionNotAllowed for the wrong moment; returns the moment asked at."""
    require(by, RULES[verb].permission, obj or contest)
    moment = now()
    words = refusal(contest, verb, moment)
    if words:
        raise TransitionNotAllowed(words)
    return moment
