"""What a product lacks before the office can check it: a sentence, and the way to the field. Pure, but for its parts."""
from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Lack:
    """One thing that is missing: the sentence and the button that mends it."""

    sentence: str
    label: str
    url: str


def missing(product):
    """What must be there before it is sent; two queries."""
    edit = reverse("portfolios:product_edit", args=[product.pk])
    found = []
    if not product.annotation:
        found.append(Lack("аннотацию – что это, для кого и чем поможет", "Написать аннотацию", f"{edit}#id_annotation"))
    if not product.link and not product.files.present().exists():
        found.append(Lack("файл или ссылку – то, чем воспользуются коллеги", "Добавить файлы",
                          reverse("portfolios:product_file_add", args=[product.pk])))
    if not product.authors.present().exists():
        found.append(Lack("хотя бы одного автора", "Добавить автора", reverse("portfolios:product_author_new", args=[product.pk])))
    return found


def missing_words(product):
    """One sentence about all of it; empty when the product is ready."""
    found = missing(product)
    return f"Чтобы отправить продукт, добавьте: {'; '.join(lack.sentence for lack in found)}." if found else ""
