"""The words pages of a contest share: its badge, how many points are possible, its rules as sentences."""
from decimal import Decimal

from portfolios.amounts import shown_amount
from projectoffice.common.russian import plural

from ..models import Contest, ContestStage, Criterion
from ..scoring import greatest_total

Kind = ContestStage.Kind
STAGE_LOOKS = {
    Kind.ACCEPTANCE: ("progress", "Приём заявок"), Kind.CHECK: ("wait", "Техническая экспертиза"), Kind.REMOTE: ("progress", "Оценивание"),
    Kind.ONSITE: ("progress", "Очный тур"), Kind.JURY: ("progress", "Голосует общественное жюри"), Kind.RESULTS: ("wait", "Подведение итогов"),
}
# Of stages that go on together the badge names the one most people wait for.
WEIGHT = (Kind.ACCEPTANCE, Kind.RESULTS, Kind.ONSITE, Kind.REMOTE, Kind.CHECK, Kind.JURY)


def badge_of(contest, moment, results=0):
    """Family and word of the contest's state at this moment; ``results`` counts what was published."""
    if contest.state == Contest.State.SETUP:
        return "neutral", "Готовится"
    if contest.state == Contest.State.CANCELLED:
        return "closed", "Отменён"
    if contest.state == Contest.State.FINISHED:
        return "done", ("Завершён", "Итоги опубликованы", "Итоги исправлены")[min(results, 2)]
    stages = list(contest.stages.all())
    going = {stage.kind for stage in stages if stage.is_open(moment)}
    for kind in WEIGHT:
        if kind in going:
            return STAGE_LOOKS[kind]
    if stages and all(stage.ends_at < moment for stage in stages):
        return "wait", "Ждёт итогов"
    return "progress", "Объявлен"


def points(amount, forms="балла,баллов,баллов"):
    """«27 баллов», after «до»: «1 балла», «13,5 балла»."""
    whole = amount == amount.to_integral_value()
    return f"{shown_amount(amount)}\u00a0{plural(int(amount), forms) if whole else 'балла'}"


def counted_points(amount):
    """«3 балла», «1 балл», «13,5 балла»: points that are counted, not a limit after «до»."""
    return points(amount, "балл,балла,баллов")


def totals_of(criteria):
    """``[(round, «до 27 баллов»)]`` of the rounds these criteria are marked in, in the order of the rounds."""
    found = []
    for code, name in Criterion.Round.choices:
        marked = [each for each in criteria if each.round == code]
        if marked:
            most = greatest_total(marked)
            found.append((name, f"до\u00a0{points(most)}" if most else "вне итога"))
    return found


def in_order(criteria):
    """Criteria by rounds as they are held: the remote one first."""
    rounds = list(Criterion.Round.values)
    return sorted(criteria, key=lambda each: (rounds.index(each.round), each.position, each.pk))


def share(value):
    """«30 %» of a share from 0 to 1."""
    return f"{shown_amount(Decimal(value) * 100)}\u00a0%"


def scoring_words(contest):
    """How works are scored, as pairs of a fact and its words, for everybody who reads the contest."""
    yield "Экспертов на работу", str(contest.experts_per_entry)
    yield "Итог работы", contest.get_combining_display()
    if contest.pass_mark is not None:
        yield "Проходной балл", shown_amount(contest.pass_mark)
    if contest.divergence is not None:
        yield "Третий эксперт", f"если оценки расходятся больше чем на {counted_points(contest.divergence)}, решает он"
    yield "Туры", contest.get_rounds_display() + (
        f": очный – {share(contest.onsite_share)}" if contest.rounds == "weighted" else "")
    yield "Общественное жюри", (f"вес {share(contest.public_weight)}, у каждого голосов в номинации: {contest.votes_each}"
                                if contest.public_weight else "показывается отдельно, в итог не входит")
    if contest.is_blind:
        yield "Авторы", "эксперты не видят, чья это работа"
    if contest.needs_signed_scan:
        yield "Заявка", "нужен скан с подписью и печатью директора"


def inner_words(contest):
    """Rules between experts and organisers, for the office."""
    yield "Листы других экспертов", "видны тому, кто сдал свой" if contest.shows_others else "не видны до конца конкурса"
    yield "Комментарий для комиссии", "есть" if contest.asks_panel_comment else "нет"
