"""Kinds of documents of this app: what the plan of meetings tells the route, the printer and the register."""
from django.urls import reverse

from projectoffice.accounts.models import OfficeProfile, User
from projectoffice.documents.kinds import Kind, register
from projectoffice.documents.reading import office_paper
from projectoffice.documents.table import content, remarks

from ..models import MeetingPlan, PlanResponsible
from ..table import PLAN


def plan_of(document):
    return MeetingPlan.objects.select_related("document", "body").get(document=document)


def rows_of(plan):
    """The rows that stand in the table, with their responsibles."""
    return PLAN.rows_of(plan)


def plan_content(document):
    return content.frozen(plan_of(document))


def plan_problems(document):
    """What bars sending the plan, as the linter sees it: a row without topic, no approve stamp, no rows."""
    return remarks.problems(plan_of(document))


def restore_plan(document, snapshot):
    """Put the live rows back as they are in force; rows added meanwhile leave the table."""
    content.restore(plan_of(document), snapshot)


def plan_people(document):
    """People the plan names as responsible, to whom it can be sent."""
    named = PlanResponsible.objects.filter(item__plan__document=document, item__position__isnull=False, person__isnull=False)
    return list(User.objects.active().filter(pk__in=named.values("person")).in_order())


def plan_stamps(document):
    """The office's default stamps: agreement first, approval last."""
    return OfficeProfile.load().default_stamps


MEETING_PLAN = register(
    Kind(
        code=MeetingPlan.KIND,
        name="План заседаний",
        gender="m",
        issued_word="Утверждён",
        change_permission="meetings.change_plan",
        content=plan_content,
        check=plan_problems,
        readable=office_paper,
        url=lambda document: plan_of(document).get_absolute_url(),
        restore=restore_plan,
        default_stamps=plan_stamps,
        public_url=lambda document: reverse("documents:public", args=[document.pk]),
        responsibles=plan_people,
    )
)
