"""The work page of a product: what it is, what is missing, what one may do next."""
from projectoffice.accounts.access import may
from projectoffice.accounts.models import User
from projectoffice.common.history import history_of

from ..models import MethodProduct
from . import workflow
from .problems import missing
from .words import badge, kind_of_file

State = MethodProduct.State
LAST_EVENTS = 10
TO_WRITE = (State.DRAFT, State.RETURNED)
NO_CONSENT = "согласия на публикацию имени нет, посетители имени не увидят"
TYPED = "вписан вручную, посетители имени не увидят"


def page(product, user):
    """What the work page shows to this person; the number of queries does not depend on authors and files."""
    actions = workflow.available(product, user)
    lacks = missing(product) if product.state in TO_WRITE else []
    authors = list(product.authors.present().select_related("person"))
    events = list(history_of(product)[:LAST_EVENTS])
    return {
        "product": product, "badge": badge(product), "actions": actions, "lacks": lacks, "main": main_action(actions, lacks),
        "authors": with_consents(authors), "files": [
            {"row": row, "kind": kind_of_file(row.file)} for row in product.files.present().select_related("file")],
        "events": events, "is_moderator": may(user, workflow.MODERATE), "closed_words": closed_words(product, actions, user),
    }


def main_action(actions, lacks):
    """The verb of the filled button; while something is missing, what adds the first of it takes its place."""
    if lacks:
        return ""
    return next((verb for verb in ("publish", "submit") if verb in actions), "")


def with_consents(authors):
    """Authors with what visitors will see of each; one query."""
    people = [row.person_id for row in authors if row.person_id]
    consenting = set(User.objects.with_consent().filter(pk__in=people).values_list("pk", flat=True)) if people else set()
    return [{"row": row, "note": TYPED if row.person_id is None else "" if row.person_id in consenting else NO_CONSENT} for row in authors]


def closed_words(product, actions, user):
    """Why there is nothing to change now, for those who might expect it."""
    if "edit" in actions:
        return ""
    if product.state in workflow.CLOSED and may(user, workflow.WRITE, product):
        return workflow.CLOSED[product.state]
    return "Менять продукт могут его автор и Проектный офис."
