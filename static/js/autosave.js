/* A form that is saved as it is typed:
     <form method="post" data-autosave="/address/" data-autosave-key="report:12">
       <input type="hidden" name="version" value="3"> …
   The address takes the form and answers JSON: 200 {"version": 4}; 409 {"version": 9, "values": {"field":
   ["…"]}} with what is stored now, when somebody saved in between, or {"message": "…"} when it is too late; 422 {"errors": {"field": ["sentence"]}}. Until the server has the text, a copy stays on this device.
   Once it is saved the form says so with the event "autosaved", for parts of the page that tell of its text.
   Without a script the form has its ordinary button. */
(function () {
  "use strict";

  var PAUSE = 900;
  var RETRY = 10000;
  var MOST_NAMED = 4;
  var LONGEST_SHOWN = 60;

  function valuesOf(form) {
    var values = {};
    new FormData(form).forEach(function (value, name) {
      if (value instanceof File || name === "csrfmiddlewaretoken" || name === "version") return;
      (values[name] = values[name] || []).push(value);
    });
    return values;
  }

  function putBack(form, values) {
    Array.from(form.elements).forEach(function (control) {
      if (!control.name || control.type === "hidden" || control.type === "file" || control.type === "submit") return;
      var kept = values[control.name] || [];
      if (control.type === "checkbox" || control.type === "radio") control.checked = kept.includes(control.value);
      else if (control.multiple) Array.from(control.options).forEach(function (option) { option.selected = kept.includes(option.value); });
      else control.value = kept.length ? kept.shift() : "";
    });
  }

  function showErrors(form, errors) {
    form.querySelectorAll("[data-autosave-error]").forEach(function (old) { old.remove(); });
    Object.keys(errors).forEach(function (name) {
      var control = form.elements[name] && (form.elements[name].length && !form.elements[name].tagName ? form.elements[name][0] : form.elements[name]);
      if (!control) return;
      var line = document.createElement("p");
      line.className = "field-error";
      line.id = control.id + "_live";
      line.dataset.autosaveError = name;
      line.textContent = errors[name].join(" ");
      control.closest(".form-row").append(line);
      control.setAttribute("aria-invalid", "true");
    });
  }

  /* Typed while the script was still on its way. What the browser itself put back after «Назад» is not typed. */
  function touched(form) {
    return Array.from(form.elements).some(function (control) {
      if (control.type === "hidden" || control.type === "file") return false;
      if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
      return control.defaultValue !== undefined && control.value !== given(control);
    });
  }

  /* What the page came with, as this kind of control shows it: a box for numbers shows nothing of «1,5». */
  function given(control) {
    if (control.tagName !== "INPUT") return control.defaultValue;
    var same = document.createElement("input");
    same.type = control.type;
    same.defaultValue = control.defaultValue;
    return same.value;
  }

  function fresh() {
    var come = window.performance.getEntriesByType("navigation")[0];
    return Boolean(come) && come.type === "navigate";
  }

  function start(form) {
    var key = form.dataset.autosaveKey || form.dataset.autosave;
    var portal = window.portal;
    var timer = null;
    var running = false;
    var dirty = false;
    var stopped = false;
    var unsaved = false;
    var failed = false; /* the portal could not be asked */
    var refusedNow = false; /* the text on the page was refused: it waits for a better one */
    var current = Promise.resolve();
    var asked = null;
    var ended = false; /* the session: a button leads to the entrance and back */
    var version = form.elements.version;

    function keep() {
      return portal.local.put(key, { values: valuesOf(form), version: version ? version.value : "" });
    }

    function later(pause) {
      window.clearTimeout(timer);
      timer = window.setTimeout(save, pause);
    }

    function noted(answer) {
      if (answer.version !== undefined && version) version.value = answer.version;
      form.querySelectorAll("[data-autosave-error]").forEach(function (old) { old.remove(); });
      form.querySelectorAll('[aria-invalid="true"]').forEach(function (control) { control.removeAttribute("aria-invalid"); });
      showErrors(form, answer.remarks || {});
      if (dirty) return later(PAUSE);
      unsaved = false;
      portal.local.remove(key);
      portal.saveState("saved", answer.saved_at);
      form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true }));
    }

    /* Somebody saved in between – or it was this very text, and only the answer got lost on its way. */
    function compare(stored) {
      var mine = valuesOf(form);
      var names = Object.keys(stored.values || {});
      if (names.length && names.every(function (name) { return JSON.stringify(stored.values[name]) === JSON.stringify(mine[name] || []); })) {
        noted(stored);
        return;
      }
      stopped = true;
      keep();
      portal.saveState("failed", stored.message || "Не сохранено: текст тем временем изменили с другого места");
      if (names.length) offer(form, "Пока вы писали, " + ("scoring" in form.dataset ? "этот лист" : "этот текст") + " изменили с другого места.", differences(form, mine, stored.values), function () {
        version.value = stored.version;
        stopped = false;
        later(0);
      }, function () {
        version.value = stored.version;
        putBack(form, stored.values);
        portal.local.remove(key);
        stopped = unsaved = false;
        portal.saveState("saved");
      });
    }

    function refused(response) {
      if (response.status === 409) return response.json().then(compare);
      if (response.status === 422) {
        return response.json().then(function (answer) {
          if (answer.version !== undefined && version) version.value = answer.version;
          showErrors(form, answer.errors || {});
          keep();
          if (dirty) return later(PAUSE);
          refusedNow = true;
          portal.saveState("failed", "Не сохранено: проверьте отмеченное");
          return null;
        });
      }
      if (response.status === 403 || response.redirected) {
        stopped = ended = true;
        portal.saveState("failed", "Вход закончился. Войдите снова в другом окне – текст хранится на этом устройстве");
        return null;
      }
      unreached("failed", "Не сохранилось – текст хранится на этом устройстве");
      return null;
    }

    function unreached(state, words) {
      failed = true;
      portal.saveState(state, words);
      later(RETRY);
    }

    function save() {
      if (running || stopped) return current;
      running = true;
      dirty = failed = refusedNow = false;
      portal.saveState("saving");
      var body = new FormData(form);
      Array.from(form.elements).forEach(function (control) { if (control.type === "file") body.delete(control.name); });
      current = window.fetch(form.dataset.autosave, { method: "POST", body: body, headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then(function (response) {
          running = false;
          return response.ok && !response.redirected ? response.json().then(noted) : refused(response);
        })
        .catch(function () {
          running = false;
          unreached(keep() ? "offline" : "failed");
        })
        .then(press);
      return current;
    }

    /* At once, with what is typed while it is on its way; whether the portal has it all. */
    function flush() {
      window.clearTimeout(timer);
      return save().then(function () {
        if (!unsaved || stopped || refusedNow || failed) return !unsaved;
        return flush();
      });
    }

    /* A button pressed while a save was on its way, or before it began, once the answer is here: sent at once it would
       meet our own text, and the copy on this device would stay behind a text the portal has tidied («12,5 %» → «12,5»). */
    function press() {
      var button = asked;
      asked = null;
      if (button && (!stopped || ended)) form.requestSubmit(button);
    }

    function typed() {
      dirty = unsaved = true;
      refusedNow = false;
      keep();
      if (!stopped) portal.saveState("saving");
      later(PAUSE);
    }

    form.addEventListener("input", typed);
    form.addEventListener("submit", function (event) {
      window.clearTimeout(timer);
      if ((running || dirty && !stopped) && event.submitter) {
        event.preventDefault();
        asked = event.submitter;
        save();
      }
    });
    /* The page is left, unless somebody held it back. */
    window.addEventListener("submit", function (event) { if (event.target === form && !event.defaultPrevented) stopped = true; });
    portal.saves({ form: form, waits: function () { return unsaved && !stopped && !refusedNow; }, flush: flush });
    window.addEventListener("online", function () { if (portal.local.get(key)) later(0); });

    var kept = portal.local.get(key);
    if (!kept || JSON.stringify(kept.value.values) === JSON.stringify(valuesOf(form))) {
      portal.local.remove(key);
      if (fresh() && touched(form)) typed();
    } else if (!version || kept.value.version === version.value) {
      putBack(form, kept.value.values);
      unsaved = true;
      later(0);
    } else {
      offer(form, "На этом устройстве остался ваш текст от " +
        moment(kept.at) + ", а на портале текст с тех пор изменился.", differences(form, kept.value.values, valuesOf(form)), function () {
        putBack(form, kept.value.values);
        dirty = unsaved = true;
        later(0);
      }, function () { portal.local.remove(key); });
    }
  }

  /* «22.11.2026, 03:05» by the office's clock, as everywhere on the portal. */
  function moment(at) {
    return new Date(at).toLocaleString("ru-RU", { dateStyle: "short", timeStyle: "short", timeZone: document.documentElement.dataset.zone });
  }

  /* What differs, a line each, with both values where they are short: «1. Актуальность: у вас «3», на портале «2»» */
  function differences(form, mine, theirs) {
    var controls = Array.from(form.elements);
    var lines = Object.keys(Object.assign({}, mine, theirs)).filter(function (name) {
      return JSON.stringify(mine[name] || [""]) !== JSON.stringify(theirs[name] || [""]);
    }).map(function (name) {
      var own = controls.filter(function (control) { return control.name === name && control.type !== "hidden"; });
      if (!own.length) return "";
      var title = titleOf(own[0]);
      var both = [mine, theirs].map(function (values) { return shown(own, (values[name] || []).join(", ")); });
      if (!title || both.some(function (words) { return words === null; })) return title;
      return title + ": у вас «" + both[0] + "», на портале «" + both[1] + "»";
    }).filter(Boolean);
    return lines.slice(0, MOST_NAMED).concat(lines.length > MOST_NAMED ? ["и ещё " + (lines.length - MOST_NAMED)] : []);
  }

  function titleOf(control) {
    var group = control.tagName === "TEXTAREA" ? null : control.closest("fieldset");
    var place = group && group.querySelector("legend") || control.labels && control.labels[0];
    return place ? place.firstChild.textContent.trim() : control.getAttribute("aria-label") || "";
  }

  /* A value in words; null where it is long or means nothing by itself. */
  function shown(controls, value) {
    if (!value) return "пусто";
    var control = controls[0];
    if (control.tagName === "SELECT" || control.type === "checkbox" || value.length > LONGEST_SHOWN) return null;
    if (control.type !== "radio") return value;
    var chosen = controls.find(function (each) { return each.value === value; });
    var words = chosen && chosen.labels.length ? chosen.labels[0].textContent.replace(/\s+/g, " ").trim() : value;
    return words.length > LONGEST_SHOWN ? words.slice(0, LONGEST_SHOWN) + "…" : words;
  }

  /* Two texts: the person chooses. The question stays in sight, however far below somebody writes. */
  function offer(form, question, lines, take, drop) {
    var band = document.createElement("div");
    var words = document.createElement("div");
    var sentence = document.createElement("p");
    var list = document.createElement("ul");
    band.className = "band band-wait band-choice";
    words.className = "band-words";
    sentence.textContent = question;
    lines.forEach(function (line) { list.appendChild(document.createElement("li")).textContent = line; });
    words.append(sentence);
    if (lines.length) words.append(list);
    band.append(words);
    var marks = "scoring" in form.dataset;
    [[marks ? "Оставить моё" : "Взять мой текст", take], [marks ? "Взять с портала" : "Взять текст с портала", drop]].forEach(function (choice) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-outline-secondary";
      button.textContent = choice[0];
      button.addEventListener("click", function () { band.remove(); choice[1](); });
      band.append(button);
    });
    band.setAttribute("role", "alert");
    form.prepend(band);
  }

  document.querySelectorAll("form[data-autosave]").forEach(start);
})();
