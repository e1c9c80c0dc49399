"""A file of fifty megabytes on its way through the pages that take files: never held in memory whole."""
import io
import tracemalloc
from itertools import chain, repeat

import pytest
from django.urls import reverse

from portfolios.services.implementation_plan import create_plan
from projectoffice.common.models import StoredFile
from projectoffice.common.uploads import MIB, MOST_BYTES
from projectoffice.documents.services.route import send
from projectoffice.documents.table.rows import add_row
from tests.portfolios.things import filled_passport, report_of

pytestmark = pytest.mark.django_db

MOST_HELD = 4 * MIB
BOUNDARY = "между-частями".encode().hex()


class Sending(io.RawIOBase):
    """The body of a form with one big PDF as it comes over the wire: made while it is read, nowhere whole."""

    def __init__(self, size, field, **texts):
        begin = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name='
        head = "".join(f'{begin}"{name}"\r\n\r\n{text}\r\n' for name, text in texts.items())
        head += f'{begin}"{field}"; filename="big.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\n'
        head, tail = head.encode(), f"%%EOF\r\n--{BOUNDARY}--\r\n".encode()
        blocks, rest = divmod(size - len("%PDF-1.7\n%%EOF"), MIB)
        self.length = len(head) + blocks * MIB + rest + len(tail)
        self.pieces = chain([head], repeat(bytes(MIB), blocks), [bytes(rest) + tail])
        self.left = b""

    def readable(self):
        return True

    def readinto(self, room):
        self.left = self.left or memoryview(next(self.pieces, b""))
        count = min(len(room), len(self.left))
        room[:count], self.left = self.left[:count], self.left[count:]
        return count


@pytest.fixture
def pages(cast):
    """Where files come in: the evidence of an activity, the papers of a passport, a report."""
    issued = create_plan(by=cast.secretary, year=2026, name="Наставник рядом")
    add_row(issued, by=cast.secretary, values={"activity": "Мастерская", "term": "октябрь", "responsible": "Орлова А.И."})
    send(issued.document, by=cast.secretary)
    passport = filled_passport(by=cast.secretary)
    return {
        "evidence": (reverse("portfolios:activity_mark", args=[issued.pk, issued.activities.first().uid]), "evidence",
                     {"state": "running", "date": "", "note": "", "link": "", "version": 0}),
        "passport": (reverse("documents:attachments", args=[passport.document_id]), "file", {"title": "Смета"}),
        "report": (reverse("portfolios:report_file_add", args=[report_of(passport.project).pk]), "file", {}),
    }


def upload(client, page, size):
    """The answer, and how many bytes Python held at most while it was made."""
    url, field, texts = page
    client.get(url)  # what is read once per process is no matter of the upload
    body = Sending(size, field, **texts)
    tracemalloc.start()
    answer = client.request(**{
        "PATH_INFO": url, "REQUEST_METHOD": "POST", "wsgi.input": body, "CONTENT_LENGTH": str(body.length),
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}"})
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return answer, held


@pytest.mark.parametrize("name", ["evidence", "passport", "report"])
class TestABigFile:
    def test_of_fifty_megabytes_gets_a_sentence_beside_the_field(self, client, cast, pages, name):
        client.force_login(cast.secretary)
        answer, held = upload(client, pages[name], 50 * MIB)
        assert "Файл слишком большой: 50,0\xa0МБ. Можно до 20,0\xa0МБ." in answer.text
        assert held < MOST_HELD and not StoredFile.objects.exists()

    def test_within_the_limit_is_stored_whole_and_never_held_whole(self, client, cast, pages, name):
        client.force_login(cast.secretary)
        answer, held = upload(client, pages[name], MOST_BYTES)
        assert answer.status_code == 302
        assert (StoredFile.objects.get().size, held < MOST_HELD) == (MOST_BYTES, True)
