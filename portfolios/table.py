"""The table of an implementation plan: seven columns, numbers anew in every section."""
from projectoffice.documents.table.cells import (
    LinesCell,
    NumberCell,
    PeopleCell,
    TermCell,
    TextCell,
    label_cell,
    section_cell,
)
from projectoffice.documents.table.spec import Table, register

from .contacts import parse_contact
from .drafts import remarks_on
from .models import Activity, ActivityPresence, ActivityRemarkLeft, ImplementationPlan

LINES_HELP = ("Каждый абзац с новой строки. «– » в начале строки – дефис, «• » – маркер, «1. » – номер; "
              "два пробела перед ними – следующий уровень.")


class ContactsCell(PeopleCell):
    """People with their post and phone, one person a line."""

    def name_of(self, text):
        return parse_contact(text).name

    def parts_of(self, text):
        contact = parse_contact(text)
        return {"name": contact.name, "post": contact.post, "phone": contact.phone[:120]}


IMPLEMENTATION_PLAN = register(Table(
    name="implementation_plan",
    namespace="portfolios",
    content=ImplementationPlan,
    row=Activity,
    presence=ActivityPresence,
    acknowledgement=ActivityRemarkLeft,
    permission="portfolios.change_implementation_plan",
    cells=(
        label_cell(width=6),
        LinesCell("activity", "Деятельность", 25, "Деятельность", "деятельность", form_rows=6, help=LINES_HELP),
        TermCell("term", "Сроки", 12, "Срок", "срок", form_rows=2,
                 help="Например: октябрь 2027 г., в течение года, сентябрь 2027 г. – июнь 2028 г."),
        TextCell("participants", "Категория участников", 16, "Участники", "участники", limit=2000, multiline=True, form_rows=3),
        NumberCell("count", "Количество участников", 10, "Количество", "количество", limit=40, unclear="Число не распознано"),
        ContactsCell("responsible", "Ответственный (ФИО, должность), конт. тел.", 15, "Ответственный", "ответственные",
                     form_rows=4, help="Каждый с новой строки: Орлова Н.П., директор, т. 00-00-00"),
        LinesCell("result", "Результат-эффект / результат-продукт", 16, "Результат", "результат", form_rows=4, help=LINES_HELP),
    ),
    main="activity",
    section=section_cell("Раздел", "раздел", help="Строка через всю таблицу. Действует до следующего раздела."),
    lint=remarks_on,
    anew=True,
    mends={"renumber": ("Перенумеровать всё", "renumber")},
    related=("project",),
    not_yours="Править этот план могут сотрудники Проектного офиса и те, кто ведёт проект.",
    paste_headings=r"^(№|деятельност|мероприяти|срок|категори|количеств|ответствен|результат|участник)",
))
