"""«Разослать»: one outbox row per address, with the copies attached."""
from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.common.db import locked
from projectoffice.common.filenames import clean_name
from projectoffice.common.history import record
from projectoffice.common.mail import absolute, post

from .. import printing
from ..workflow import demand

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_BYTES = 15 * 1024 * 1024


@transaction.atomic
def distribute(document, addressees, *, by, formats, key, note=""):
    """Send what is in force to each address once; the same ``key`` (of the form) sends nothing twice.

    ``formats``: "pdf", "docx". Returns the number of letters.
    """
    document = locked(document)
    demand(document, "distribute", by)
    if not addressees:
        raise ValidationError("Адресов нет: отправлять некому.")
    copies = copies_of(document, formats)
    for addressee in addressees:
        post(
            key=f"distribute:{document.in_force_id}:{key}:{addressee.address.lower()}"[:200],
            person=addressee.person,
            address=addressee.address,
            subject=document.in_force.title,
            body=letter(document, note, by),
            about=document,
            attachments=copies,
        )
    count = len(addressees)
    record("distribute", document, f"Разослано адресатам: {count}", by=by,
           changes={"edition": document.in_force.number, "addresses": [each.address for each in addressees]})
    return count


def copies_of(document, formats):
    edition = document.in_force
    stem = f"{edition.title}, редакция {edition.number}"
    copies = []
    if "pdf" in formats:
        copies.append((clean_name(f"{stem}.pdf", "pdf"), PDF, bytes(edition.file.pdf)))
    if "docx" in formats and not document.is_archive:
        copies.append((clean_name(f"{stem}, рабочая копия.docx", "docx"), DOCX, printing.word_copy(edition.snapshot)))
    if sum(len(content) for _, _, content in copies) > MOST_BYTES:
        raise ValidationError("Файл слишком большой для письма. Отправьте ссылку на документ.")
    return copies


def letter(document, note, by):
    check = absolute(document.in_force.get_check_url())
    words = f"{note.strip()}\n\n" if note.strip() else ""
    return (
        f"{words}Направляем документ «{document.in_force.title}», редакция {document.in_force.number}.\n\n"
        f"Проверить, действует ли он: {check}\n\n{by.signature_name}\n"
    )
