"""What is submitted, frozen: everything the report says on that day, as JSON; two of them compared."""
from dataclasses import dataclass

from projectoffice.common.hashing import content_hash
from projectoffice.common.russian import date_short
from projectoffice.documents.compare import Difference

from ..models import Project, ProjectInstitution
from ..passports import head_words
from .measured import indicators_of, known_values, unit_of

TEXTS = {"done": "Что сделано", "problems": "Что мешает", "plans": "Что дальше"}
UNHASHED = {"due_at"}  # a later date given meanwhile changes nothing of what is sent


def take(report):
    """The content of a report as it stands: what is printed, compared, hashed. Eight queries for any number of rows."""
    project, period = report.project, report.period
    return {
        "schema": 1,
        "due_at": report.due_at.isoformat(),
        "project": {
            "uid": str(project.uid), "title": project.title, "kind": project.get_kind_display(), "portfolio": project.portfolio.name,
            "lead": lead_words(project), "head": head_words(project.head),
        },
        "period": {"title": period.title, "start": period.start.isoformat(), "end": period.end.isoformat()},
        "course": report.course,
        "texts": {name: getattr(report, name) for name in TEXTS},
        "indicators": indicator_rows(report),
        "files": [{"id": row.pk, "name": row.file.name, "size": row.file.size, "sha256": row.file.sha256}
                  for row in report.files.filter(removed=False).select_related("file")],
        "parts": [{"id": part.pk, "institution": str(part.place), "text": told_text(part), "sent": part.sent_at is not None, **entered(part)}
                  for part in report.parts.select_related("institution__institution").order_by("institution__position", "pk")],
    }


def told_text(part):
    """What an institution has sent; of one that was closed before it could send, what it had written."""
    return part.text if part.sent_at or part.place.is_closed else ""


def entered(part):
    """Of a part the office sent for its institution: from where it is known."""
    if not (part.sent_at and part.recorded_by_id):
        return {}
    return {"entered": "внесено офисом: " + ", ".join(filter(None, [part.source, date_short(part.source_date) if part.source_date else ""]))}


def part_words(row):
    return "\n".join(filter(None, (row["text"], row.get("entered", ""))))


def lead_words(project):
    lead = project.institutions.filter(role=ProjectInstitution.Role.LEAD).select_related("institution").first()
    return str(lead.institution) if lead else ""


def indicator_rows(report, indicators=None):
    """Each indicator as the report tells it: target, the last value before this period, this value, its evidence."""
    values = {value.indicator_id: value for value in report.values.all()}
    known = known_values(report.project, before=report.period)
    rows = []
    for measured in indicators_of(report.project) if indicators is None else indicators:
        value, before = values.get(measured.pk), known.get(measured.uid)
        last, text = before.last if before else None, value.text if value else ""
        rows.append({
            "uid": measured.uid, "name": measured.name, "unit": unit_of(measured, text), "baseline": plain(measured.baseline),
            "target": plain(measured.target), "is_cumulative": measured.is_cumulative, "text": text,
            "value": plain(value.value) if value else "", "evidence": value.evidence if value else "",
            "before": plain(last[1]) if last else "", "before_title": last[0].title if last else "",
            "came_to": plain(came_to(measured, before, value)),
        })
    return rows


def came_to(measured, before, value):
    """What a cumulative indicator comes to with this value; for a periodic one the value itself."""
    this = value.value if value else None
    if not measured.is_cumulative or this is None:
        return this
    earlier = before.actual(measured.baseline, True) if before else None
    return (earlier if earlier is not None else measured.baseline or 0) + this


def plain(value):
    return "" if value is None else f"{value.normalize():f}"


def fingerprint(snapshot):
    """The hash of what a page showed: the same content, the same hash."""
    return content_hash({name: value for name, value in snapshot.items() if name not in UNHASHED})


# ── two submissions side by side ──────────────────────────────────────────────────────────────────────────

@dataclass(frozen=True)
class Changes:
    """What became of one submission in another, field by field."""

    fields: list

    @property
    def is_empty(self):
        return not self.fields


def compare(old, new):
    """Fields that differ: course, texts, values and evidence of indicators, files, parts; in the order of the page."""
    pairs = [Difference("Ход проекта", course_words(old), course_words(new))]
    pairs += [Difference(title, old["texts"][name], new["texts"][name]) for name, title in TEXTS.items()]
    pairs += compared_rows(old["indicators"], new["indicators"], "uid", lambda row: f"Показатель «{row['name']}»", indicator_words)
    pairs += compared_rows(old["parts"], new["parts"], "id", lambda row: row["institution"], part_words)
    pairs += [Difference("Файлы", file_words(old), file_words(new))]
    return Changes([pair for pair in pairs if pair.is_changed])


def compared_rows(old, new, key, title, words):
    """Rows of both, paired by their key; new ones stand where they are, removed ones at the end."""
    before, after = ({row[key]: row for row in rows} for rows in (old, new))
    for uid in {**after, **before}:
        yield Difference(title(after.get(uid) or before[uid]), words(before[uid]) if uid in before else "",
                         words(after[uid]) if uid in after else "")


def indicator_words(row):
    words = f"{row['text']} {row['unit']}".strip() if row["text"] and "%" not in row["text"] else row["text"]
    return "\n".join(part for part in (words, row["evidence"]) if part)


def file_words(snapshot):
    return "\n".join(row["name"] for row in snapshot["files"])


def course_words(snapshot):
    return str(Project.Course(snapshot["course"]).label) if snapshot["course"] else ""
