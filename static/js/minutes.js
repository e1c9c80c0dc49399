/* The minutes, saved as they are typed (templates/meetings/_outcome_form.html): every field sends its text with what it
   began from through the outbox of the table editor, which keeps it on this device until the portal has it. The answer
   is the question as it is now; it is laid over the page without touching what somebody is writing. */
(function () {
  "use strict";

  const root = document.querySelector("[data-minutes]");
  if (!root || !window.TableEditorOutbox) return;
  const { Outbox, post } = window.TableEditorOutbox;
  const portal = window.portal;
  const base = root.dataset.base;
  const blank = root.querySelector("[data-blank-decision]");
  const conflictWords = root.querySelector("[data-conflict]");
  const offline = root.querySelector("[data-offline]");
  const NOBODY = "00000000-0000-0000-0000-000000000000";
  const NAMES = ["controller", "co_executors"];
  const PAUSE = 900;
  const SYNC = 15000;
  const refusals = new Map(); /* field → the refused text that waits for a better one */
  const conflicts = new Map(); /* field → the text that waits for the person's choice */
  const late = new Map(); /* field → what the portal made of it, shown when the person leaves it */
  root.classList.add("is-live");

  /* ---- Fields: a control of its own, or several boxes whose texts stand with «|» between ---- */
  const fieldOf = (node) => node.closest("[data-composite]") || node.closest("[data-field]");
  const keyOf = (field) => field.dataset.composite || field.name;
  const named = (key) => root.querySelector(`[data-composite="${key}"]`) || root.querySelector(`[data-field][name="${key}"]`);
  const baseOf = (key) => root.querySelector(`[data-base="${key}"]`);
  const boxesOf = (field) => Array.from(field.querySelectorAll("input:not([type=hidden]), select"));
  const newUid = () => (crypto.randomUUID ? crypto.randomUUID() : NOBODY.replace(/0/g, () => Math.floor(Math.random() * 16).toString(16)));

  function valueOf(field) {
    if (!field.dataset.composite) return field.value;
    return boxesOf(field).map((box) => (box.type === "checkbox" ? (box.checked ? "1" : "") : box.value)).join("|");
  }

  function setValue(field, text) {
    if (!field.dataset.composite) {
      field.value = text;
      if (field.dataset.field === "text") suggest(field);
      if (field.dataset.field === "outcome") field.closest(".outcome").dataset.outcome = text;
      return;
    }
    const boxes = boxesOf(field);
    const parts = text.split("|");
    boxes.forEach((box, place) => {
      const part = place === boxes.length - 1 ? parts.slice(place).join("|") : parts[place] || "";
      if (box.type === "checkbox") box.checked = part === "1";
      else box.value = part;
    });
  }

  /* How a value reads beside another one. */
  function wordsOf(field, text) {
    if (!field || !field.dataset.composite) return text;
    const parts = text.split("|");
    return boxesOf(field).map((box, place) => {
      const label = (box.getAttribute("aria-label") || (box.labels[0] ? box.labels[0].textContent : "")).trim();
      if (box.type === "checkbox") return parts[place] === "1" ? label : "";
      const shown = box.options ? "" : parts[place];
      return shown ? `${label} – ${shown}` : "";
    }).filter(Boolean).join("; ");
  }

  /* ---- Sending ---- */
  const outbox = new Outbox(`minutes:${base}:${root.dataset.person || ""}`, {
    seen: () => null,
    gather: gather,
    state: told,
    taken: putBack,
    saved: saved,
    refused: refused,
  });

  function told(kind) {
    offline.hidden = kind !== "offline";
    if (kind === "login") portal.saveState("failed", "Вход закончился. Войдите в соседней вкладке – текст хранится на этом устройстве");
    else portal.saveState(kind);
  }

  function saved(item, answer) {
    clearError(item.row);
    apply(answer);
    if (!outbox.next()) {
      offline.hidden = true;
      portal.saveState("saved", answer.saved);
    }
  }

  function typed(field, pause) {
    const key = keyOf(field);
    const value = valueOf(field);
    const waiting = conflicts.get(key);
    if (waiting) {
      waiting.item.value = value;
      waiting.mine.textContent = wordsOf(field, value) || "–";
      outbox.keep(waiting.item);
      return;
    }
    const held = refusals.get(key);
    const from = baseOf(key);
    if (!held && from.value === value) return;
    if (held) {
      outbox.drop(held);
      refusals.delete(key);
    }
    clearError(key);
    const decision = field.closest("[data-decision]");
    if (decision) store(decision);
    const place = field.closest("[data-url]");
    outbox.put({ url: place.dataset.url, row: key, cell: field.dataset.field, value: value, base: held ? held.base : from.value,
      version: Number(place.dataset.version || 0) }, pause);
    from.value = value;
  }

  /* What is being typed just now; a refused text that is the same as before waits for a better one. */
  function gather() {
    const field = root.contains(document.activeElement) && fieldOf(document.activeElement);
    const held = field && refusals.get(keyOf(field));
    if (field && !(held && held.value === valueOf(field))) typed(field, PAUSE);
  }

  /* A decision nobody has stored yet is stored, under the name the page gave it, before its first word. */
  function store(decision) {
    if (!decision.hasAttribute("data-new")) return;
    const uid = decision.dataset.decision;
    decision.removeAttribute("data-new");
    decision.querySelector("[data-new-mark]").remove();
    const question = decision.closest("[data-question]");
    outbox.put({ url: `${question.dataset.url}resolutions/`, row: uid, cell: `add ${uid}`, value: uid, base: "", version: 0 }, PAUSE);
  }

  /* What a closed tab could not send stands in its field again while it is being sent. */
  function putBack(item) {
    if (item.cell.startsWith("add ")) {
      const question = root.querySelector(`[data-question][data-url="${item.url.replace(/resolutions\/$/, "")}"]`);
      if (question && !root.querySelector(`[data-decision="${item.value}"]`)) {
        const decision = addBlank(question, item.value);
        decision.removeAttribute("data-new");
        decision.querySelector("[data-new-mark]").remove();
      }
      return;
    }
    const field = named(item.row);
    if (!field) return;
    setValue(field, item.value);
    baseOf(item.row).value = item.value;
  }

  /* ---- Refusals ---- */
  function refused(item, answer, status) {
    if (answer.stale && named(item.row)) return choose(item, answer.stale);
    refusals.set(item.row, item);
    const words = (answer.errors && answer.errors[item.cell] && answer.errors[item.cell].join(" ")) || answer.message;
    portal.saveState("failed", status === 422 ? "Не сохранено: проверьте отмеченное" : "Не сохранено – текст хранится на этом устройстве");
    showError(item.row, words);
    return null;
  }

  function rowOf(key) {
    return root.querySelector(`[data-row-of="${key}"]`);
  }

  function clearError(key) {
    const row = rowOf(key);
    if (!row) return;
    row.classList.remove("form-row-error");
    row.querySelectorAll(".field-error").forEach((old) => old.remove());
    row.querySelectorAll("[aria-invalid]").forEach((control) => {
      control.removeAttribute("aria-invalid");
      control.removeAttribute("aria-describedby");
    });
  }

  function showError(key, words) {
    clearError(key);
    const row = rowOf(key);
    if (!row) {
      portal.tell(words, "alert");
      return;
    }
    const line = document.createElement("p");
    line.className = "field-error";
    line.id = `${key}-error`;
    line.textContent = words;
    row.classList.add("form-row-error");
    row.append(line);
    reveal(row);
    const field = named(key);
    const control = field.dataset.composite ? boxesOf(field)[1] : field;
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", line.id);
    portal.say(words);
  }

  /* A folded field with something to say unfolds. */
  function reveal(node) {
    for (let fold = node.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }

  /* Two texts of one field: the person chooses, and loses neither. */
  function choose(item, stale) {
    const field = named(item.row);
    const box = conflictWords.content.cloneNode(true).firstElementChild;
    const mine = box.querySelector("[data-mine]");
    const old = conflicts.get(item.row);
    if (old) old.box.remove();
    box.querySelector("[data-who]").textContent = `Текст: ${[stale.who || "другой редактор", stale.at].filter(Boolean).join(", ")}`;
    mine.textContent = wordsOf(field, item.value) || "–";
    box.querySelector("[data-theirs]").textContent = stale.text || "–";
    box.setAttribute("role", "alert");
    conflicts.set(item.row, { item: item, box: box, mine: mine });
    const end = (value, send) => {
      box.remove();
      conflicts.delete(item.row);
      outbox.drop(item);
      setValue(field, value);
      baseOf(item.row).value = value;
      if (send) outbox.put({ url: item.url, row: item.row, cell: item.cell, value: value, base: stale.source, version: stale.version });
      else portal.saveState("saved");
      (field.dataset.composite ? boxesOf(field)[0] : field).focus();
    };
    box.querySelector("[data-keep]").addEventListener("click", () => end(item.value, true));
    box.querySelector("[data-take]").addEventListener("click", () => end(stale.source, false));
    const join = box.querySelector("[data-join]");
    if (field.tagName === "TEXTAREA") join.addEventListener("click", () => end([item.value, stale.source].filter(Boolean).join("\n"), true));
    else join.remove();
    rowOf(item.row).append(box);
    reveal(box);
    portal.saveState("failed", "Не сохранено: сравните два текста");
  }

  /* ---- The answer over the page ---- */
  function apply(answer) {
    if (answer.presence) document.querySelectorAll("[data-presence]").forEach((place) => { place.textContent = answer.presence; });
    Object.entries(answer.marks || {}).forEach(([uid, html]) => {
      const place = root.querySelector(`[data-mark="${uid}"]`);
      if (place) place.replaceChildren(...parsed(html));
    });
    if (answer.remaining !== undefined) {
      const place = root.querySelector("[data-remaining]");
      if (place) place.replaceChildren(...parsed(answer.remaining));
      showEnd();
    }
    if (answer.html) merge(parsed(answer.html).find((node) => node.dataset && node.dataset.question));
  }

  function parsed(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    return Array.from(page.body.childNodes).map((node) => document.importNode(node, true));
  }

  function merge(fresh) {
    const form = root.querySelector(`[data-question="${fresh.dataset.question}"]`);
    if (!form) return;
    form.dataset.version = fresh.dataset.version;
    mergeDecisions(form, fresh);
    fresh.querySelectorAll("[data-part]").forEach((part) => {
      const place = form.querySelector(`[data-part="${part.dataset.part}"]`);
      if (place && place.innerHTML !== part.innerHTML) {
        place.className = part.className;
        place.replaceChildren(...Array.from(part.childNodes));
      }
    });
    fresh.querySelectorAll("[data-field]").forEach((one) => renew(named(keyOf(one)), valueOf(one)));
  }

  /* A field nobody is writing in says what the portal has; one with the focus does when it is left. */
  function renew(field, text) {
    if (!field) return;
    const key = keyOf(field);
    if (outbox.waits(key) || conflicts.has(key) || refusals.has(key)) return;
    if (field === document.activeElement || field.contains(document.activeElement)) {
      if (valueOf(field) !== text) late.set(key, { shown: valueOf(field), text: text });
      return;
    }
    late.delete(key);
    setValue(field, text);
    baseOf(key).value = text;
  }

  function left(field) {
    const key = keyOf(field);
    const made = late.get(key);
    late.delete(key);
    if (made && made.shown === valueOf(field) && !outbox.waits(key)) {
      setValue(field, made.text);
      baseOf(key).value = made.text;
    }
  }

  const decisionsOf = (form) => Array.from(form.querySelectorAll("[data-decision]"));

  function mergeDecisions(form, fresh) {
    const list = form.querySelector("[data-decisions]");
    const stored = decisionsOf(fresh).filter((one) => !one.hasAttribute("data-new"));
    const order = stored.map((one) => one.dataset.decision);
    decisionsOf(form).forEach((one) => {
      const uid = one.dataset.decision;
      const waits = outbox.items.some((item) => item.url.includes(uid) || item.row === uid);
      if (!order.includes(uid) && !one.hasAttribute("data-new") && !waits) one.remove();
    });
    stored.forEach((one, place) => {
      const here = list.querySelector(`[data-decision="${one.dataset.decision}"]`);
      const standing = here || document.importNode(one, true);
      standing.dataset.version = one.dataset.version;
      const before = list.children[place] || null;
      if (standing !== before) keepingFocus(() => list.insertBefore(standing, before));
    });
    if (!decisionsOf(form).length) addBlank(form, newUid());
    renumber(form);
  }

  function keepingFocus(act) {
    const focused = document.activeElement;
    act();
    if (focused && focused !== document.activeElement && document.contains(focused)) focused.focus({ preventScroll: true });
  }

  function renumber(form) {
    decisionsOf(form).forEach((one, place) => {
      one.querySelectorAll("[data-number]").forEach((word) => { word.textContent = `${form.dataset.number}.${Number(form.dataset.parts) + place + 1}`; });
    });
  }

  /* ---- Decisions ---- */
  function addBlank(form, uid) {
    const [decision] = parsed(blank.innerHTML.replaceAll(NOBODY, uid)).filter((node) => node.nodeType === Node.ELEMENT_NODE);
    decision.querySelector("[data-new-mark]").value = form.dataset.question;
    form.querySelector("[data-decisions]").append(decision);
    renumber(form);
    return decision;
  }

  function suggest(text) {
    const words = text.closest("[data-decision]").querySelector("[data-suggest]");
    words.hidden = text.value !== "";
  }

  function focusText(decision) {
    decision.querySelector("textarea").focus();
  }

  async function act(url, data) {
    await outbox.flush();
    portal.saveState("saving");
    let answer;
    try {
      answer = await post(url, data);
    } catch (error) {
      portal.saveState("failed", error.kind === "offline" ? "Нет связи – повторите, когда она появится" : "Вход закончился. Войдите в соседней вкладке и повторите");
      return null;
    }
    if (answer.status !== 200) {
      portal.saveState("failed", answer.data.message);
      return answer.status === 422 ? answer.data : null;
    }
    apply(answer.data);
    portal.saveState("saved", answer.data.saved);
    return answer.data;
  }

  async function remove(decision) {
    const form = decision.closest("[data-question]");
    const place = decisionsOf(form).indexOf(decision);
    if (decision.hasAttribute("data-new")) {
      decision.remove();
      if (!decisionsOf(form).length) addBlank(form, newUid());
      renumber(form);
      return;
    }
    const answer = await act(`${decision.dataset.url}remove/`, {});
    if (!answer || answer.errors) return;
    const line = document.createElement("p");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    button.textContent = "Вернуть";
    line.className = "decision-gone";
    line.append("Решение удалено. ", button);
    form.querySelector("[data-decisions]").after(line);
    button.addEventListener("click", async () => {
      if (await act(`${decision.dataset.url}return/`, { place: place + 1 })) line.remove();
    });
    button.focus({ preventScroll: true });
  }

  async function move(decision, step, button) {
    if (decision.hasAttribute("data-new")) return;
    if (await act(`${decision.dataset.url}move/`, { step: step })) button.focus({ preventScroll: true });
  }

  function setOutcome(form, outcome) {
    const field = form.querySelector('[data-field="outcome"]');
    setValue(field, outcome);
    typed(field, 0);
    if (outcome === "postponed" || outcome === "withdrawn") form.querySelector('[data-field="outcome_note"]').focus();
  }

  function ordered(form, button) {
    const order = button ? button.value : "";
    const decision = button && button.closest("[data-decision]");
    if (order === "add") focusText(addBlank(form, newUid()));
    else if (order.startsWith("outcome-")) setOutcome(form, order.slice("outcome-".length));
    else if (decision && order.startsWith("up-")) move(decision, -1, button);
    else if (decision && order.startsWith("down-")) move(decision, 1, button);
    else if (decision && order.startsWith("remove-")) remove(decision);
    else outbox.flush();
  }

  /* ---- Which question is in work: every question is on the page, so the next one opens without a connection ---- */
  const shownAll = () => Array.from(root.querySelectorAll("[data-shown]"));
  const shownNow = () => shownAll().find((one) => !one.hidden);

  function show(section, target) {
    const all = shownAll();
    if (!section) return;
    all.forEach((one) => { one.hidden = one !== section; });
    root.querySelectorAll("[data-shows]").forEach((link) => {
      if (link.dataset.shows === section.dataset.shown) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    const place = all.indexOf(section);
    root.querySelectorAll("[data-place]").forEach((word) => { word.textContent = String(place + 1); });
    point("[data-before]", all[place - 1]);
    point("[data-after], [data-next]", all[place + 1]);
    window.history.replaceState(null, "", `?at=${section.id}`);
    showEnd();
    (target || section).scrollIntoView({ block: target ? "center" : "nearest" });
    (target || section).focus({ preventScroll: true });
  }

  function point(links, section) {
    document.querySelectorAll(links).forEach((link) => {
      link.hidden = !section;
      if (section) link.href = `?at=${section.id}`;
    });
  }

  /* On the last question the way on is the protocol, with what is missing for it. */
  function showEnd() {
    const now = shownNow();
    if (!now) return;
    const last = shownAll().indexOf(now) === shownAll().length - 1;
    const finish = document.querySelector("[data-finish]");
    if (finish) finish.hidden = !last;
    const remaining = root.querySelector("[data-remaining]");
    if (remaining) remaining.hidden = !last || !remaining.children.length;
  }

  function lead(link) {
    const anchor = new URL(link.href).searchParams.get("at") || new URL(link.href).hash.slice(1);
    const target = document.getElementById(anchor);
    const section = target && target.closest("[data-shown]");
    if (section) {
      reveal(target);
      show(section, target === section ? null : target.querySelector("textarea, input:not([type=hidden])") || target);
      foldAgenda();
    } else if (target) {
      reveal(target);
      if (target.tagName === "DETAILS") target.open = true;
      target.scrollIntoView({ block: "nearest" });
    }
    return Boolean(target);
  }

  const rem = parseFloat(window.getComputedStyle(document.documentElement).fontSize);
  const isNarrow = () => root.clientWidth < 45 * rem;

  function foldAgenda() {
    const fold = root.querySelector(".agenda details");
    if (fold && root.clientWidth < 70 * rem) fold.open = false;
  }

  /* ---- New questions, guests, suggestions ---- */
  async function addQuestion(form) {
    const data = Object.fromEntries(new FormData(form));
    form.dataset.uid = form.dataset.uid || newUid();
    const answer = await act(form.action, { title: data.title, speaker: data.speaker, parent: data.parent || "", uid: form.dataset.uid });
    if (answer && answer.errors) portal.tell(Object.values(answer.errors).flat().join(" "), "alert");
    else if (answer) window.location.assign(answer.added);
  }

  async function addGuests(form) {
    const answer = await act(form.action, { guests: form.elements.guests.value });
    const error = form.querySelector("[data-guests-error]");
    error.hidden = !(answer && answer.errors);
    if (!error.hidden) error.textContent = Object.values(answer.errors).flat().join(" ");
    else if (answer) {
      window.location.hash = "attendance";
      window.location.reload();
    }
  }

  let asking = null;

  function askPeople(input) {
    window.clearTimeout(asking);
    const text = input.value.trim();
    if (text.length < 2) return;
    asking = window.setTimeout(async () => {
      try {
        const response = await window.fetch(`${base}people/?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
        const found = (await response.json()).found;
        document.getElementById("addressees").replaceChildren(...found.map((words) => Object.assign(document.createElement("option"), { value: words })));
      } catch (error) {
        /* Suggestions are a comfort: without a connection one types the name. */
      }
    }, 250);
  }

  /* ---- Events ---- */
  root.addEventListener("input", (event) => {
    if (event.target.dataset.people) askPeople(event.target);
    const field = fieldOf(event.target);
    /* A name half typed is nobody yet; boxes and names are sent when they are left. */
    if (!field || event.target.type === "checkbox" || NAMES.includes(field.dataset.field)) return;
    if (field.dataset.field === "text") suggest(field);
    typed(field, PAUSE);
  });

  root.addEventListener("change", (event) => {
    const field = fieldOf(event.target);
    if (field) typed(field, 0);
  });

  root.addEventListener("focusout", (event) => {
    const field = fieldOf(event.target);
    if (!field) return;
    window.setTimeout(() => { if (!field.contains(document.activeElement)) left(field); });
    if (outbox.waits(keyOf(field))) outbox.flush();
  });

  root.addEventListener("keydown", (event) => {
    const decision = event.target.closest("[data-decision]");
    if (!decision || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    focusText(addBlank(decision.closest("[data-question]"), newUid()));
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-finish]")) {
      if (outbox.next()) return; /* held by portal.js: what is missing is told by the answer */
      const gap = root.querySelector("[data-remaining] a");
      if (!gap) return;
      event.preventDefault();
      gap.closest("[data-remaining]").scrollIntoView({ block: "center" });
      gap.focus({ preventScroll: true });
      return;
    }
    if (!root.contains(form)) return;
    if (form.matches("[data-question]")) ordered(form, event.submitter);
    else if (form.matches("[data-question-new]")) addQuestion(form);
    else if (form.matches("[data-guests]")) addGuests(form);
    else if (!form.matches("[data-attendance-form]")) return;
    event.preventDefault();
  }, true);

  document.addEventListener("click", (event) => {
    const word = event.target.closest("[data-suggest] button");
    if (word) {
      const text = word.closest("[data-decision]").querySelector("textarea");
      text.value = `${word.textContent} `;
      text.focus();
      text.setSelectionRange(text.value.length, text.value.length);
      text.dispatchEvent(new Event("input", { bubbles: true }));
      return;
    }
    const opener = event.target.closest("[data-opens-attendance]");
    const link = event.target.closest("[data-shows], [data-next], [data-before], [data-after], [data-remaining] a") || opener;
    if (link && lead(link)) event.preventDefault();
  });

  /* ---- Others at the same minutes ---- */
  function sync() {
    const now = shownNow();
    if (document.hidden || outbox.items.length || !now || !navigator.onLine) return;
    post(`${base}sync/`, { item: now.dataset.shown })
      .then((answer) => { if (answer.status === 200 && !outbox.items.length) apply(answer.data); })
      .catch(() => null);
  }

  window.addEventListener("offline", () => { offline.hidden = false; });
  window.addEventListener("online", () => { offline.hidden = outbox.items.length === 0; sync(); });
  window.setInterval(sync, SYNC);
  document.addEventListener("visibilitychange", sync);
  window.addEventListener("pagehide", () => {
    gather();
    outbox.flush();
  });

  const attendance = document.getElementById("attendance");
  if (attendance && (window.location.hash === "#attendance" || (isNarrow() && !window.location.search))) attendance.open = true;
  if (attendance && window.location.hash === "#attendance") attendance.scrollIntoView();
  outbox.takeOver();
})();
