"""What this app writes to people. Letters go to the outbox in the transaction of the verb."""
from projectoffice.common.mail import absolute, post
from projectoffice.common.russian import date_long


def link(project):
    return absolute(project.get_absolute_url())


def head_changed(project, before, *, by, event):
    """Both are told: who heads the project now, and who did."""
    if project.head and project.head != by:
        post(key=f"project_head:{event.pk}:new", person=project.head, about=project,
             subject=f"Вы руководите проектом «{project}»",
             body=f"Вас назначили руководителем проекта «{project}». Прежний руководитель: {before or 'не был указан'}.\n\n"
                  f"Проект: {link(project)}\n")
    if before and before != by:
        post(key=f"project_head:{event.pk}:old", person=before, about=project,
             subject=f"У проекта «{project}» другой руководитель",
             body=f"Проектом «{project}» теперь руководит {project.head or 'другой человек'}. "
                  f"От Вас по этому проекту больше ничего не требуется.\n\nПроект: {link(project)}\n")


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
