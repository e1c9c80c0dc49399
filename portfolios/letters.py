"""What this app writes to people. Letters go to the outbox in the transaction of the verb."""
from django.urls import reverse

from projectoffice.common.mail import absolute, post
from projectoffice.common.russian import date_long, full_stop


def link(project):
    return absolute(project.get_absolute_url())


def head_changed(project, before, *, by, event):
    """Both are told: who heads the project now, and who did."""
    if project.head and project.head != by:
        post(key=f"project_head:{event.pk}:new", person=project.head, about=project,
             subject=f"Вы руководите проектом «{project}»",
             body=f"Вас назначили руководителем проекта «{project}». "
                  + (full_stop(f"Прежний руководитель: {before}") if before else "") + "\n\n"
                  f"Проект: {link(project)}\n")
    if before and before != by:
        post(key=f"project_head:{event.pk}:old", person=before, about=project,
             subject=f"У проекта «{project}» другой руководитель",
             body=f"Проектом «{project}» теперь руководит {project.head or 'другой человек'}. "
                  f"От вас по этому проекту больше ничего не требуется.\n\nПроект: {link(project)}\n")


def status_changed(project, words, *, by, event):
    """The head learns what became of the project, unless it was the head's own doing."""
    if project.head and project.head != by:
        post(key=f"project_status:{event.pk}", person=project.head, about=project,
             subject=f"{words}: «{project}»",
             body=f"{words}: проект «{project}».\n"
                  + (f"Причина: {project.status_reason}\n" if project.status_reason else "")
                  + f"\nПроект: {link(project)}\n")


def institution_closed(project, institution, person):
    """An institution of a project was closed while the project goes on: somebody must decide who takes its part."""
    return post(
        key=f"project_institution:{project.pk}:{institution.pk}:{institution.closed_on}:{person.pk}", person=person, about=project,
        subject=f"Учреждение закрыто, а проект идёт: «{project}»",
        body=f"{institution} закрыто с {date_long(institution.closed_on)}, а проект «{project}» продолжается.\n"
             f"Решите, кто ведёт его часть, и замените учреждение: {link(project)}#institutions\n")


# The bank of products

def product_returned(product, *, by, event):
    """Who wrote it reads what to mend."""
    tell_writer(product, by, event, f"Продукт возвращён с замечанием: «{product}»",
                f"Проектный офис прочитал «{product}» и просит исправить:\n\n{product.remark}\n\n"
                "Исправьте и отправьте снова: всё, что внесено, на месте.")


def product_withdrawn(product, *, by, event):
    tell_writer(product, by, event, f"Продукт снят с публикации: «{product}»",
                f"«{product}» больше не показан на открытых страницах. Почему:\n\n{product.remark}")


def tell_writer(product, by, event, subject, words):
    """Who made it or, where that person has left, the head of its project; not who did it oneself."""
    person = writer_of(product)
    if person and person != by:
        post(key=f"product:{event.pk}:{person.pk}", person=person, about=product, subject=subject,
             body=f"{words}\n\nПродукт: {link(product)}\n")


def writer_of(product):
    person = product.created_by
    if person and person.is_active and not person.left_on:
        return person
    return product.project.head if product.project else person


def product_published(product, *, by, event):
    """Its writer and authors learn the address; an author without a consent learns how to have the name shown."""
    authors = [row.person for row in product.authors.present().filter(person__isnull=False).select_related("person")]
    writer = writer_of(product)
    for person in dict.fromkeys([*([writer] if writer else []), *authors]):
        if person == by:
            continue
        name = ""
        if person in authors and not person.name_is_public:
            name = ("Вашего имени на странице нет: согласия на публикацию имени пока нет. "
                    f"Дать его можно здесь: {absolute(reverse('accounts:consent'))}\n")
        post(key=f"product:{event.pk}:{person.pk}", person=person, about=product, subject=f"Продукт опубликован: «{product}»",
             body=f"«{product}» опубликован в банке методических продуктов, его видят все.\n\n"
                  f"Страница: {absolute(product.public_url)}\n{name}")
