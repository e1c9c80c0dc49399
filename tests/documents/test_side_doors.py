"""Nothing of a paper one may not read comes out anywhere: pages, files, lists, search, export, letters."""
import pytest
from django.urls import get_resolver, reverse

from projectoffice.common.models import OutgoingMail
from projectoffice.documents.services.attachments import attach
from projectoffice.documents.services.ink import add_scan
from projectoffice.documents.services.revision import revise
from projectoffice.documents.services.route import send
from tests.canary import Canaries
from tests.documents.paper import TEXTS, make_paper
from tests.documents.states import fresh
from tests.documents.uploads import stored_pdf
from tests.factories import StampFactory

pytestmark = pytest.mark.django_db


def addresses(document):
    """Every address of this app that takes a document, one of its parts, or nothing."""
    stamp = document.stamps.first()
    parts = {"stamp": stamp.pk if stamp else 0}
    for pattern in get_resolver().url_patterns:
        if getattr(pattern, "namespace", None) != "documents" and getattr(pattern, "app_name", None) != "documents":
            continue
        for url in pattern.url_patterns:
            names = list(url.pattern.converters)
            if names == ["pk"]:
                pk = parts["stamp"] if url.name.startswith("stamp_") and url.name not in ("stamp_add", "stamp_swap") else document.pk
                pk = document.attachments.first().pk if url.name in ("attachment", "detach", "put_back") else pk
                yield reverse(f"documents:{url.name}", args=[pk])
            elif names == ["pk", "number"]:
                yield reverse(f"documents:{url.name}", args=[document.pk, 1])
            elif not names:
                yield reverse(f"documents:{url.name}")


def crawl(client, person, document, words):
    client.force_login(person)
    lists = [reverse("documents:register") + f"?q={word}" for word in words]
    lists += [reverse("documents:register_export") + f"?q={word}" for word in words]
    return [client.get(url) for url in [*addresses(document), *lists]]


def strict_paper(cast, canaries):
    document = make_paper(cast.secretary, kind="numbered_paper", title=f"Положение {canaries.plant('title')}")
    TEXTS[document.pk] = f"Текст {canaries.plant('text')}"
    StampFactory(document=document, kind="approve", signer=None, name="", basis=f"приказом {canaries.plant('stamp')}",
                 basis_number="1", method="ink")
    document = send(document, by=cast.secretary)
    attach(document, stored_pdf(cast.secretary, name=f"{canaries.plant('file')}.pdf"), by=cast.secretary)
    return fresh(document)


def test_a_paper_of_a_strict_kind_is_nowhere_for_those_who_may_not_read_it(cast, client):
    canaries = Canaries()
    document = strict_paper(cast, canaries)
    for person in (cast.stranger, cast.member_of_school_a):
        answers = crawl(client, person, document, canaries.places)
        # The words searched for come back in the search field alone.
        assert canaries.scan(*[a for a in answers if "q=" not in a.wsgi_request.get_full_path()]) == set()
        found = [a for a in answers if "q=" in a.wsgi_request.get_full_path() and "export" not in a.wsgi_request.path]
        assert all("По этим условиям ничего нет" in a.content.decode() for a in found)
        own = [a for a in answers if f"/{document.pk}/" in a.wsgi_request.path and "public" not in a.wsgi_request.path]
        assert {a.status_code for a in own} <= {403, 404, 405}


def test_the_office_sees_every_word_of_it(cast, client):
    canaries = Canaries()
    document = strict_paper(cast, canaries)
    answers = crawl(client, cast.secretary, document, [])
    assert canaries.scan(*answers) == set(canaries.places.values())


def test_what_is_being_prepared_stays_in_the_office_while_readers_see_what_is_in_force(cast, client):
    canaries = Canaries()
    document = make_paper(cast.secretary)
    TEXTS[document.pk] = "Прежний текст"
    document = send(document, by=cast.secretary)
    document = revise(document, by=cast.secretary, basis=f"приказа {canaries.plant('basis')}")
    TEXTS[document.pk] = f"Новый {canaries.plant('draft')}"
    document.title = f"Положение {canaries.plant('draft title')}"
    document.save()
    add_scan(document, stored_pdf(cast.secretary, name=f"{canaries.plant('scan')}.pdf"), by=cast.secretary)
    answers = crawl(client, cast.stranger, document, [])
    assert [a.wsgi_request.path for a in answers if canaries.scan(a)] == []
    assert "Прежний текст" in " ".join(a.content.decode("utf-8", "ignore") for a in answers) or any(
        a.status_code == 200 and a["Content-Type"] == "application/pdf" for a in answers
    )
    seen = canaries.scan(*crawl(client, cast.secretary, document, []))
    assert {"draft", "draft title", "basis"} <= seen


def test_letters_go_only_to_those_who_are_asked(cast):
    canaries = Canaries()
    document = make_paper(cast.secretary, title=f"Положение {canaries.plant('title')}")
    StampFactory(document=document, signer=cast.office_head)
    send(document, by=cast.secretary)
    assert [letter.person for letter in OutgoingMail.objects.all()] == [cast.office_head]
    assert canaries.scan(*OutgoingMail.objects.all()) == {"title"}
