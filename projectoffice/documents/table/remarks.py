"""What the page says beside a table: what must be mended before sending, and what a person may leave as it is."""
from dataclasses import dataclass, field

from ..kinds import Problem
from ..services.route import stamp_problems
from .linting import without_acknowledged
from .spec import table_of

PLACES = {"no_rows": "rows", "no_approve_stamp": "stamps"}


@dataclass
class Remarks:
    """Errors bar sending; warnings may be left as they are."""

    errors: list = field(default_factory=list)
    warnings: list = field(default_factory=list)

    @property
    def count(self):
        return len(self.errors) + len(self.warnings)


def of(content, rows, stamps=None):
    """Everything there is to say about a table whose rows are given, without what somebody left as it is."""
    if stamps is None:
        stamps = list(content.document.stamps.active().select_related("signer"))
    table = table_of(content)
    left = table.acknowledgement.objects.filter(plan=content).values_list("code", "row_uid", "fingerprint")
    found = without_acknowledged(table.lint(content, rows, stamps), left)
    return Remarks(
        errors=[*(problem_of(remark) for remark in found if remark.bars_sending), *stamp_problems(content.document, stamps)],
        warnings=[warning(table, content, remark) for remark in found if not remark.bars_sending],
    )


def problems(content):
    """What bars sending, as the linter sees it; for ``Kind.check``."""
    table = table_of(content)
    found = table.lint(content, list(table.rows_of(content)), list(content.document.stamps.active()))
    return [problem_of(remark) for remark in found if remark.bars_sending]


def problem_of(remark):
    return Problem(remark.message, f"row-{remark.row}" if remark.row else PLACES.get(remark.code, ""))


def warning(table, content, remark):
    words, url, fields = mend_of(table, content, remark)
    return {
        "message": remark.message,
        "where": f"row-{remark.row}" if remark.row else "",
        "code": remark.code,
        "row_uid": remark.row,
        "fingerprint": remark.fingerprint,
        "mend": words,
        "mend_url": url,
        "mend_fields": fields,
    }


def mend_of(table, content, remark):
    """(words, address, fields of its form) of what one click mends; empty when nothing does."""
    if remark.mend:
        mend = remark.mend
        fields = {"cell": mend.cell, "value": mend.value, "base": mend.base, "version": 0}
        return mend.words, table.url("row_cell", content.pk, remark.row), fields
    words, ending = table.mends.get(remark.fix, ("", ""))
    return words, table.url(ending, content.pk) if ending else "", {}


def edges(found):
    """{row uid as text: edge} – the colour at a row's left; an error outweighs a warning."""
    amber = {f"{one['row_uid']}": "wait" for one in found.warnings if one["row_uid"]}
    red = {one.where.removeprefix("row-"): "alert" for one in found.errors if one.where.startswith("row-")}
    return amber | red
