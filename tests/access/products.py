"""The bank of methodical products: a draft, one being checked, a returned and a published one of school A, a withdrawn one."""
import uuid

from portfolios.models import ProductFile
from portfolios.services import product as verbs
from projectoffice.accounts.access import system
from tests.common.files import PDF, upload
from tests.portfolios.things import (
    ProductFactory,
    fresh,
    published_product,
    ready_product,
    submitted_product,
    withdrawn_product,
)

from . import Row, everybody, only

OUTSIDERS = ["member_of_school_b", "stranger", "downgraded", "ended"]
WRITERS = ("office", "member_of_school_a")


def furnish(world):
    writer = world.cast.member_of_school_a
    made = {"author": writer, "institution": writer.current_post.institution}
    world.product = ready_product(**made)
    world.lone_product = ProductFactory(created_by=writer)
    world.checked_product = submitted_product(**made)
    world.published_product = published_product(**made)
    world.withdrawn_product = withdrawn_product(**made)
    world.product_author = world.product.authors.get()
    world.gone_author = verbs.remove_part(verbs.add_author(fresh(world.product), by=system(), name="Ким А.В."), by=system())
    world.product_file = world.product.files.get()
    [added] = verbs.add_files(fresh(world.product), [upload("лишний.pdf", PDF)], by=system())
    world.gone_product_file = verbs.remove_part(ProductFile.objects.get(pk=added.pk), by=system())
    world.hidden_file, world.shown_file = world.withdrawn_product.files.get(), world.published_product.files.get()


def of(name):
    return lambda world: [getattr(world, name).pk]


def sees(**more):
    return only("staff", "member_of_school_a", hidden_from=OUTSIDERS, **more)


def writes(ok=302, **data):
    return only(*WRITERS, ok=ok, hidden_from=OUTSIDERS, data=lambda world: filled(world, data))


def moderates(ok=302, **data):
    return only("office", ok=ok, hidden_from=OUTSIDERS, data=lambda world: filled(world, data))


def filled(world, data):
    return {name: value(world) if callable(value) else value for name, value in data.items()}


def key(world):
    return str(uuid.uuid4())


def version_of(name):
    return lambda world: fresh(getattr(world, name)).version


def files(world):
    return {"files": upload("ещё.pdf", PDF), "key": key(world)}


CARD = {"title": "Продукт", "kind": "scenario", "annotation": "Для всех.", "year": 2026, "key": key}
AN = "portfolios:product_"

ROWS = [
    Row("portfolios:public_products", get=everybody()),
    Row("portfolios:public_products", get=everybody(), query="?q=продукты&kind=nothing&year=abc&institution=7&portfolio=x&page=9", case="asked oddly"),
    Row("portfolios:public_product", lambda world: [world.published_product.uid], get=everybody(), case="published"),
    Row("portfolios:public_product", lambda world: [world.withdrawn_product.uid], get=everybody(ok=404), case="withdrawn"),
    Row("portfolios:public_product", lambda world: [world.product.uid], get=everybody(ok=404), case="a draft"),
    Row("portfolios:public_product_file", lambda world: [world.published_product.uid, world.shown_file.pk], get=everybody()),
    Row("portfolios:public_product_file", lambda world: [world.withdrawn_product.uid, world.hidden_file.pk], get=everybody(ok=404), case="withdrawn"),
    Row("portfolios:public_product_file", lambda world: [world.published_product.uid, world.hidden_file.pk], get=everybody(ok=404), case="of another"),
    Row("portfolios:products", get=only("known")),
    Row("portfolios:product_new", get=only("office", "member_of_school_a", "member_of_school_b"),
        post=only("office", "member_of_school_a", "member_of_school_b", ok=302, data=lambda world: filled(world, CARD | {"version": 1}))),
    Row("portfolios:product", of("product"), get=sees(), case="a draft"),
    Row("portfolios:product", of("withdrawn_product"), get=sees(), case="withdrawn"),
    Row("portfolios:product", of("published_product"), case="published: others go to the public page",
        get=only("staff", "member_of_school_a", refused=302)),
    Row(f"{AN}preview", of("product"), get=sees()),
    Row(f"{AN}preview", of("published_product"), get=sees(), case="published"),
    Row(f"{AN}history", of("product"), get=sees()),
    Row(f"{AN}history", of("published_product"), get=sees(), case="published"),
    Row(f"{AN}edit", of("product"), get=writes(ok=200), post=writes(**CARD, version=version_of("product"))),
    Row(f"{AN}edit", of("published_product"), post=writes(ok=200, **CARD, version=0), case="published, an old page"),
    Row(f"{AN}remove", of("lone_product"), get=writes(ok=200), post=writes()),
    Row(f"{AN}submit", of("product"), get=writes(ok=200), post=writes()),
    Row(f"{AN}recall", of("checked_product"), post=writes()),
    Row(f"{AN}return", of("checked_product"), get=moderates(ok=200), post=moderates(words="Поправьте", version=version_of("checked_product"))),
    Row(f"{AN}publish", of("checked_product"), get=moderates(ok=200), post=moderates(version=version_of("checked_product"))),
    Row(f"{AN}withdraw", of("published_product"), get=moderates(ok=200), post=moderates(words="Устарел", version=version_of("published_product"))),
    Row(f"{AN}author_new", of("product"), get=writes(ok=200), post=writes(name="Лен О.П.", key=key)),
    Row(f"{AN}author_move", of("product_author"), post=writes(up="1")),
    Row(f"{AN}author_remove", of("product_author"), post=writes()),
    Row(f"{AN}author_return", of("gone_author"), post=writes()),
    Row(f"{AN}file_add", of("product"), get=writes(ok=200), post=only(*WRITERS, ok=302, hidden_from=OUTSIDERS, data=files)),
    Row(f"{AN}file", of("product_file"), get=sees(), case="of a draft"),
    Row(f"{AN}file", of("shown_file"), get=sees(), case="of a published one: others have the public address"),
    Row(f"{AN}file", of("gone_product_file"), get=only(refused=404), case="taken off"),
    Row(f"{AN}file_move", of("product_file"), post=writes(up="1")),
    Row(f"{AN}file_remove", of("product_file"), post=writes()),
    Row(f"{AN}file_return", of("gone_product_file"), post=writes()),
]
