"""What a contest lacks before it can be announced, and what is only worth a look; each with the way to mend it."""
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from portfolios.amounts import shown_amount
from projectoffice.common.russian import moment_short, quoted

from ..models import ContestStage, Criterion
from ..scoring import Combining, Rounds, Tie, greatest_total
from .dates import clashes
from .places import holes, read_places
from .words import points

Kind = ContestStage.Kind
ENDS_CHAIN = (Tie.CHAIR, Tie.SHARED)


@dataclass(frozen=True)
class Problem:
    """One sentence with its cure: where to go and the words of the link. What ``stops`` bars the announcement."""

    sentence: str
    url: str
    cure: str
    stops: bool = True


def problems_of(contest, moment):
    """Every ``Problem`` of a contest read by ``reading.whole``; what stops stands first. No query."""
    found = [*of_dates(contest, moment), *of_nominations(contest), *of_ties(contest), *of_awards(contest), *of_rules(contest),
             *of_papers(contest)]
    return sorted(found, key=lambda problem: not problem.stops)


def link(name, *args):
    return reverse(f"contests:{name}", args=args)


# Dates

def of_dates(contest, moment):
    url = link("contest_stages", contest.pk)
    stages = {stage.kind: (stage.starts_at, stage.ends_at) for stage in contest.stages.all()}
    acceptance = stages.get(Kind.ACCEPTANCE)
    if acceptance is None:
        yield Problem("Нет дат приёма заявок.", f"{url}#id_acceptance_starts", "Указать даты")
    elif acceptance[1] <= moment:
        yield Problem(f"Приём заявок уже закончился: {moment_short(acceptance[1])}.", f"{url}#id_acceptance_ends", "Исправить даты")
    for clash in clashes(stages):
        yield Problem(clash.sentence, f"{url}#id_{clash.kind}_{clash.end}", "Исправить даты")
    yield from of_missing_stages(contest, stages, url)


def of_missing_stages(contest, stages, url):
    rounds = {criterion.round for nomination in contest.nominations.all() for criterion in nomination.criteria.all()}
    for code, name in Criterion.Round.choices:
        if code in rounds and code not in stages:
            yield Problem(f"Есть критерии на {name.lower()}, а его дат нет.", f"{url}#id_{code}_starts", "Указать даты")
    if contest.public_weight and Kind.JURY not in stages:
        yield Problem("Общественное жюри входит в итог, а дат голосования нет.", f"{url}#id_jury_starts", "Указать даты")
    for kind in (Kind.CHECK, Kind.RESULTS):
        if kind not in stages:
            yield Problem(f"Не указаны даты этапа {quoted(kind.label)}: участники не узнают, когда он.", f"{url}#id_{kind}_starts", "Указать даты",
                          stops=False)


# Nominations

def of_nominations(contest):
    nominations = list(contest.nominations.all())
    if not nominations:
        yield Problem("Нет ни одной номинации.", link("nomination_new", contest.pk), "Добавить номинацию")
    for nomination in nominations:
        yield from of_nomination(contest, nomination)


def of_nomination(contest, nomination):
    url, criteria = nomination.get_absolute_url(), list(nomination.criteria.all())
    most = greatest_total(criteria)
    if not criteria:
        yield Problem(f"В номинации {quoted(nomination)} нет критериев.", link("criterion_new", nomination.pk), "Добавить критерий")
    elif not most:
        yield Problem(f"В номинации {quoted(nomination)} ни один критерий не входит в итог.", f"{url}#criteria", "К критериям")
    if not nomination.fields.all():
        yield Problem(f"В номинации {quoted(nomination)} нет вопросов: в заявке будут только название, авторы и файлы.",
                      link("field_new", nomination.pk), "Добавить вопрос", stops=False)
    if most:
        yield from of_marks(contest, nomination, criteria)
    for criterion in criteria:
        wordless = [level for level in range(criterion.maximum + 1) if level not in {each.mark for each in criterion.levels.all()}]
        if wordless:
            words = "нет слов оценок" if len(wordless) > criterion.maximum else f"нет слов оценок: {', '.join(map(str, wordless[:8]))}"
            yield Problem(f"У критерия {quoted(criterion)} ({nomination}) {words}.", f"{link('criterion_edit', criterion.pk)}#id_words",
                          "Вписать", stops=False)


def most_in_a_round(contest, criteria):
    """What an entry can get at most in each round, with its experts added up where the contest adds them."""
    experts = contest.experts_per_entry if contest.combining == Combining.SUM else 1
    rounds = [greatest_total([each for each in criteria if each.round == code]) for code in Criterion.Round.values]
    return [most * experts for most in rounds]


def most_possible(contest, criteria):
    remote, onsite = most_in_a_round(contest, criteria)
    if contest.rounds == Rounds.SUM or not onsite:
        return remote + onsite
    if contest.rounds == Rounds.LAST:
        return onsite
    return remote * (1 - Decimal(contest.onsite_share)) + onsite * Decimal(contest.onsite_share)


def of_marks(contest, nomination, criteria):
    rules, most = link("contest_rules", contest.pk), most_possible(contest, criteria)
    if contest.pass_mark is not None and contest.pass_mark > most:
        yield Problem(f"Проходной балл {shown_amount(contest.pass_mark)} в номинации {quoted(nomination)} не набрать: можно до {points(most)}.",
                      f"{rules}#id_pass_mark", "Исправить правила")
    one = max(greatest_total([each for each in criteria if each.round == code]) for code in Criterion.Round.values)
    if contest.divergence is not None and contest.divergence >= one:
        yield Problem(f"Расхождение {shown_amount(contest.divergence)} в номинации {quoted(nomination)} невозможно: лист – до {points(one)}.",
                      f"{rules}#id_divergence", "Исправить правила", stops=False)


# Ties, awards, rules

def of_ties(contest):
    url = link("tie_rules", contest.pk)
    titles = {criterion.title for nomination in contest.nominations.all() for criterion in nomination.criteria.all()}
    rules = list(contest.tie_rules.all())
    for rule in rules:
        if rule.rule == Tie.CRITERION and rule.criterion_title not in titles:
            yield Problem(f"Равные работы разводит критерий {quoted(rule.criterion_title)}, а такого нет ни в одной номинации.", url,
                          "Исправить порядок")
    if not rules:
        yield Problem("Не сказано, как разводить равные работы: они разделят место.", url, "Задать порядок", stops=False)
    for rule in rules[:-1]:
        if rule.rule in ENDS_CHAIN:
            yield Problem(f"После правила {quoted(rule)} остальные не сработают.", url, "Исправить порядок", stops=False)
            return


def of_awards(contest):
    levels = list(contest.award_levels.all())
    url = f"{contest.get_absolute_url()}#awards"
    if not levels:
        yield Problem("Нет ни одной награды.", link("award_level_new", contest.pk), "Добавить награду")
    for sentence in holes([(level.title, read_places(level.places)) for level in levels]):
        yield Problem(sentence, url, "К наградам")


def of_rules(contest):
    onsite = any(criterion.round == Criterion.Round.ONSITE and criterion.counts
                 for nomination in contest.nominations.all() for criterion in nomination.criteria.all())
    if contest.rounds != Rounds.SUM and not onsite:
        yield Problem("По правилам итог решает очный тур, а критериев очного тура нет.", f"{link('contest_rules', contest.pk)}#id_rounds",
                      "Исправить правила")


def of_papers(contest):
    url = link("contest_edit", contest.pk)
    if contest.regulation is None:
        yield Problem("Не загружено положение.", f"{url}#id_regulation", "Загрузить", stops=False)
    if not contest.about:
        yield Problem("Не сказано, о чём конкурс: это первое, что прочтут участники.", f"{url}#id_about", "Написать", stops=False)
