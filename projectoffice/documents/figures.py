"""Figures of the documents for ``make bench``: the register, an issued PDF, the sheet beside its neighbours."""
from datetime import date
from functools import partial

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import Body
from projectoffice.common.benchmark import Figure, settle

from .archive import CODE
from .bench import pdf_figures, sample_plan
from .models import Document, Stamp
from .services.archive import register_archive
from .sheet import render_pdf

PAPERS, BODIES = 20_000, 200
WORDS = ("проектов", "портфелей", "мониторинга", "наставников", "смотра", "семинаров", "площадок")


def figures(stand):
    fill_register(stand.person)
    settle()
    yield from stand.page("Реестр, 50 строк из 20 000", partial(stand.get, reverse("documents:register")),
                          times_floor=5, queries=20)
    yield from stand.page("Реестр, поиск по слову", partial(stand.get, f"{reverse('documents:register')}?q=наставников"),
                          times_floor=5, queries=20)
    yield Figure("Реестр: запросов больше, чем при 3 строках", rows_cost(stand), "", 0)
    yield from issued_pdf(stand)
    for name, value, unit, ratio, target in pdf_figures(max(3, stand.rounds // 3)):
        yield Figure(name, value, unit) if ratio is None else Figure(name, ratio, "×", target)


def fill_register(person):
    """Papers of many years and bodies, written past the verbs: only lists look at them."""
    bodies = Body.objects.bulk_create(
        Body(name=f"Рабочая группа {n}", genitive=f"рабочей группы {n}", is_main=n == 0) for n in range(BODIES)
    )
    Document.objects.bulk_create((
        Document(kind=CODE, title=f"Протокол {n} по вопросам {WORDS[n % len(WORDS)]}", body=bodies[n % BODIES],
                 year=2000 + n % 28, date=date(2000 + n % 28, 1 + n % 12, 1 + n % 28), number_text=str(n),
                 created_by=person, is_archive=True)
        for n in range(PAPERS)
    ), batch_size=2000)
    Stamp.objects.bulk_create(
        Stamp(document=document, kind=kind, post="Руководитель", name="К.А. Зимин", signer=person)
        for document in Document.objects.order_by("-year", "-pk")[:100] for kind in (Stamp.Kind.AGREE, Stamp.Kind.APPROVE)
    )


def rows_cost(stand):
    """How many queries more 50 rows ask than 3."""
    many, few = (f"{reverse('documents:register')}?q={words}" for words in ("Протокол", "Протокол 1999 "))
    return max(0, stand.queries(partial(stand.get, many)) - stand.queries(partial(stand.get, few)))


def issued_pdf(stand):
    address = reverse("documents:pdf", args=[issued_paper(stand.person).pk])
    tag = stand.get(address)["ETag"]
    whole, unchanged = stand.medians(partial(stand.get, address), partial(stand.get, address, 304, if_none_match=tag))
    yield Figure("Утверждённый PDF, отдать", whole, "мс", 5)
    yield Figure("Утверждённый PDF, не изменился (304)", unchanged, "мс", 5)


def issued_paper(person):
    """A paper in force with a PDF of two pages."""
    content = render_pdf(sample_plan(), mode="ink", check_url="https://po.example.ru/v/benchmark").pdf
    return register_archive(by=person, kind_text="план", title="План", date=timezone.localdate(),
                            files=[ContentFile(content, "план.pdf")])
