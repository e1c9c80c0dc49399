/* Scoring by keyboard and thumb: the total while one marks, digits, «Коротко», the place one left, no network.
   Saving is autosave.js; without a script the form has its ordinary buttons. */
(function () {
  "use strict";

  var portal = window.portal;
  var NO_NETWORK = "Нет связи. Отмеченное хранится на этом устройстве: сдайте лист, когда связь вернётся.";

  function plural(count, one, few, many) {
    var tail = count % 10;
    if (tail === 1 && count % 100 !== 11) return one;
    if (tail >= 2 && tail <= 4 && (count % 100 < 12 || count % 100 > 14)) return few;
    return many;
  }

  function points(amount) {
    var whole = Number.isInteger(amount);
    return String(amount).replace(".", ",") + "\u00a0" + (whole ? plural(amount, "балл", "балла", "баллов") : "балла");
  }

  /* Handing in without a network would end on the browser's own page. */
  document.addEventListener("submit", function (event) {
    if (!event.target.matches('[data-scoring], [data-hand-in], [data-autosave-key^="table:"]') || window.navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    portal.tell(NO_NETWORK, "wait");
    portal.say(NO_NETWORK);
  }, true);

  /* In the table a row's boxes stand outside its form: autosave.js hears of them all the same. */
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.dataset.autosave && !form.contains(event.target)) form.dispatchEvent(new Event("input"));
  });

  function start(form) {
    var blocks = Array.from(form.querySelectorAll("[data-criterion]"));
    var progress = form.querySelector("[data-progress]");
    var total = form.querySelector("[data-total]");
    var left = form.querySelector("[data-left]");
    var brief = form.querySelector("[data-brief]");
    var bar = form.querySelector(".bottom-bar");
    var place = form.dataset.scoring + ":place";

    function controls(block) { return Array.from(block.querySelectorAll('[name^="mark-"]')); }

    function markOf(block) {
      var found = controls(block);
      if (found[0].type !== "radio") {
        var typed = found[0].value.trim().replace(",", ".");
        var mark = Number(typed);
        return typed && mark >= 0 && mark <= Number(block.dataset.maximum) ? mark : null;
      }
      var chosen = found.find(function (each) { return each.checked; });
      return chosen ? Number(chosen.value) : null;
    }

    function lacks(block) {
      var note = block.querySelector("[data-note]");
      return markOf(block) === null || (note && !note.value.trim());
    }

    function count() {
      var marked = 0;
      var sum = 0;
      blocks.forEach(function (block) {
        var mark = markOf(block);
        if (mark === null) return;
        marked += 1;
        // Weights have two places at most: hundredths are whole numbers and add up without dust.
        sum += Math.round(mark * 2) * Math.round(Number(block.dataset.weight || 0) * 100);
      });
      progress.textContent = marked + " из " + blocks.length;
      total.textContent = points(sum / 200);
      left.textContent = "";
    }

    function open(block) {
      var inside = controls(block);
      var target = inside.find(function (each) { return each.checked; }) || inside[0];
      if (markOf(block) !== null && lacks(block)) target = block.querySelector("[data-note]");
      target.focus({ preventScroll: true });
      block.scrollIntoView({ block: "nearest" });
    }

    function set(block, digit) {
      var choice = controls(block).find(function (each) { return each.value === digit; });
      if (!choice || choice.type !== "radio") return false;
      choice.checked = true;
      choice.dispatchEvent(new Event("input", { bubbles: true }));
      var next = blocks[blocks.indexOf(block) + 1];
      if (lacks(block)) block.querySelector("[data-note]").focus();
      else if (next) open(next);
      else choice.focus();
      return true;
    }

    document.addEventListener("keydown", function (event) {
      if (event.ctrlKey && event.key === "Enter") {
        event.preventDefault();
        form.requestSubmit(form.querySelector(".btn-primary"));
        return;
      }
      if (event.ctrlKey || event.altKey || event.metaKey || !/^[0-9]$/.test(event.key)) return;
      var at = document.activeElement;
      if (at.matches('textarea, input:not([type="radio"]), select')) return;
      var block = at.closest("[data-criterion]") || blocks.find(function (each) { return markOf(each) === null; });
      if (block && set(block, event.key)) event.preventDefault();
    });

    form.addEventListener("input", count);
    form.addEventListener("focusin", function (event) {
      var block = event.target.closest("[data-criterion]");
      if (block) portal.local.put(place, block.id);
    });
    document.addEventListener("submit", function (event) {
      if (event.target !== form || !event.submitter || event.submitter.value !== "submit") return;
      var missing = blocks.filter(lacks);
      if (!missing.length) {
        portal.local.remove(place);
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      left.textContent = "Осталось оценить: " + missing.map(function (block) { return block.dataset.number; }).join(", ");
      open(missing[0]);
    }, true);

    function shorten(yes) {
      form.classList.toggle("brief", yes);
      brief.setAttribute("aria-pressed", String(yes));
    }

    brief.hidden = false;
    var kept = portal.local.get("scoring:brief");
    shorten(Boolean(kept && kept.value));
    brief.addEventListener("click", function () {
      var yes = !form.classList.contains("brief");
      portal.local.put("scoring:brief", yes);
      shorten(yes);
    });

    /* The keyboard of a phone lies over the page: the bar goes above it. */
    if (window.visualViewport) window.visualViewport.addEventListener("resize", function () {
      var covered = window.innerHeight - window.visualViewport.height - window.visualViewport.offsetTop;
      bar.style.bottom = covered > 80 ? covered + "px" : "";
    });

    /* Beside the work the marks scroll by themselves: from where they begin now down to the bar, which stays in view. */
    function fit() {
      var aside = window.getComputedStyle(form).position === "sticky";
      form.style.maxHeight = aside ? window.innerHeight - Math.max(form.getBoundingClientRect().top, 8) - 8 + "px" : "";
    }

    fit();
    window.addEventListener("resize", fit);
    window.addEventListener("scroll", fit, { passive: true });

    window.addEventListener("load", function () {
      count();
      var last = portal.local.get(place);
      var block = document.getElementById(window.location.hash.slice(1) || (last ? last.value : ""));
      if (block && block.matches("[data-criterion]")) open(block);
    });
  }

  document.querySelectorAll("form[data-scoring]").forEach(start);
})();
