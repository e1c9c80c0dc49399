/* What every page shares. Everything here is a comfort: without it pages are read and forms are sent as usual.
   window.portal = {saveState, say, tell, local, clock, saves, stored} serves the other scripts. */
(function () {
  "use strict";
  if (window.portal) return;

  var live = document.getElementById("live");
  var KEEP_DAYS = 14;

  function clock(date) {
    var moment = date || new Date();
    return String(moment.getHours()).padStart(2, "0") + ":" + String(moment.getMinutes()).padStart(2, "0");
  }

  /* ---- Words for those who listen, and messages for everybody ---- */
  function say(words) {
    if (!live) return;
    live.textContent = "";
    window.setTimeout(function () { live.textContent = words; }, 50);
  }

  function tell(words, family) {
    var region = document.getElementById("messages");
    if (!region) return null;
    var box = document.createElement("div");
    var line = document.createElement("p");
    box.className = "message message-" + (family || "info");
    line.textContent = words;
    box.append(line);
    region.append(box);
    box.scrollIntoView({ block: "nearest" });
    return box;
  }

  /* ---- The grey line: one place that tells of saving ---- */
  var saidFirst = false;
  var WORDS = {
    saving: function () { return "Сохраняем…"; },
    saved: function (detail) { return "Сохранено в " + (detail || clock()); },
    offline: function () { return "Нет связи – текст хранится на этом устройстве"; },
    failed: function (detail) { return detail || "Не сохранилось. Текст на экране цел, повторите через минуту"; }
  };

  function saveState(state, detail) {
    var words = WORDS[state](detail);
    document.querySelectorAll("[data-save-state]").forEach(function (place) {
      place.textContent = words;
      place.dataset.state = state === "offline" || state === "failed" ? "failed" : state;
    });
    /* Heard are only the failures and the first success. */
    if (state === "offline" || state === "failed" || (state === "saved" && !saidFirst)) say(words);
    if (state === "saved") saidFirst = true;
  }

  /* ---- Copies on this device, by person and object, for as long as the server has not got the text ---- */
  var person = document.body.dataset.person || "0";

  function slot(key) { return "po:" + person + ":" + key; }

  var local = {
    put: function (key, value) {
      try {
        window.localStorage.setItem(slot(key), JSON.stringify({ at: Date.now(), value: value }));
        return true;
      } catch (error) {
        return false;
      }
    },
    get: function (key) {
      try {
        var kept = JSON.parse(window.localStorage.getItem(slot(key)));
        if (!kept || Date.now() - kept.at > KEEP_DAYS * 864e5) return null;
        return kept;
      } catch (error) {
        return null;
      }
    },
    remove: function (key) {
      try { window.localStorage.removeItem(slot(key)); } catch (error) { /* no storage, nothing kept */ }
    }
  };

  /* ---- Nothing leads away from a text that is still on its way ----
     Whatever saves as one types tells of itself with saves({form, waits, flush}): waits() says whether something is
     still to be sent, flush() sends it at once and promises whether the portal has it; the form is named where its own
     button takes the text along. A link or a button pressed meanwhile goes on when everything is stored. */
  var savers = [];
  var held = null;
  var tried = null;
  var stays = null;

  function saves(saver) { savers.push(saver); }

  function unsent(form) {
    return savers.filter(function (saver) { return (!form || saver.form !== form) && saver.waits(); });
  }

  function stored(form) {
    return Promise.all(unsent(form).map(function (saver) { return saver.flush(); })).then(function (done) { return done.every(Boolean); });
  }

  /* Pressed several times while the text is on its way: the last press counts. */
  function hold(event, form, step) {
    if (!unsent(form).length) return false;
    event.preventDefault();
    var first = !held;
    held = step;
    if (!first) return true;
    if (stays) stays.remove();
    stored(form).then(function (done) {
      var next = held;
      held = null;
      if (done) next.go();
      else stay(next);
    });
    return true;
  }

  function stay(step) {
    tried = step.link || null;
    stays = tell("Последний текст ещё не сохранён, поэтому страница осталась открытой." +
      (tried ? " Чтобы всё-таки уйти, нажмите ещё раз." : ""), "wait");
  }

  function leadsAway(link) {
    if (!/^https?:$/.test(link.protocol)) return false;
    return !link.hash || link.href.split("#")[0] !== window.location.href.split("#")[0];
  }

  function pressAgain(form, button) {
    /* A part of the page that was renewed meanwhile has the same form once more. */
    var now = form.isConnected ? form : document.querySelector('form[action="' + form.getAttribute("action") + '"]');
    if (now) now.requestSubmit(button && button.isConnected ? button : null);
  }

  document.addEventListener("input", function () { tried = null; });

  /* On the window: the last to hear of it, when the scripts of the page have taken what is theirs. */
  window.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || !leadsAway(link)) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) stored();
    else if (link !== tried) hold(event, null, { link: link, go: function () { link.click(); } });
  });

  window.portal = { saveState: saveState, say: say, tell: tell, local: local, clock: clock, saves: saves, stored: stored };

  /* ---- htmx: elements with data-saves="key" tell of saving and keep their text until it is stored ---- */
  var waiting = new Map();

  function saverOf(event) {
    return event.detail.elt && event.detail.elt.closest ? event.detail.elt.closest("[data-saves]") : null;
  }

  function resend() {
    waiting.forEach(function (request, key) {
      waiting.delete(key);
      if (!request.elt.isConnected || !window.htmx) return;
      window.htmx.ajax(request.verb, request.path, { source: request.elt, values: request.values });
    });
  }

  document.addEventListener("htmx:configRequest", function (event) {
    var saver = saverOf(event);
    if (!saver) return;
    var values = Object.assign({}, event.detail.parameters);
    delete values.csrfmiddlewaretoken;
    Object.keys(values).forEach(function (name) { if (values[name] instanceof File) delete values[name]; });
    event.detail.elt.dataset.savesKey = saver.dataset.saves;
    local.put(saver.dataset.saves, { values: values, path: event.detail.path, verb: event.detail.verb, page: window.location.pathname });
    saveState("saving");
  });

  document.addEventListener("htmx:afterRequest", function (event) {
    var key = event.detail.elt && event.detail.elt.dataset ? event.detail.elt.dataset.savesKey : null;
    if (!key) return;
    var status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (status >= 200 && status < 400) {
      local.remove(key);
      waiting.delete(key);
      saveState("saved");
    } else if (status === 422) {
      saveState("failed", "Не сохранено: проверьте отмеченное");
    } else if (status === 409) {
      saveState("failed", "Не сохранено: сравните два текста");
    }
  });

  document.addEventListener("htmx:sendError", function (event) {
    var saver = saverOf(event);
    if (!saver) {
      tell("Нет связи с порталом. Проверьте сеть и повторите.", "wait");
      return;
    }
    var kept = local.get(saver.dataset.saves);
    saveState(kept ? "offline" : "failed");
    if (kept) waiting.set(saver.dataset.saves, Object.assign({ elt: event.detail.elt }, kept.value));
  });

  document.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    if (saverOf(event)) saveState("failed");
    if (status === 403) tell("Это действие вам сейчас недоступно. Обновите страницу: возможно, изменились права или закончился вход.", "alert");
    else if (status === 503) tell(event.detail.xhr.responseText, "wait");
    else if (status === 404) tell("Этого здесь уже нет. Обновите страницу.", "wait");
    else tell("Не получилось. Текст на экране цел: повторите через минуту.", "alert");
  });

  /* A text that outlived its page unsent is shown, never sent over what others wrote meanwhile. */
  function showLeftovers() {
    var prefix = slot("");
    var keys = [];
    try { keys = Object.keys(window.localStorage).filter(function (name) { return name.startsWith(prefix); }); } catch (error) { return; }
    keys.map(function (name) { return name.slice(prefix.length); }).forEach(function (key) {
      var kept = local.get(key);
      if (!kept || kept.value.page !== window.location.pathname) return;
      var values = kept.value.values;
      var text = Object.keys(values).filter(function (name) { return name !== "version"; }).map(function (name) { return values[name]; }).join("\n").trim();
      if (!text) return local.remove(key);
      var box = tell("Этот текст не успел сохраниться и остался на этом устройстве. Вставьте его на место ещё раз: " + text, "wait");
      var button = document.createElement("button");
      button.type = "button";
      button.className = "link-button";
      button.textContent = "Убрать";
      button.addEventListener("click", function () { local.remove(key); box.remove(); });
      box.append(button);
    });
  }

  showLeftovers();
  window.addEventListener("online", resend);
  window.setInterval(function () { if (waiting.size) resend(); }, 10000);
  window.addEventListener("beforeunload", function (event) { if (waiting.size) event.preventDefault(); });

  /* ---- Menus on details: one open at a time, Esc closes ---- */
  document.addEventListener("click", function (event) {
    var kept = event.target.closest("details.menu");
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== kept) menu.open = false;
    });
    var opener = event.target.closest("[data-opens]");
    var dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog && dialog.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
    var closer = event.target.closest("[data-closes]");
    if (closer) {
      event.preventDefault();
      closer.closest("dialog").close();
    }
    var printer = event.target.closest("[data-print]");
    if (printer) {
      event.preventDefault();
      window.print();
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || !document.activeElement) return;
    var menu = document.activeElement.closest("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  /* ---- A form goes when every text of the page is stored, and once, however often it is clicked ---- */
  window.addEventListener("submit", function (event) {
    var form = event.target;
    var button = event.submitter;
    if (event.defaultPrevented || form.method === "dialog" || form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]")) return;
    if (hold(event, form, { go: function () { pressAgain(form, button); } }) || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    window.setTimeout(function () { delete form.dataset.sent; }, 5000);
  });

  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  /* ---- Tables drawn as blocks stay tables for those who listen ---- */
  var ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };

  function keepRoles(root) {
    root.querySelectorAll(".work-table, .paper-table").forEach(function (table) {
      [table].concat(Array.from(table.querySelectorAll("thead, tbody, tr, td, th"))).forEach(function (part) {
        if (part.hasAttribute("role")) return;
        var role = part.tagName === "TH" ? (part.closest("thead") ? "columnheader" : "rowheader") : ROLES[part.tagName];
        part.setAttribute("role", role);
      });
    });
  }

  keepRoles(document);
  document.addEventListener("htmx:afterSwap", function () { keepRoles(document); });

  /* ---- Remarks beside the sheet: one folded line where there is no room for a column ---- */
  var page = document.querySelector(".page");
  var rem = parseFloat(window.getComputedStyle(document.documentElement).fontSize);
  document.querySelectorAll(".above-wide > .aside details[data-fold]").forEach(function (fold) { fold.open = false; });
  if (page && page.clientWidth < 75 * rem) {
    document.querySelectorAll("details[data-fold]").forEach(function (fold) { fold.open = false; });
  }

  /* ---- Sticky heads of tables stand under the title row, whose height depends on its words ---- */
  var titleRow = document.querySelector(".title-row-sticky");
  if (titleRow && window.ResizeObserver) {
    new ResizeObserver(function () {
      document.documentElement.style.setProperty("--po-title-height", titleRow.offsetHeight + "px");
    }).observe(titleRow);
  }

  /* ---- What upload.js carried over a page change, and where to look first ---- */
  try {
    JSON.parse(window.sessionStorage.getItem("po:messages") || "[]").forEach(function (message) {
      tell(message.words, message.family);
    });
    window.sessionStorage.removeItem("po:messages");
  } catch (error) { /* no storage, no message */ }

  var focus = document.querySelector("[data-focus]");
  if (focus) focus.focus();
})();
