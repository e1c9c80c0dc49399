"""What the page says beside the plan: what must be mended before sending, and what a person may leave as it is."""
from dataclasses import dataclass, field

from django.urls import reverse

from projectoffice.documents.services.route import stamp_problems

from ..kinds.plan import problem_of
from .drafts import remarks_on
from .linter import without_acknowledged

MENDS = {"renumber": ("Перенумеровать всё", "meetings:plan_renumber")}


@dataclass
class Remarks:
    """Errors bar sending; warnings may be left as they are."""

    errors: list = field(default_factory=list)
    warnings: list = field(default_factory=list)

    @property
    def count(self):
        return len(self.errors) + len(self.warnings)


def of(plan, items, stamps=None):
    """Everything there is to say about a plan whose rows are given, without what somebody left as it is."""
    if stamps is None:
        stamps = list(plan.document.stamps.active().select_related("signer"))
    left = plan.acknowledgements.values_list("code", "row_uid", "fingerprint")
    found = without_acknowledged(remarks_on(plan, items, stamps), left)
    return Remarks(
        errors=[*(problem_of(remark) for remark in found if remark.bars_sending), *stamp_problems(plan.document, stamps)],
        warnings=[warning(plan, remark) for remark in found if not remark.bars_sending],
    )


def warning(plan, remark):
    mend, url = MENDS.get(remark.fix, ("", ""))
    return {
        "message": remark.message,
        "where": f"row-{remark.row}" if remark.row else "",
        "code": remark.code,
        "row_uid": remark.row,
        "fingerprint": remark.fingerprint,
        "mend": mend,
        "mend_url": reverse(url, args=[plan.pk]) if url else "",
    }


def edges(found):
    """{row uid as text: edge} – the colour at a row's left; an error outweighs a warning."""
    amber = {f"{one['row_uid']}": "wait" for one in found.warnings if one["row_uid"]}
    red = {one.where.removeprefix("row-"): "alert" for one in found.errors if one.where.startswith("row-")}
    return amber | red
