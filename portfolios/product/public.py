"""What visitors read of one product: what is public and consented today, nothing of drafts, remarks, moderators."""
from urllib.parse import urlsplit

from projectoffice.accounts.models import User
from projectoffice.common.filenames import ending_of

from ..models import ProductAuthor, Project
from .names import Shown
from .words import kind_of_file


def page(product, *, file_url):
    """Everything the public page says; ``file_url(row)`` is where a file is given out. The same for visitors and the preview."""
    rows = list(product.files.present().select_related("file"))
    project = Project.objects.public().filter(pk=product.project_id).first() if product.project_id else None
    shown = shown_of(product, [row.file.name for row in rows], project)
    return {
        "product": product, "title": shown(product.title), "annotation": shown(product.annotation),
        "authors": [person.full_name for person in authors(product)],
        "project": project, "project_title": shown(project.title) if project else "",
        "files": [{"name": shown(row.file.name), "url": file_url(row), "kind": kind_of_file(row.file), "size": row.file.size} for row in rows],
        "link": product.link, "link_host": urlsplit(product.link).hostname or "",
    }


def shown_of(product, names, project=None):
    return Shown([product.title, product.annotation, *names, *([project.title] if project else [])], typed_of([product]))


def typed_of(products):
    """Names of authors typed by hand: visitors read them nowhere."""
    return ProductAuthor.objects.present().filter(product__in=products, person=None).values_list("name", flat=True)


def authors(product):
    """Authors of the portal whose consent holds today, in their order."""
    people = User.objects.with_consent()
    return [row.person for row in product.authors.present().filter(person__in=people).select_related("person")]


def public_file(row):
    """The stored file under the name visitors may read; nothing is stored."""
    stored = row.file
    shown = shown_of(row.product, [stored.name])
    if shown(stored.name) != stored.name:
        stored.name = f"{shown(row.product.title)[:80]}, файл {row.position}.{ending_of(stored.name)}"
    return stored
