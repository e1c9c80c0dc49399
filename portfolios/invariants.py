"""Truths about implementation plans that must hold in the data at any time."""
from projectoffice.common.invariants import invariant
from projectoffice.documents.table import truths

from .contacts import parse_contact
from .models import ActivityResponsible, ImplementationPlan
from .table import IMPLEMENTATION_PLAN


@invariant("строки плана реализации стоят подряд")
def activities_stand_in_a_row():
    yield from truths.rows_stand_in_a_row(IMPLEMENTATION_PLAN)


@invariant("деятельность и результат – строки известного вида")
def activities_are_lines():
    yield from truths.cells_are_lines(IMPLEMENTATION_PLAN)


@invariant("план реализации и его документ говорят об одном")
def implementation_plan_agrees_with_its_document():
    for plan in ImplementationPlan.objects.select_related("document"):
        if plan.document.kind != "implementation_plan" or plan.document.year != plan.year:
            yield f"План реализации {plan.pk}: вид или год документа другие."


@invariant("изданная строка осталась в плане реализации")
def issued_activities_are_kept():
    yield from truths.issued_rows_are_kept(IMPLEMENTATION_PLAN)


@invariant("имя и телефон ответственного – те, что напечатаны")
def contacts_are_as_printed():
    for one in ActivityResponsible.objects.iterator():
        if parse_contact(one.text).name != one.name:
            yield f"Ответственный {one.pk}: имя записано не так, как напечатано."
