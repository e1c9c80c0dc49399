"""What an app tells about the Word tables it reads: which words head which column, how it speaks of a row."""
from collections.abc import Callable
from dataclasses import dataclass, field

# The word that comes first in a heading decides: «Сроки проведения мероприятий» is a term, «Ответственный за мероприятие» a person.
WORDS = {
    "topic": ("тема", "тематик", "рассматриваем", "вопрос", "содержани", "мероприяти", "повестк", "деятельност", "наименовани", "названи",
              "направлени", "информаци", "заседани", "предмет", "формулировк", "видработ", "задач", "работ", "проблем", "обсужда"),
    "term": ("срок", "месяц", "дата", "даты", "период", "квартал", "когда", "время", "числ", "недел"),
    "responsible": ("ответств", "ответсвен", "исполн", "докладчик", "докладыв", "готовит", "подготов", "фио", "организатор", "куратор",
                    "выступающ", "представля", "руководител"),
    "note": ("отметк", "примечани", "выполнени", "результат", "итог", "мест", "форма", "участник", "категори", "количеств", "приглашен", "эффект",
             "документ", "основани", "решени", "продукт", "контрол"),
}


@dataclass(frozen=True)
class Form:
    """A kind of table.

    `words` begin the headings of a role; roles beside label, topic, term, responsible and note are `extra`: {role: "text",
    "lines" or "number"}, kept in the row's `extra`. `told` are the sentences that name the thing: `nothing`, `too_wide` (with {count}),
    `no_rows`, `too_many` (with {limit}), `no_topic`, `topic_word`. `anew`: numbers begin with 1 in every section.
    `reach(period)`: what still counts as inside the period.
    """
    told: dict
    words: dict = field(default_factory=lambda: WORDS)
    most_columns: int = 6
    extra: dict = field(default_factory=dict)
    needs_approval: bool = True
    anew: bool = False
    reach: Callable = lambda period: period
