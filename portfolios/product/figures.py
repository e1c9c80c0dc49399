"""Figures of the bank for ``make bench``: a catalogue of 20 000 published products, asked as visitors ask it."""
import random
from datetime import timedelta
from functools import partial
from itertools import accumulate

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.forms.fields import NamedInstitutions
from projectoffice.accounts.models import Consent, Institution, User
from projectoffice.common.benchmark import Figure, settle

from ..models import MethodProduct, Portfolio, ProductAuthor, Project
from . import catalogue
from .catalogue import Asked

PRODUCTS, AUTHORS = 20_000, 400
MOST_MS = 50
TOPICS = ("праздника чтения", "занятий с приборами", "наставников школ", "открытых уроков", "семейных встреч", "прогулок по городу")
RARE = "метеостанция"


def product_figures(stand):
    place, portfolio = fill()
    for asked, what in ((Asked(RARE), "редкое слово"), (Asked("праздники"), "слово каждого шестого"), (Asked("методички"), "слово половины"),
                        (Asked("методичка", year=2024, kind="tool"), "слово с отбором"), (Asked("сочинителев"), "автор"), (Asked(institution=NamedInstitutions(place, [place.pk])), "учреждение"),
                        (Asked(portfolio=portfolio), "портфель"), (Asked(), "всё")):
        assert catalogue.results(asked).total, asked  # noqa: S101
        yield Figure(f"Каталог из {PRODUCTS} продуктов, {what}: в базе", in_the_database(asked, stand.rounds), "мс", MOST_MS)
    address = reverse("portfolios:public_products")
    yield from stand.page("Каталог продуктов, первая страница", partial(stand.get, address), times_floor=5, queries=20)
    yield from stand.page("Каталог продуктов, поиск по слову", partial(stand.get, f"{address}?q=праздники"), times_floor=5, queries=20)
    more = stand.queries(partial(stand.get, f"{address}?q=праздники")) - stand.queries(partial(stand.get, f"{address}?q=праздники+{RARE}"))
    yield Figure("Каталог продуктов: запросов больше, чем при нескольких строках", max(0, more), "", 0)
    yield from stand.page("Продукты внутри, 50 строк из 20 000", partial(stand.get, reverse("portfolios:products")), times_floor=5, queries=20)


def in_the_database(asked, rounds):
    """Milliseconds of all queries of one search together, the best of many: neighbours of the machine only add to it."""
    catalogue.results(asked)
    return min(one_search(asked) for _ in range(max(5, rounds // 2)))


def one_search(asked):
    with CaptureQueriesContext(connection) as captured:
        catalogue.results(asked)
    return 1000 * sum(float(query["time"]) for query in captured)


def fill():
    """Published over many years, written past the verbs: only the catalogue looks at them. An institution and a portfolio of theirs."""
    chance = random.Random(7)  # noqa: S311
    people = User.objects.bulk_create(User(surname=f"Сочинителев{n}", given_name="Иван") for n in range(AUTHORS))
    Consent.objects.bulk_create(Consent(person=person, text="Согласие", given_on="2026-01-01") for person in people[::2])
    places, projects = list(Institution.objects.all()[:200]), list(Project.objects.all()[:2000])
    Project.objects.filter(pk__in=[project.pk for project in projects]).update(is_public=True)
    Portfolio.objects.update(is_public=True)
    now = timezone.now()
    products = MethodProduct.objects.bulk_create((one(number, chance, places, projects, now) for number in range(PRODUCTS)), batch_size=2000)
    ProductAuthor.objects.bulk_create(
        (ProductAuthor(product=product, person=people[number % AUTHORS], name="Сочинителев И.", position=1)
         for number, product in enumerate(products)), batch_size=2000)
    settle()
    return places[0], projects[0].portfolio


def one(number, chance, places, projects, now):
    """Most annotations are short; every hundredth names a rare word, half of them a frequent one."""
    title = f"Материалы {chance.choice(TOPICS)}, часть {number}"
    text = words(chance, 60) + (f" {RARE}" if chance.random() < 0.01 else "")
    moment = now - timedelta(hours=number)
    return MethodProduct(
        title=title, annotation=text, title_words=title, text_words=text, kind=MethodProduct.Kind.values[number % 7], year=2008 + number % 18,
        institution=places[number % len(places)], project=projects[number % len(projects)] if number % 2 else None,
        state=MethodProduct.State.PUBLISHED, state_at=moment, published_at=moment)


COMMON = [f"слово{number}" for number in range(3000)]
WEIGHTS = list(accumulate(1 / (number + 3) for number in range(3000)))


def words(chance, count):
    """Text in which few words are frequent and most are rare, as in any language; half of the texts name a booklet."""
    text = " ".join(chance.choices(COMMON, cum_weights=WEIGHTS, k=count))
    return f"{text} методичка" if chance.random() < 0.5 else text
