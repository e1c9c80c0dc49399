"""How a verb's refusal becomes words beside the field; the typed text stays."""
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import FileField

from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.russian import moment_short


def attempt(form, verb):
    """Call ``verb()`` when the form is valid; its result, or None with the refusal written into the form.

    Done without a result is True.
    """
    if not form.is_valid():
        return None
    try:
        return verb() or True
    except StaleVersion as error:
        show_what_is_stored(form, error.current)
    except TransitionNotAllowed as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        put_errors(form, error)
    return None


def put_errors(form, error):
    """Errors of a verb into a form; what belongs to no field of it stands above."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def show_what_is_stored(form, current):
    """Somebody saved in between: the typed text stays, what is stored now stands beside each field that differs.

    The version moves on, so that the next «Сохранить» is a decision made with both texts in view.
    """
    form.add_error(None, "Это только что изменил кто-то другой. Ваш текст в полях, рядом – что записано сейчас. "
                         "Проверьте и сохраните ещё раз.")
    for name, field in form.fields.items():
        if name == "version" or isinstance(field, FileField) or not hasattr(current, name):
            continue
        stored, typed = getattr(current, name), form.cleaned_data.get(name)
        if stored != typed:
            form.add_error(name, f"Сейчас записано: «{field_words(field, stored)}».")
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = current.version


def field_words(field, value):
    if value in (None, ""):
        return "пусто"
    if isinstance(value, bool):
        return "да" if value else "нет"
    if hasattr(value, "strftime"):
        return moment_short(value)
    return dict(getattr(field, "choices", None) or {}).get(value, value)


def attempt_with_message(request, verb, done):
    """For a button without a form: run the verb and tell the outcome in a message. Whether it was done."""
    try:
        verb()
    except (StaleVersion, TransitionNotAllowed) as error:
        messages.error(request, str(error))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
        return True
    return False
