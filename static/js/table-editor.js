/* A paper table edited in place. The server draws the rows (templates/components/table_editor) and answers every
   verb with the order, the rows that changed and the remarks; this script opens cells, sends texts, moves rows.
   Without it every cell is a link to the ordinary form of its row. */
(function () {
  "use strict";

  const table = document.querySelector("[data-table-editor]");
  if (!table) return;
  const { Outbox, Shelf, post } = window.TableEditorOutbox;
  const Lines = window.TableEditorLines;
  const body = table.querySelector("[data-rows]");
  const base = table.dataset.base;
  const main = table.dataset.main; /* the cell that says what a row is about */
  const state = document.querySelector("[data-save-state]");
  const others = document.querySelector("[data-others]");
  const live = document.getElementById("live");
  const tools = document.querySelector("[data-line-tools]");
  const menu = document.querySelector("[data-row-menu]");
  const list = document.querySelector("[data-suggestions]");
  const WORDS = {
    saving: "Сохраняем…",
    offline: "Нет связи – текст хранится на этом устройстве",
    login: "Вы вышли с портала. Войдите в соседней вкладке – текст хранится на этом устройстве",
  };
  const IDLE = 3000;
  const SYNC = 8000;
  let open = null;
  let told = false;
  const touched = new Set(); /* rows this person wrote in and has not removed */
  table.classList.add("is-live");

  /* ---- Rows ---- */
  const rows = () => Array.from(body.querySelectorAll("tr[data-row]"));
  const rowOf = (uid) => body.querySelector(`tr[data-row="${uid}"]`);
  const linkOf = (cell) => cell && cell.querySelector(".cell-link");
  const cellOf = (row, key) => row && row.querySelector(`[data-cell="${key}"]`);
  const seen = () => Object.fromEntries(rows().map((row) => [row.dataset.row, Number(row.dataset.version)]));
  const newUid = () => (crypto.randomUUID ? crypto.randomUUID() : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) => (Number(digit) ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (Number(digit) / 4)))).toString(16)));

  function say(kind, words) {
    state.dataset.state = kind === "saved" || kind === "saving" ? "" : "failed";
    state.textContent = words || WORDS[kind];
    if (kind === "saving" || (kind === "saved" && told)) return;
    if (kind === "saved") told = true;
    if (live.textContent !== state.textContent) live.textContent = state.textContent;
  }

  function parsed(html) {
    const page = new DOMParser().parseFromString(`<table><tbody>${html}</tbody></table>`, "text/html");
    return document.importNode(page.querySelector("tr"), true);
  }

  /* Every answer has one shape: order, rows that changed, edges, remarks, who is here, the hour. */
  function apply(answer) {
    Object.entries(answer.rows || {}).forEach(([uid, html]) => {
      const fresh = parsed(html);
      const row = rowOf(uid);
      if (!row) body.append(fresh);
      else if (open && open.cell.closest("tr") === row) mergeRow(row, fresh);
      else if (row.contains(menu)) withMenu(row, fresh);
      else row.replaceWith(keepFocus(row, fresh));
    });
    if (answer.gone) tellGone(answer.gone);
    if (answer.order) arrange(answer.order);
    rows().forEach((row) => {
      const edge = (answer.edges || {})[row.dataset.row];
      row.classList.toggle("edge-alert", edge === "alert");
      row.classList.toggle("edge-wait", edge === "wait");
    });
    if (answer.remarks !== undefined) showRemarks(answer.remarks);
    if (answer.title) freshTitle(answer.title);
    if (answer.present && others) {
      others.textContent = answer.present.join(", ");
      others.hidden = !answer.present.length;
    }
    if (answer.closed) closed();
  }

  /* The cell somebody types in stays as it is; the others of its row are renewed. */
  function mergeRow(row, fresh) {
    row.dataset.version = fresh.dataset.version;
    if (fresh.dataset.section) row.dataset.section = fresh.dataset.section;
    else delete row.dataset.section;
    fresh.querySelectorAll("[data-cell]").forEach((cell) => {
      const old = cellOf(row, cell.dataset.cell);
      if (old === open.cell) open.fresh = cell;
      else old.replaceWith(cell);
    });
  }

  function keepFocus(row, fresh) {
    const focused = row.contains(document.activeElement) && document.activeElement.closest("[data-cell]");
    if (focused) {
      const onMenu = document.activeElement.matches("[data-menu]");
      window.queueMicrotask(() => {
        const cell = cellOf(fresh, focused.dataset.cell);
        const target = onMenu ? cell.querySelector("[data-menu]") : linkOf(cell);
        if (target) target.focus({ preventScroll: true });
      });
    }
    return fresh;
  }

  /* The open menu goes over to the renewed row, with the item that had the focus. */
  function withMenu(row, fresh) {
    const focused = menu.contains(document.activeElement) ? document.activeElement : null;
    menuLink = fresh.querySelector("[data-menu]");
    menuLink.setAttribute("aria-expanded", "true");
    menuLink.parentElement.append(menu);
    row.replaceWith(fresh);
    if (focused) focused.focus({ preventScroll: true });
  }

  /* A row somebody else removed while this person wrote in it: said where it stood, with the way back. */
  function tellGone(gone) {
    gone.forEach(({ row: uid, who }) => {
      const row = rowOf(uid);
      const isOpen = Boolean(open && row && row.contains(open.cell));
      const wrote = touched.has(uid) || (isOpen && open.field.value !== open.original);
      if (!row || (!wrote && !isOpen) || body.querySelector(`[data-gone="${uid}"]`)) return;
      const sentence = `Строку удалили${who ? ` (${who})` : ""}${wrote ? ": ваш текст сохранён в ней" : ""}.`;
      offerReturn(uid, sentence, row).closest("tr").dataset.gone = uid;
      live.textContent = sentence;
    });
  }

  function arrange(order) {
    const now = rows();
    const wanted = new Set(order);
    now.filter((row) => !wanted.has(row.dataset.row) && !(open && row.contains(open.cell))).forEach((row) => {
      if (row.contains(menu)) closeMenu(false);
      row.remove();
    });
    const same = rows().map((row) => row.dataset.row).join() === order.join();
    if (!same) {
      const focused = document.activeElement;
      let before = null;
      order.forEach((uid) => {
        const row = rowOf(uid);
        const target = before ? before.nextElementSibling : body.firstElementChild;
        if (row && row !== nextRow(target, wanted)) body.insertBefore(row, target);
        before = row || before;
      });
      if (focused && document.contains(focused) && document.activeElement !== focused) focused.focus({ preventScroll: true });
    }
    order.forEach((uid, index) => {
      const row = rowOf(uid);
      if (row) row.querySelectorAll("[data-place]").forEach((word) => { word.textContent = String(index + 1); });
    });
    rows().forEach((row, index, all) => {
      const section = row.dataset.section || "";
      const above = index ? all[index - 1].dataset.section || "" : "";
      row.classList.toggle("opens-section", Boolean(section) && section !== above);
    });
    const empty = document.querySelector("[data-empty]");
    if (empty) empty.hidden = order.length > 0;
  }

  /* A removed row that is still open keeps its place; it counts for nothing. */
  function nextRow(node, wanted) {
    while (node && !wanted.has(node.dataset.row)) node = node.nextElementSibling;
    return node;
  }

  function showRemarks(html) {
    const place = document.querySelector("[data-remarks]");
    if (!place || place.contains(document.activeElement) && document.activeElement.matches("input, textarea")) return;
    const page = new DOMParser().parseFromString(html, "text/html");
    const fold = place.querySelector("details");
    const shut = fold && !fold.open;
    place.replaceChildren(...Array.from(page.body.childNodes).map((node) => document.importNode(node, true)));
    if (shut && place.querySelector("details")) place.querySelector("details").open = false;
  }

  function freshTitle(title) {
    const place = document.querySelector("[data-title]");
    if (!place || (open && open.cell === place) || Number(place.dataset.version) === title.version) return;
    place.dataset.version = title.version;
    place.dataset.source = title.source;
    showTyped(place, title.source);
  }

  function closed() {
    say("closed", "Текст закрыт: документ направили на подпись. Обновите страницу");
  }

  /* ---- Saving ---- */
  const outbox = new Outbox(`table-editor:${base}:${table.dataset.person || ""}`, {
    state: (kind) => say(kind),
    seen: seen,
    gather: () => { if (open && open.field.value !== open.sent) save(open.field.value); },
    saved: (item, answer) => {
      forgetDraft(item);
      clearError(item);
      apply(answer);
      say("saved", `Сохранено в ${answer.saved}`);
    },
    refused: refused,
  });

  function refused(item, answer) {
    say("refused", answer.stale ? "Строку изменили одновременно с вами – сравните тексты" : "Не сохранено: посмотрите, что исправить");
    if (answer.stale) showConflict(item, answer.stale);
    else showError(item, (answer.errors && answer.errors[item.cell] && answer.errors[item.cell].join(" ")) || answer.message, answer.closed);
  }

  function place(item) {
    return item.row ? cellOf(rowOf(item.row), item.cell) : document.querySelector("[data-title]");
  }

  function clearError(item) {
    const cell = place(item);
    if (cell) cell.querySelectorAll(".cell-error").forEach((error) => error.remove());
  }

  /* The typed text stays in the open cell, the sentence stands under it. */
  function showError(item, sentence, isClosed) {
    const cell = place(item);
    if (!cell) {
      if (!isClosed) outbox.drop(item);
      return;
    }
    cell.dataset.source = item.base;
    if (!isClosed && !(open && open.cell === cell)) openCell(cell, { text: textOf(item), base: item.base, version: item.version });
    if (open && open.cell === cell) Object.assign(open, { original: item.base, base: item.base, sent: textOf(item) });
    clearError(item);
    const error = document.createElement("p");
    error.className = "cell-error field-error";
    error.setAttribute("role", "alert");
    error.textContent = sentence;
    cell.append(error);
    if (!isClosed) outbox.drop(item);
  }

  function textOf(item) {
    return Array.isArray(item.value) ? item.value.map((one) => one.text).join("\n") : item.value;
  }

  function showConflict(item, stale) {
    const cell = place(item);
    if (!cell) return;
    if (open && open.cell === cell) { open.silent = true; closeCell({ save: false, focus: false }); }
    putReading(cell, null); /* it belongs to neither text until the person has chosen */
    const row = cell.closest("tr");
    const words = document.querySelector("[data-conflict]").content.cloneNode(true).firstElementChild;
    const who = [stale.who || "другой редактор", stale.at].filter(Boolean).join(", ");
    words.querySelector("[data-who]").textContent = `Текст: ${who}`;
    words.querySelector("[data-mine]").textContent = textOf(item) || "–";
    words.querySelector("[data-theirs]").textContent = stale.text || "–";
    const box = row ? noticeRow(words, row) : words;
    if (!row) cell.after(words);
    const again = (value, opened) => {
      box.remove();
      outbox.drop(item);
      if (opened) openCell(place(item), { text: value, base: stale.text, version: stale.version });
      else if (value !== null) outbox.put({ url: item.url, row: item.row, cell: item.cell, value: value, base: stale.text, version: stale.version });
      else sync().then(() => focusCell(place(item)));
    };
    words.querySelector("[data-keep]").addEventListener("click", () => again(item.value, false));
    words.querySelector("[data-take]").addEventListener("click", () => again(null, false));
    words.querySelector("[data-join]").addEventListener("click", () => {
      const between = ["text", "number"].includes(cell.dataset.kind) ? " " : "\n";
      again([textOf(item), stale.text].filter(Boolean).join(between), true);
    });
    words.querySelector("[data-keep]").focus();
  }

  function noticeRow(content, after) {
    const row = document.createElement("tr");
    row.className = "row-notice";
    const cell = document.createElement("td");
    cell.colSpan = table.querySelectorAll("thead th").length;
    cell.append(content);
    row.append(cell);
    if (after) after.after(row);
    else body.prepend(row);
    return row;
  }

  /* A sentence with one button where the rows were: «Строка удалена. Вернуть». */
  function notice(sentence, verb, after, act) {
    const words = document.createElement("p");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    button.textContent = verb;
    words.append(`${sentence} `, button);
    const row = noticeRow(words, after);
    button.addEventListener("click", () => act(row));
    return button;
  }

  /* ---- Verbs ---- */
  async function act(url, data) {
    await outbox.flush();
    say("saving");
    let answer;
    try {
      answer = await post(base + url, Object.assign({ seen: seen() }, data));
    } catch (error) {
      say(error.kind, error.kind === "offline" ? "Нет связи – повторите, когда она появится" : null);
      return null;
    }
    if (answer.status !== 200) {
      say("refused", answer.data.message);
      return null;
    }
    apply(answer.data);
    say("saved", `Сохранено в ${answer.data.saved}`);
    return answer.data;
  }

  async function addRow(after, key) {
    const uid = newUid();
    const answer = await act("add/", { uid: uid, after: after ? after.dataset.row : null });
    if (answer) openCell(cellOf(rowOf(uid), key || main));
  }

  async function move(row, data) {
    const focused = document.activeElement.closest("[data-cell]");
    const onMenu = document.activeElement.closest("[data-row-menu]");
    const answer = await act(`${row.dataset.row}/move/`, data);
    if (!answer) return;
    const now = rowOf(row.dataset.row);
    live.textContent = `Строка теперь ${rows().indexOf(now) + 1}-я`;
    if (onMenu) now.querySelector("[data-menu]").focus();
    else if (focused && !open) focusCell(cellOf(now, focused.dataset.cell));
    now.scrollIntoView({ block: "nearest" });
  }

  async function duplicate(row) {
    const uid = newUid();
    if (await act(`${row.dataset.row}/duplicate/`, { uid: uid })) focusCell(cellOf(rowOf(uid), main));
  }

  async function remove(row) {
    const uid = row.dataset.row;
    const before = row.previousElementSibling;
    touched.delete(uid);
    if (await act(`${uid}/remove/`, {})) offerReturn(uid, "Строка удалена.", before).focus({ preventScroll: true });
  }

  function offerReturn(uid, sentence, after) {
    return notice(sentence, "Вернуть", after, async (box) => {
      const above = rows().filter((one) => one.dataset.row !== uid && one.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING);
      if (await act(`${uid}/return/`, { place: above.length + 1 })) {
        box.remove();
        focusCell(cellOf(rowOf(uid), main));
      }
    });
  }

  async function pasteRows(rowsPasted, cell) {
    const row = cell.closest("tr");
    closeCell({ save: true, focus: false });
    const answer = await act("paste/", { table: rowsPasted, after: row ? row.dataset.row : null });
    if (!answer) return;
    const last = rowOf(answer.pasted[answer.pasted.length - 1]);
    notice(answer.message, "Отменить", last, async (box) => {
      answer.pasted.forEach((uid) => touched.delete(uid));
      if (await act("unpaste/", { rows: answer.pasted, given_way: answer.given_way })) box.remove();
    }).focus({ preventScroll: true });
    live.textContent = answer.message;
  }

  /* ---- A cell in place ---- */
  function focusCell(cell) {
    const link = linkOf(cell);
    if (link) link.focus({ preventScroll: false });
  }

  function openCell(cell, given) {
    if (!cell || (open && open.cell === cell)) return;
    if (open) closeCell({ save: true, focus: false });
    const source = cell.dataset.source || "";
    const versioned = cell.closest("tr") || cell;
    /* A textarea for every kind: a field of one line would drop the line ends of a term from a file. */
    const field = document.createElement("textarea");
    field.rows = 1;
    field.className = "cell-field";
    field.value = given && given.text !== undefined ? given.text : source;
    field.setAttribute("aria-label", linkOf(cell).textContent.trim());
    field.autocomplete = "off";
    field.spellcheck = true;
    if (cell.dataset.kind === "number") field.inputMode = "numeric";
    open = {
      cell: cell,
      field: field,
      original: source,
      base: given && given.base !== undefined ? given.base : source,
      version: given && given.version !== undefined ? given.version : Number(versioned.dataset.version),
      people: JSON.parse(cell.dataset.people || "{}"),
      sent: source,
      reading: cell.querySelector(".reading"),
      readOf: source,
    };
    if (open.reading) open.reading = open.reading.cloneNode(true);
    cell.classList.add("cell-open");
    cell.querySelector(".cell-view, .cell-empty").after(field);
    if (cell.dataset.kind === "lines") { cell.append(tools); tools.hidden = false; }
    if (cell.dataset.kind === "people") prepareSuggestions(field, cell);
    field.addEventListener("input", typed);
    field.addEventListener("keydown", keys);
    field.addEventListener("paste", paste);
    field.addEventListener("blur", left);
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    grow(field);
    sync();
  }

  function grow(field) {
    if (CSS.supports("field-sizing", "content")) return;
    field.rows = Math.max(1, field.value.split("\n").reduce((sum, line) => sum + 1 + Math.floor(line.length / 60), 0));
  }

  function left() {
    window.setTimeout(() => {
      if (open && !open.cell.contains(document.activeElement) && document.hasFocus()) closeCell({ save: true, focus: false });
    });
  }

  function closeCell(how) {
    if (!open) return;
    const { cell, field, fresh, reading, readOf } = open;
    const value = how.save ? field.value : open.original;
    const refusedNow = Boolean(cell.querySelector(".cell-error"));
    const changed = value !== open.sent && !open.silent;
    if (changed && !(refusedNow && !how.save)) save(value);
    hideSuggestions();
    window.clearTimeout(open.idle);
    field.removeEventListener("blur", left);
    open = null;
    tools.hidden = true;
    document.body.append(tools);
    field.remove();
    cell.classList.remove("cell-open");
    if (!how.save) {
      cell.querySelectorAll(".cell-error").forEach((error) => error.remove());
      putReading(cell, reading);
    } else if (changed && readOf !== value) {
      putReading(cell, null);
    }
    if (changed) showTyped(cell, value);
    else if (fresh) cell.replaceWith(fresh);
    if (how.focus) focusCell(changed || !fresh ? cell : fresh);
    forgetDraft();
  }

  /* The reading under a term speaks of the text above it, or there is none. */
  function putReading(cell, words) {
    cell.querySelectorAll(".reading").forEach((old) => old.remove());
    if (words) cell.append(words);
  }

  /* Until the server has drawn the cell anew, the typed text stands in it. */
  function showTyped(cell, text) {
    const view = cell.querySelector(".cell-view, .cell-empty");
    if (!view) return;
    if (cell.hasAttribute("data-title")) {
      view.replaceChildren(...text.split("\n").map((line) => Object.assign(document.createElement("span"), { textContent: line })));
      return;
    }
    const now = document.createElement("div");
    now.className = text ? "cell-view cell-text" : "cell-empty";
    now.textContent = text || "–";
    view.replaceWith(now);
  }

  function save(value) {
    const cell = open.cell;
    const row = cell.closest("tr");
    if (row) touched.add(row.dataset.row);
    open.sent = value;
    cell.dataset.source = value;
    outbox.put({
      url: row ? `${base}${row.dataset.row}/cell/` : cell.dataset.url,
      row: row ? row.dataset.row : null,
      cell: row ? cell.dataset.cell : "title",
      value: cell.dataset.kind === "people" ? value.split("\n").map((text) => ({ text: text, person: open.people[text.trim()] || null })) : value,
      base: open.base,
      version: open.version,
    });
    open.base = value;
  }

  function typed() {
    grow(open.field);
    clearError({ row: open.cell.closest("tr") && open.cell.closest("tr").dataset.row, cell: open.cell.dataset.cell });
    keepDraft();
    window.clearTimeout(open.idle);
    open.idle = window.setTimeout(() => {
      if (open && open.field.value !== open.sent) save(open.field.value);
    }, IDLE);
    if (open.cell.dataset.cell === "term") readTerm();
    if (open.cell.dataset.kind === "people") suggest();
  }

  /* What is being typed survives a crash of the browser. */
  const drafts = new Shelf(`table-editor-draft:${base}:${table.dataset.person || ""}`);

  function keepDraft() {
    const row = open.cell.closest("tr");
    if (!row) return;
    const draft = { url: `${base}${row.dataset.row}/cell/`, row: row.dataset.row, cell: open.cell.dataset.cell, value: open.field.value, base: open.base, version: open.version };
    drafts.put("open", draft);
  }

  function forgetDraft() {
    if (!open) drafts.drop("open");
  }

  async function returnDrafts() {
    (await drafts.abandoned()).forEach((draft) => {
      const cell = cellOf(rowOf(draft.row), draft.cell);
      if (cell && draft.value !== cell.dataset.source) outbox.put(draft);
    });
  }

  function keys(event) {
    const cell = open.cell;
    const row = cell.closest("tr");
    if (event.isComposing) return;
    if (!list.hidden && cell.dataset.kind === "people" && suggestionKeys(event)) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      closeCell({ save: false, focus: true });
    } else if (event.key === "Tab" && row) {
      const all = Array.from(body.querySelectorAll("[data-cell]"));
      const next = all[all.indexOf(cell) + (event.shiftKey ? -1 : 1)];
      if (!next) return;
      event.preventDefault();
      openCell(next);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && row) {
      event.preventDefault();
      const key = cell.dataset.cell;
      closeCell({ save: true, focus: false });
      addRow(row, key);
    } else if (event.key === "Enter" && ["text", "number"].includes(cell.dataset.kind) && !event.shiftKey) {
      event.preventDefault();
      closeCell({ save: true, focus: true });
    } else if (event.key === "Enter" && cell.dataset.kind === "lines" && !event.shiftKey && Lines.enter(open.field)) {
      event.preventDefault();
    } else if (event.altKey && event.shiftKey && /^Arrow(Left|Right)$/.test(event.key) && cell.dataset.kind === "lines") {
      event.preventDefault();
      Lines.level(open.field, event.key === "ArrowRight" ? 1 : -1);
    } else if (event.altKey && !event.shiftKey && /^Arrow(Up|Down)$/.test(event.key) && row) {
      event.preventDefault();
      move(row, { step: event.key === "ArrowUp" ? -1 : 1 });
    }
  }

  async function paste(event) {
    const found = Lines.pasted(event.clipboardData);
    if (!found) return;
    const cell = open.cell;
    if (found.table && cell.closest("tr")) {
      event.preventDefault();
      pasteRows(found.table, cell);
    } else if (found.html && cell.dataset.kind === "lines") {
      event.preventDefault();
      let text = found.plain;
      try {
        const answer = await post(`${base}reading/`, { html: found.html });
        if (answer.status === 200) text = answer.data.text;
      } catch (error) { /* without the portal the plain text goes in */ }
      if (open && open.cell === cell) Lines.replace(open.field, open.field.selectionStart, open.field.selectionEnd, text);
    }
  }

  tools.addEventListener("mousedown", (event) => event.preventDefault());
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-line]");
    if (!button || !open) return;
    if (button.dataset.line === "level") Lines.level(open.field, event.shiftKey ? -1 : 1);
    else Lines.mark(open.field, button.dataset.line);
  });

  /* ---- Live reading of the term ---- */
  let readTimer = null;

  function readTerm() {
    window.clearTimeout(readTimer);
    const { cell, field } = open;
    readTimer = window.setTimeout(async () => {
      const text = field.value;
      try {
        const answer = await post(`${base}reading/`, { term: text });
        if (!open || open.field !== field || answer.status !== 200) return;
        open.readOf = text;
        let words = cell.querySelector(".reading");
        if (!words) { words = document.createElement("span"); cell.append(words); }
        words.className = answer.data.unclear ? "reading reading-wait" : "reading";
        words.textContent = answer.data.reading;
      } catch (error) { /* the reading is a help, not a duty */ }
    }, 250);
  }

  /* ---- People ---- */
  let suggestTimer = null;

  function prepareSuggestions(field, cell) {
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    cell.append(list);
  }

  function currentLine(field) {
    const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
    let end = field.value.indexOf("\n", field.selectionStart);
    if (end < 0) end = field.value.length;
    return { start: start, end: end, text: field.value.slice(start, end).trim() };
  }

  function suggest() {
    window.clearTimeout(suggestTimer);
    const { cell, field } = open;
    const typedText = currentLine(field).text;
    if (typedText.length < 2 || open.people[typedText]) { hideSuggestions(); return; }
    suggestTimer = window.setTimeout(async () => {
      try {
        const response = await fetch(`${base}people/?q=${encodeURIComponent(typedText)}`, { credentials: "same-origin", headers: { Accept: "application/json" } });
        const people = response.ok ? (await response.json()).people : [];
        if (open && open.cell === cell) showSuggestions(people);
      } catch (error) { hideSuggestions(); }
    }, 150);
  }

  function showSuggestions(people) {
    list.replaceChildren(...people.map((person, index) => {
      const item = document.createElement("li");
      item.id = `suggestion-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.person = person.id;
      item.textContent = person.text;
      return item;
    }));
    list.hidden = people.length === 0;
  }

  function hideSuggestions() {
    window.clearTimeout(suggestTimer);
    list.hidden = true;
    if (open) open.field.removeAttribute("aria-activedescendant");
  }

  function suggestionKeys(event) {
    const items = Array.from(list.children);
    const now = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = (now + (event.key === "ArrowDown" ? 1 : items.length - (now < 0 ? 0 : 1))) % items.length;
      items.forEach((item, index) => item.setAttribute("aria-selected", String(index === next)));
      open.field.setAttribute("aria-activedescendant", items[next].id);
      event.preventDefault();
      return true;
    }
    if (event.key === "Enter" && now >= 0 && !event.ctrlKey) {
      event.preventDefault();
      choose(items[now]);
      return true;
    }
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      hideSuggestions();
      return true;
    }
    return false;
  }

  function choose(item) {
    const line = currentLine(open.field);
    open.people[item.textContent] = Number(item.dataset.person);
    Lines.replace(open.field, line.start, line.end, item.textContent);
    hideSuggestions();
  }

  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item && open) choose(item);
  });

  /* ---- The menu of a row ---- */
  let menuLink = null;

  function openMenu(link) {
    menuLink = link;
    link.parentElement.append(menu);
    link.setAttribute("aria-expanded", "true");
    menu.hidden = false;
    const row = link.closest("tr");
    const all = rows();
    menu.querySelector("[data-verb=up]").hidden = all[0] === row;
    menu.querySelector("[data-verb=down]").hidden = all[all.length - 1] === row;
    menuItems()[0].focus();
  }

  const menuItems = () => Array.from(menu.querySelectorAll("button")).filter((button) => !button.hidden);

  function closeMenu(focus) {
    if (menu.hidden) return;
    menu.hidden = true;
    menuLink.removeAttribute("aria-expanded");
    document.body.append(menu);
    if (focus) menuLink.focus({ preventScroll: true });
  }

  menu.addEventListener("keydown", (event) => {
    const items = menuItems();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      closeMenu(true);
    } else if (event.key === "Tab") {
      closeMenu(true);
    }
  });

  menu.addEventListener("click", (event) => {
    const button = event.target.closest("[data-verb]");
    if (!button) return;
    const row = menuLink.closest("tr");
    const verb = button.dataset.verb;
    closeMenu(true);
    if (verb === "up") move(row, { step: -1 });
    else if (verb === "down") move(row, { step: 1 });
    else if (verb === "add") addRow(row);
    else if (verb === "duplicate") duplicate(row);
    else if (verb === "remove") remove(row);
    else window.portal.stored().then((done) => { if (done) window.location.assign(menuLink.href); });
  });

  /* ---- Dragging by the handle ---- */
  let drag = null;

  body.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || event.button) return;
    event.preventDefault();
    if (open) closeCell({ save: true, focus: false });
    drag = { row: handle.closest("tr"), target: null, after: false };
    drag.row.classList.add("row-dragged");
    handle.setPointerCapture(event.pointerId);
  });

  body.addEventListener("pointermove", (event) => {
    if (!drag) return;
    unmark();
    const over = rows().find((row) => {
      const box = row.getBoundingClientRect();
      return event.clientY >= box.top && event.clientY < box.bottom;
    });
    drag.target = over && over !== drag.row ? over : null;
    if (!drag.target) return;
    const box = over.getBoundingClientRect();
    drag.after = event.clientY > box.top + box.height / 2;
    over.classList.add(drag.after ? "drop-after" : "drop-before");
  });

  body.addEventListener("pointerup", () => endDrag(true));
  body.addEventListener("pointercancel", () => endDrag(false));

  function unmark() {
    body.querySelectorAll(".drop-before, .drop-after").forEach((row) => row.classList.remove("drop-before", "drop-after"));
  }

  function endDrag(done) {
    if (!drag) return;
    const { row, target, after } = drag;
    drag = null;
    unmark();
    row.classList.remove("row-dragged");
    if (!done || !target) return;
    const all = rows();
    const from = all.indexOf(row);
    let to = all.indexOf(target) + (after ? 1 : 0);
    if (to > from) to -= 1;
    if (to !== from) move(row, { position: to + 1 });
  }

  /* ---- Events of the page ---- */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-menu]");
    if (link && body.contains(link)) {
      event.preventDefault();
      if (!menu.hidden && menuLink === link) { closeMenu(true); return; }
      if (open) closeCell({ save: true, focus: false });
      closeMenu(false);
      openMenu(link);
      return;
    }
    if (!menu.hidden && !menu.contains(event.target)) closeMenu(false);
    const anchor = event.target.closest("a[href^='#row-']");
    if (anchor) {
      const row = document.getElementById(anchor.hash.slice(1));
      if (row) window.setTimeout(() => focusCell(cellOf(row, main)));
      return;
    }
    const cell = event.target.closest("[data-cell], [data-title]");
    if (!cell || event.target.closest(".row-tools, .line-tools, .suggestions, .cell-field")) return;
    if (event.target.closest(".cell-link")) event.preventDefault();
    else if (String(window.getSelection())) return;
    openCell(cell);
  });

  document.addEventListener("keydown", (event) => {
    if (drag && event.key === "Escape") { endDrag(false); return; }
    const link = event.target.closest && event.target.closest(".cell-link, [data-menu]");
    const row = link && link.closest("tr[data-row]");
    if (!row) return;
    if (event.altKey && !event.shiftKey && /^Arrow(Up|Down)$/.test(event.key)) {
      event.preventDefault();
      move(row, { step: event.key === "ArrowUp" ? -1 : 1 });
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && link.matches(".cell-link")) {
      event.preventDefault();
      addRow(row, link.closest("[data-cell]").dataset.cell);
    } else if (event.key === "F2" && link.matches(".cell-link")) {
      event.preventDefault();
      openCell(link.closest("[data-cell]"));
    } else if (event.key === "Delete" && link.matches("[data-menu]")) {
      event.preventDefault();
      remove(row);
    }
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.matches("[data-add-row]")) {
      event.preventDefault();
      const all = rows();
      addRow(all[all.length - 1]);
    } else if (form.matches("[data-mend]")) {
      event.preventDefault();
      const url = new URL(form.action).pathname.slice(new URL(base, window.location.href).pathname.length);
      const data = Object.fromEntries(new FormData(form));
      delete data.csrfmiddlewaretoken;
      const answer = await act(url, data);
      if (answer && answer.message) live.textContent = answer.message;
      if (answer && form.matches("[data-add-section]")) {
        form.reset();
        openCell(cellOf(rowOf(answer.row), main));
      }
    }
  });

  /* ---- Others at the same table ---- */
  let syncing = null;

  function sync() {
    if (document.hidden || syncing) return syncing || Promise.resolve();
    const row = open && open.cell.closest("tr");
    syncing = post(`${base}sync/`, { seen: seen(), editing: row ? row.dataset.row : null })
      .then((answer) => { if (answer.status === 200 && !outbox.items.length && !drag) apply(answer.data); })
      .catch(() => null)
      .finally(() => { syncing = null; });
    return syncing;
  }

  window.setInterval(sync, SYNC);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sync(); });
  window.addEventListener("pagehide", () => { if (open) closeCell({ save: true, focus: false }); });

  returnDrafts();
  outbox.takeOver();
})();
