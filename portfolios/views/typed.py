"""What pages share whose texts are saved as they are typed."""
from ..services.typed import dumped


def asks_json(request):
    return request.headers.get("Accept", "").startswith("application/json")


def field_values(form):
    """What a fresh form shows, as its script sends it: {name: [text]}."""
    values = {}
    for name in form.own_names:
        bound = form[name]
        value = bound.value()
        if isinstance(value, bool):
            if value:
                values[name] = ["on"]
            continue
        shown = bound.field.widget.format_value(bound.field.prepare_value(value))
        values[name] = [text_of(shown)] if not isinstance(shown, list) else [text for text in shown if text]
    return values


def text_of(shown):
    return "" if shown is None else str(shown)


def put_collision(form, stale, stored):
    """Both texts: the typed one in the field, the stored one beside it; the next «Сохранить» is a decision."""
    for name in stale.names:
        if name in form.fields:
            words = "".join(stored.get(name, [])) or "пусто"
            form.add_error(name, f"Это только что изменил кто-то другой. Сейчас записано: «{words}».")
    form.data = form.data.copy()
    form.data["version"] = dumped(stale.shown)
