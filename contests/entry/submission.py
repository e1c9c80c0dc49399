"""What an entry says, as JSON: frozen when it is sent, printed for the signature, read by the check and by experts."""
from projectoffice.common.hashing import content_hash

SCHEMA = 1


def answers_of(entry):
    """``[(field, text)]`` of the present nomination; what was written for another one stays aside."""
    texts = {answer.field_id: answer.text for answer in entry.answers.all()}
    return [(field, texts.get(field.pk, "")) for field in entry.nomination.fields.all()]


def files_of(entry):
    """Files that go with the entry; those taken out stay out."""
    return [row for row in entry.files.all() if not row.removed]


def take(entry):
    """The whole entry. Phones and addresses of authors are no part of it: they are for calling, not for reading."""
    return {
        "schema": SCHEMA,
        "title": entry.title,
        "nomination": {"id": entry.nomination_id, "title": entry.nomination.title},
        "institution": {"id": entry.institution_id, "name": str(entry.institution)},
        "partners": [{"id": place.pk, "name": str(place)} for place in entry.partners.all()],
        "authors": [{"name": each.name, "post": each.post, "person": each.person_id, "is_contact": each.is_contact}
                    for each in entry.authors.all()],
        "answers": [{"field": field.pk, "label": field.label, "text": text, "names_authors": field.names_authors}
                    for field, text in answers_of(entry)],
        "files": [{"id": row.pk, "name": row.file.name, "size": row.file.size, "sha256": row.file.sha256} for row in files_of(entry)],
        "scan": scan_of(entry),
    }


def scan_of(entry):
    scan = entry.signed_scan
    return {"name": scan.name, "size": scan.size, "sha256": scan.sha256, "file": scan.pk} if scan else None


def fingerprint(snapshot):
    return content_hash(snapshot)


def text_mark(snapshot):
    """A short mark of what is printed for the signature: the scan itself is no part of it."""
    return content_hash({name: value for name, value in snapshot.items() if name not in ("scan", "files")})[:8]
