"""The implementation plan as a document: landscape, seven columns, a route that may be empty."""
from django.db.models import Q
from django.urls import reverse

from projectoffice.accounts.access import is_office, may
from projectoffice.accounts.models import User
from projectoffice.documents.kinds import Kind, register
from projectoffice.documents.models import Document, Stamp
from projectoffice.documents.public import consented_names, key
from projectoffice.documents.route import deciding_for
from projectoffice.documents.snapshot import rows_of
from projectoffice.documents.table import content, remarks

from ..contacts import has_phone, parse_contact, without_phone, without_spoken_phones
from ..models import ActivityResponsible, ImplementationPlan, Project

PHONES_HIDDEN = ("В этом плане телефоны скрыты от посетителей, а PDF один для всех и печатает их. "
                 "Опубликуйте план без PDF или разрешите показывать телефоны.")


def plan_of(document):
    return ImplementationPlan.objects.select_related("document", "project").get(document=document)


def plan_content(document):
    return {**content.frozen(plan_of(document)), "orientation": "landscape"}


def plan_problems(document):
    return remarks.problems(plan_of(document))


def restore_plan(document, snapshot):
    content.restore(plan_of(document), snapshot)


def plan_people(document):
    """People the plan names as responsible, to whom it can be sent."""
    named = ActivityResponsible.objects.filter(item__plan__document=document, item__position__isnull=False, person__isnull=False)
    return list(User.objects.active().filter(pk__in=named.values("person")).in_order())


def readable_plans(user):
    """The office reads all; whoever keeps the project its drafts too; in force: those who see the project, all of a city plan."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    if may(user, "documents.read_working"):
        return Q()
    mine = deciding_for(user)
    kept = ImplementationPlan.objects.filter(project__in=Project.objects.kept_by(user))
    shown = ImplementationPlan.objects.filter(Q(project__isnull=True) | Q(project__in=Project.objects.visible_to(user)))
    asked = Stamp.objects.active().filter(signer__in=mine, document__state=Document.State.IN_APPROVAL)
    return (Q(pk__in=kept.values("document")) | Q(in_force__isnull=False, pk__in=shown.values("document"))
            | Q(pk__in=asked.values("document")))


def own_drafts(user):
    """Drafts this person may go on with: the right ``portfolios.change_implementation_plan`` as a Q."""
    return Q() if is_office(user) else Q(implementation_plan__project__in=Project.objects.kept_by(user))


# ── what visitors read ────────────────────────────────────────────────────────────────────────────────────

def without_phones(document, snapshot):
    """The copy for visitors: no phones when the plan hides them, and never one of a person whose name is hidden."""
    hides_all = document.implementation_plan.hides_phones
    names = set() if hides_all else consented_names()
    sections = [{**section, "rows": [{**row, "cells": cells_shown(row["cells"], names, hides_all)} for row in section["rows"]]}
                for section in snapshot["sections"]]
    return {**snapshot, "sections": sections}


def cells_shown(cells, names, hides_all):
    shown = {name: cell_shown(cell, hides_all) for name, cell in cells.items()}
    shown["responsible"] = [text if key(parse_contact(text).name) in names else without_phone(text) for text in cells["responsible"]]
    return shown


def cell_shown(cell, hides_all):
    if not hides_all:
        return cell
    if isinstance(cell, str):
        return without_spoken_phones(cell)
    return [{**line, "text": without_spoken_phones(line["text"])} if isinstance(line, dict) else line for line in cell]


def bars_public_pdf(document):
    """The PDF prints the phones: while they are hidden it is not for visitors."""
    hidden = document.implementation_plan.hides_phones and document.in_force is not None
    return PHONES_HIDDEN if hidden and prints_phones(document.in_force) else ""


def prints_phones(edition):
    contacts = (parse_contact(text) for row in rows_of(edition.snapshot) for text in row["cells"]["responsible"])
    return has_phone(edition.text) or any(contact.phone for contact in contacts)


IMPLEMENTATION_PLAN = register(
    Kind(
        code=ImplementationPlan.KIND,
        name="План реализации проекта",
        gender="m",
        issued_word="Утверждён",
        change_permission="portfolios.change_implementation_plan",
        content=plan_content,
        check=plan_problems,
        readable=readable_plans,
        url=lambda document: plan_of(document).get_absolute_url(),
        restore=restore_plan,
        public_url=lambda document: reverse("documents:public", args=[document.pk]),
        public_content=without_phones,
        bars_public_pdf=bars_public_pdf,
        responsibles=plan_people,
        drafts=own_drafts,
    )
)
