"""Verbs about methodical products: made, mended, sent, returned, published, withdrawn; their authors and files."""
from collections import defaultdict
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from projectoffice.accounts.access import may, person_of, require
from projectoffice.accounts.models import Institution, Post
from projectoffice.accounts.services.changing import check_version, lay_over, refusals, save_checked
from projectoffice.accounts.services.people import words_of
from projectoffice.common.db import locked, now
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.common.models import StoredFile
from projectoffice.common.text import clean_text
from projectoffice.common.uploads import store_upload

from .. import letters
from ..models import MethodProduct, ProductAuthor, ProductFile, Project
from ..product.names import known_people, people_in, searched, typed_authors
from ..product.problems import missing_words
from ..product.workflow import CREATE, MODERATE, RULES, demand

MOST_FILES, MOST_AUTHORS = 20, 30
AT_ONCE = 25  # products whose names are asked for in one query
# Written by verbs alone and empty at first: no form asks for them.
UNASKED = ("published_at", "created_by", "state_at")
OTHER_TEXT = "Пока вы читали, продукт изменили. Прочитайте его ещё раз и решите снова."
OTHER_WORDS = "Пока вы писали, другой сотрудник уже решил это, но с другими словами. Прочитайте их на странице продукта."
FOREIGN_PLACE = "Выберите своё учреждение или учреждение проекта: за другие продукты вносит Проектный офис."
FOREIGN_PROJECT = "В списке такого проекта нет."
FIRST_YEAR = 1990


def open_product(product, by, verb="edit"):
    """Lock the product and answer that this person may do this to it now; returns the locked product."""
    product = locked(product)
    demand(product, verb, by)
    return product


# The card

@transaction.atomic
def create_product(*, by, title, **fields):
    """A draft of a product; its author adds files and authors before it is sent."""
    require(by, CREATE)
    product = MethodProduct(title=title, created_by=person_of(by), **fields)
    check_card(product, by, fields)
    save_card(product)
    record("create_product", product, "Внесён продукт", by=by)
    return product


@transaction.atomic
def save_product(product, *, by, version, **fields):
    """Change the card; StaleVersion when somebody else just did. The office mends what is published, at once for all."""
    product = open_product(product, by)
    check_version(product, version)
    changes = lay_over(product, fields)
    if not changes:
        return product
    check_card(product, by, changes)
    refuse_unready(product)
    product.version += 1
    save_card(product)
    record("save_product", product, "Изменено: " + words_of(product, changes), by=by, changes=changes)
    return product


def check_card(product, by, fields):
    """Place, project and year are such as this person may name; what did not change is not asked."""
    if "project" in fields and product.project_id and not Project.objects.visible_to(by).filter(pk=product.project_id).exists():
        raise ValidationError({"project": FOREIGN_PROJECT})
    if {"institution", "project"} & fields.keys() and product.institution_id and not may_name(product.institution, product, by):
        raise ValidationError({"institution": FOREIGN_PLACE})
    last = timezone.localdate().year + 1
    if "year" in fields and product.year and not FIRST_YEAR <= product.year <= last:
        raise ValidationError({"year": f"Год – от {FIRST_YEAR} до {last}."})


def may_name(institution, product, by):
    """The office names any institution; others their own and those of the project."""
    if may(by, MODERATE):
        return True
    own = Post.objects.current().filter(person=by, institution=institution).exists()
    return own or (product.project_id is not None and product.project.institutions.filter(institution=institution).exists())


def places_of(by):
    """Institutions where this person holds a post today: what a new product is proposed."""
    return Institution.objects.filter(pk__in=Post.objects.current().filter(person=by, institution__isnull=False).values("institution"))


def save_card(product):
    keep_words(product)
    return save_checked(product, exclude=UNASKED)


def keep_words(product):
    """Write what words are looked for in: title and annotation without names of people and of typed authors."""
    people = known_people(people_in(product.title, product.annotation))
    typed = product.authors.present().filter(person=None).values_list("name", flat=True) if product.pk else ()
    product.title_words, product.text_words = words_without(product, people | typed_authors(typed))


def words_without(product, known):
    return searched(product.title, known), searched(product.annotation, known)


def keep_words_of_published():
    """The same of all that visitors find, with the people of today: who came to the portal after the product did.

    Only those whose words differ are written, and none that somebody changed meanwhile; returns how many.
    """
    published = MethodProduct.objects.published().order_by("pk").only("title", "annotation", "title_words", "text_words", "version")
    return sum(renew_words(products) for products in in_portions(published.iterator(chunk_size=AT_ONCE)))


def in_portions(rows):
    while portion := list(islice(rows, AT_ONCE)):
        yield portion


def renew_words(products):
    """Two queries for all of these products, and one for each whose words differ."""
    people = known_people(people_in(*(text for product in products for text in (product.title, product.annotation))))
    typed = defaultdict(list)
    for key, name in ProductAuthor.objects.present().filter(product__in=products, person=None).values_list("product", "name"):
        typed[key].append(name)
    renewed = 0
    for product in products:
        title, text = words_without(product, people | typed_authors(typed[product.pk]))
        if (title, text) != (product.title_words, product.text_words):
            unchanged = MethodProduct.objects.filter(pk=product.pk, version=product.version)
            renewed += unchanged.update(title_words=title, text_words=text)
    return renewed


def refuse_unready(product):
    """What visitors read, or the office is checking, keeps what it was sent with."""
    if product.state in (MethodProduct.State.SUBMITTED, MethodProduct.State.PUBLISHED):
        words = missing_words(product)
        if words:
            raise ValidationError(words.replace("Чтобы отправить продукт, добавьте", "Без этого продукт не показывают"))


def step(product, *fields):
    """Save these fields and one step of the version, so that a page opened before this change is told."""
    product.version += 1
    product.save(update_fields=[*fields, "version"])
    return product


@transaction.atomic
def remove_product(product, *, by):
    """A draft made by mistake goes with its authors and files. Cannot be undone."""
    product = open_product(product, by, "remove")
    record("remove_product", product, f"Удалён черновик «{product.title}»", by=by)
    stored = list(product.files.values_list("file", flat=True))
    product.delete()
    StoredFile.objects.filter(pk__in=stored).delete()  # the bytes go with the next sweep


# The way to publication

@transaction.atomic
def submit_product(product, *, by):
    """Send it to the office. Sent twice, the second call changes nothing."""
    return moved(product, "submit", by=by, words="Отправлен на проверку", ready=True)


@transaction.atomic
def recall_product(product, *, by):
    """Take it back while nobody decided."""
    return moved(product, "recall", by=by, words="Забран на доработку")


@transaction.atomic
def return_product(product, *, by, version, remark):
    """Back to who wrote it, with what to mend; they are told."""
    remark = clean_text(remark, multiline=True)
    if not remark:
        raise ValidationError({"words": "Напишите, что исправить, – без этого автор не поймёт, за что взяться."})
    return moved(product, "return", by=by, words=f"Возвращён: {remark}", version=version, remark=remark, letter=letters.product_returned)


@transaction.atomic
def publish_product(product, *, by, version):
    """Show it to everybody; its writer and its authors are told. A withdrawn one keeps the day it was first published."""
    return moved(product, "publish", by=by, words="Опубликован", version=version, ready=True, letter=letters.product_published)


@transaction.atomic
def withdraw_product(product, *, by, version, reason):
    """Visitors do not find it any more; who wrote it is told why."""
    reason = clean_text(reason, multiline=True)
    if not reason:
        raise ValidationError({"words": "Напишите, почему снимаете: это прочтёт автор."})
    return moved(product, "withdraw", by=by, words=f"Снят с публикации: {reason}", version=version, remark=reason,
                 letter=letters.product_withdrawn)


def moved(product, verb, *, by, words, version=None, remark="", ready=False, letter=None):
    """Lead the product to the state of this verb. Done twice is done once; with other words, or about another text, it is refused."""
    rule = RULES[verb]
    product = locked(product)
    if product.state == rule.target:
        require(by, rule.permission, product)
        if product.remark != remark:
            raise TransitionNotAllowed(OTHER_WORDS)
        return product
    demand(product, verb, by)
    if version is not None and product.version != version:
        raise StaleVersion(product, OTHER_TEXT)
    lacking = missing_words(product) if ready else ""
    if lacking:
        raise ValidationError(lacking)
    before = product.get_state_display()
    product.state, product.state_at, product.remark = rule.target, now(), remark
    if product.is_published:
        product.published_at = product.published_at or product.state_at
        keep_words(product)
    step(product, "state", "state_at", "remark", "published_at", "title_words", "text_words")
    event = record(f"{verb}_product", product, words, by=by, changes={"state": [before, product.get_state_display()], "remark": remark})
    if letter:
        letter(product, by=by, event=event)
    return product


# Authors

@transaction.atomic
def add_author(product, *, by, person=None, name=""):
    """A person of the portal or a typed name, after those who stand there; a person stands there once."""
    product = open_product(product, by)
    name = person.short_name if person else clean_text(name, limit=200)
    if not name:
        raise ValidationError({"name": "Выберите человека из списка или впишите фамилию и инициалы."})
    rows = product.authors.present()
    if person and rows.filter(person=person).exists():
        raise ValidationError({"person": "Этот автор уже указан."})
    if not person and rows.filter(person=None, name=name).exists():
        raise ValidationError({"name": "Этот автор уже указан."})
    refuse_too_many(rows)
    author = save_checked(ProductAuthor(product=product, person=person, name=name, position=next_place(product.authors)))
    changed(product, by, "add_product_author", f"Автор: {author}")
    return author


# Files

@transaction.atomic
def add_files(product, files, *, by):
    """Some files, each checked by its content, after those that stand there."""
    product = open_product(product, by)
    refuse_too_many(product.files.present(), len(files))
    first = next_place(product.files)
    stored = [store_upload(file, by=person_of(by)) for file in files]
    rows = ProductFile.objects.bulk_create(
        ProductFile(product=product, file=file, position=first + place) for place, file in enumerate(stored))
    changed(product, by, "add_product_files", "Добавлены файлы: " + ", ".join(str(file) for file in stored))
    return rows


# Places of authors and files alike

def refuse_too_many(rows, more=1):
    """There is an end to the files and authors of a product, on the way back too."""
    if rows.model is ProductFile and rows.count() + more > MOST_FILES:
        raise ValidationError({"files": f"У продукта может быть не больше {MOST_FILES} файлов."})
    if rows.model is ProductAuthor and rows.count() + more > MOST_AUTHORS:
        raise ValidationError(f"Можно указать не больше {MOST_AUTHORS} авторов.")


def next_place(parts):
    return (parts.present().aggregate(last=Max("position"))["last"] or 0) + 1


@transaction.atomic
def remove_part(part, *, by):
    """Take an author or a file off; the row stays for «Вернуть». Done twice, the second call changes nothing."""
    product, part = opened(part, by)
    if part.position is None:
        return part
    part.position = None
    part.save(update_fields=["position"])
    refuse_unready(product)
    changed(product, by, "remove_product_part", f"Убран {word_of(part)}: {part}")
    return part


@transaction.atomic
def return_part(part, *, by):
    """Put it back, after the others. Done twice, the second call changes nothing."""
    product, part = opened(part, by)
    if part.position is not None:
        return part
    refuse_too_many(siblings(part).present())
    part.position = next_place(siblings(part))
    with refusals(part):
        part.save(update_fields=["position"])
    changed(product, by, "return_product_part", f"Возвращён {word_of(part)}: {part}")
    return part


@transaction.atomic
def move_part(part, *, by, up):
    """One place up or down; at the edge nothing happens."""
    product, part = opened(part, by)
    rows = list(siblings(part).present())
    place = next((place for place, row in enumerate(rows) if row.pk == part.pk), None)
    other = None if place is None else place - 1 if up else place + 1
    if place is None or other is None or not 0 <= other < len(rows):
        return part
    rows[place], rows[other] = rows[other], rows[place]
    for number, row in enumerate(rows, start=1):
        row.position = number
    type(part).objects.bulk_update(rows, ["position"])
    changed(product, by, "move_product_part", f"Переставлен {word_of(part)}: {part}")
    return part


def opened(part, by):
    """The locked product of an author or a file, open for edit, and the part as it is now."""
    product = open_product(part.product, by)
    part = type(part).objects.select_for_update(of=("self",)).get(pk=part.pk)
    part.product = product
    return product, part


def siblings(part):
    return part.product.files if isinstance(part, ProductFile) else part.product.authors


def word_of(part):
    return "файл" if isinstance(part, ProductFile) else "автор"


def changed(product, by, verb, words):
    """One step of the product's version and a line of its history; a typed author changes what is looked for."""
    keep_words(product)
    step(product, "title_words", "text_words")
    record(verb, product, words, by=by)
