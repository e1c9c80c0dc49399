"""The canary search finds its words wherever a format can hide them, and nothing else."""
import gzip
import io
import json
import zipfile

import pytest
from django.core.mail import EmailMessage
from django.http import FileResponse, HttpResponse, JsonResponse

from projectoffice.common.mail import post
from tests.canary import Canaries


def pdf(word):
    from weasyprint import HTML, Attachment

    page = f"<meta charset=utf-8><title>Отчёт</title><p>{word[:7]}&shy;{word[7:]}</p>"
    return HTML(string=page).write_pdf(attachments=[Attachment(string="x", name="пустой.txt")])


def pdf_title(word):
    from weasyprint import HTML

    return HTML(string=f"<meta charset=utf-8><title>{word}</title><p>Текст</p>").write_pdf(pdf_variant="pdf/a-3a")


def pdf_attachment(word):
    from weasyprint import HTML, Attachment

    return HTML(string="<p>Текст</p>").write_pdf(attachments=[Attachment(string=word, name="данные.txt")])


def docx(word):
    import docx as python_docx

    document, out = python_docx.Document(), io.BytesIO()
    paragraph = document.add_paragraph()
    paragraph.add_run(word[:5])
    paragraph.add_run(word[5:]).bold = True
    document.save(out)
    return out.getvalue()


def docx_author(word):
    import docx as python_docx

    document, out = python_docx.Document(), io.BytesIO()
    document.core_properties.author = word
    document.save(out)
    return out.getvalue()


def xlsx(word):
    import openpyxl

    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = word
    book.save(out)
    return out.getvalue()


def zipped(content, name="файл.bin"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def with_header(word):
    response = HttpResponse("")
    response["X-Title"] = word  # Django encodes it as RFC 2047
    return response




def message(word):
    letter = EmailMessage("Тема", "Текст", to=["a@example.test"])
    letter.attach("файл.docx", docx(word), "application/octet-stream")
    return letter


HIDING = {
    "a page": lambda word: HttpResponse(f"<p>{word}</p>"),
    "a page, broken by a tag": lambda word: HttpResponse(f"<p>{word[:6]}<b>{word[6:]}</b></p>"),
    "a page, as entities": lambda word: HttpResponse("".join(f"&#{ord(letter)};" for letter in word)),
    "a page in capitals": lambda word: HttpResponse(word.upper()),
    "an attribute": lambda word: HttpResponse(f'<a title="{word}">'),
    "json": lambda word: JsonResponse({"note": [word]}),
    "json inside a page": lambda word: HttpResponse(json.dumps(word).replace("\\", "\\") + json.dumps({"a": word}, ensure_ascii=False)),
    "a header": with_header,
    "the name of a download": lambda word: FileResponse(io.BytesIO(b"x"), as_attachment=True, filename=f"{word}.pdf"),
    "a redirect": lambda word: HttpResponse("", status=302, headers={"Location": f"/?q={word}"}),
    "the text of a pdf": pdf,
    "the title of a pdf": pdf_title,
    "a file inside a pdf": pdf_attachment,
    "a word document": docx,
    "the author of a word document": docx_author,
    "a spreadsheet": xlsx,
    "a name inside a zip": lambda word: zipped(b"x", f"{word}.txt"),
    "a document inside a zip inside a zip": lambda word: zipped(zipped(docx(word))),
    "a compressed answer": lambda word: gzip.compress(word.encode()),
    "a table in cp1251": lambda word: word.encode("cp1251"),
    "a calendar": lambda word: f"BEGIN:VCALENDAR\r\nSUMMARY:{word[:9]}\r\n {word[9:]}\r\n".encode(),
    "a file in a letter": message,
    "a text": lambda word: word,
}


@pytest.mark.parametrize("where", HIDING)
def test_a_word_is_found_in(where):
    canaries = Canaries()
    word, other = canaries.plant(where), canaries.plant("somewhere else")
    assert word != other
    assert canaries.scan(HIDING[where](word)) == {where}


@pytest.mark.django_db
def test_a_word_is_found_in_a_letter_of_the_outbox_and_its_files():
    canaries = Canaries()
    letter = post(
        key="k", address="a@example.test", subject=canaries.plant("subject"), body=canaries.plant("body"),
        attachments=[(f"{canaries.plant('name')}.docx", "application/octet-stream", docx(canaries.plant("file")))],
    )
    letter.refresh_from_db()
    assert canaries.scan(letter) == {"subject", "body", "name", "file"}


def test_nothing_is_found_where_nothing_was_planted():
    canaries = Canaries()
    canaries.plant("nowhere")
    assert canaries.scan(HttpResponse("<p>кнр</p>"), pdf("слово"), docx("слово"), "") == set()
