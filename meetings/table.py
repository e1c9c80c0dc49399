"""The table of a plan of meetings: its columns and what the editor of tables needs to know of it."""
from projectoffice.documents.table.cells import LinesCell, PeopleCell, TermCell, label_cell, section_cell
from projectoffice.documents.table.spec import Table, register

from .models import MeetingPlan, PlanItem, RemarkAcknowledgement, RowPresence
from .plan.drafts import remarks_on

PLAN = register(Table(
    name="plan",
    namespace="meetings",
    content=MeetingPlan,
    row=PlanItem,
    presence=RowPresence,
    acknowledgement=RemarkAcknowledgement,
    permission="meetings.change_plan",
    cells=(
        label_cell(width=7),
        LinesCell("topics", "Тема заседаний", 54, "Тема", "тема", form_rows=8,
                  help="Каждый абзац с новой строки. «– » в начале строки – дефис, «• » – маркер, «1. » – номер; "
                       "два пробела перед ними – следующий уровень."),
        TermCell("term", "Срок", 16, "Срок", "срок", form_rows=2, help="Например: февраль, до 15 ноября, II квартал"),
        PeopleCell("responsible", "Ответственный", 23, "Ответственный", "ответственные", form_rows=4,
                   help="Каждый с новой строки."),
    ),
    main="topics",
    section=section_cell(help="Строка через всю таблицу. Действует до следующего подзаголовка; обычно не нужен."),
    lint=remarks_on,
    mends={"renumber": ("Перенумеровать всё", "renumber")},
    related=("body",),
    not_yours="Править этот план могут сотрудники Проектного офиса.",
    paste_headings=r"^(№|тема|срок|ответствен|содержание|мероприяти|рассматриваем|месяц)",
))
