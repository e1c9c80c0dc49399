"""What papers of a project are called in lists."""

TITLE_LIMIT = 300


def passport_title(project):
    title = f"Паспорт проекта «{project.title}»"
    return title if len(title) <= TITLE_LIMIT else f"{title[:TITLE_LIMIT - 2]}…»"
