/* Order of an agenda or of those who speak, by dragging the handle and by Alt+↑ and Alt+↓. Without it the buttons do the same.
   Every move goes through the form of the row; htmx puts the new list in the place of the old one. */
(function () {
  "use strict";
  if (!window.htmx) return;
  document.documentElement.classList.add("agenda-moves");

  var drag = null;
  var focus = null;

  function listOf(item) { return item && item.closest("[data-order]"); }

  function itemOf(element) { return element.closest ? element.closest("[data-item]") : null; }

  function siblings(item) {
    return Array.from(item.parentElement.children).filter(function (each) { return each.matches("[data-item]"); });
  }

  function ownForm(item) { return item.querySelector(":scope > .agenda-row form[data-move]"); }

  function move(item, values) {
    var form = ownForm(item);
    if (!form) return;
    focus = { item: item.dataset.item, tool: values.tool || "edit" };
    window.htmx.ajax("POST", form.getAttribute("action"), {
      source: form, target: "#" + listOf(item).id, swap: "outerHTML", values: { position: values.position }
    });
  }

  function step(item, by, tool) {
    var all = siblings(item);
    var position = all.indexOf(item) + 1 + by;
    if (position < 1 || position > all.length) return;
    move(item, { position: position, tool: tool });
  }

  document.addEventListener("keydown", function (event) {
    if (drag && event.key === "Escape") { end(false); return; }
    if (!event.altKey || event.shiftKey || !/^Arrow(Up|Down)$/.test(event.key)) return;
    var item = itemOf(event.target);
    if (!listOf(item) || event.target.matches("input, textarea, select")) return;
    event.preventDefault();
    step(item, event.key === "ArrowUp" ? -1 : 1, event.target.dataset.tool);
  });

  document.addEventListener("click", function (event) {
    var tool = event.target.closest && event.target.closest("[data-tool=up], [data-tool=down]");
    var item = tool && itemOf(tool);
    if (item) focus = { item: item.dataset.item, tool: tool.dataset.tool };
  });

  /* What was moved keeps the focus: its «Выше» or «Ниже», or another button where there is no further way. */
  document.addEventListener("htmx:afterSwap", function () {
    if (!focus) return;
    var item = document.querySelector('[data-item="' + focus.item + '"]');
    var tool = item && (item.querySelector(':scope > .agenda-row [data-tool="' + focus.tool + '"]') ||
      item.querySelector(':scope > .agenda-row [data-tool="edit"]') || item.querySelector(":scope > .agenda-row [data-tool]"));
    var number = item && item.querySelector(".agenda-number");
    focus = null;
    if (tool) tool.focus();
    if (number && window.portal) window.portal.say(listOf(item).dataset.order + " " + number.textContent.trim());
  });

  /* ---- Dragging by the handle, among the questions of one level ---- */
  document.addEventListener("pointerdown", function (event) {
    var handle = event.target.closest && event.target.closest("[data-handle]");
    if (!handle || event.button) return;
    event.preventDefault();
    drag = { item: itemOf(handle), target: null, after: false };
    drag.item.classList.add("row-dragged");
    handle.setPointerCapture(event.pointerId);
  });

  document.addEventListener("pointermove", function (event) {
    if (!drag) return;
    unmark();
    var over = siblings(drag.item).find(function (item) {
      var box = item.getBoundingClientRect();
      return event.clientY >= box.top && event.clientY < box.bottom;
    });
    drag.target = over && over !== drag.item ? over : null;
    if (!drag.target) return;
    var box = over.getBoundingClientRect();
    drag.after = event.clientY > box.top + box.height / 2;
    over.classList.add(drag.after ? "drop-after" : "drop-before");
  });

  document.addEventListener("pointerup", function () { end(true); });
  document.addEventListener("pointercancel", function () { end(false); });

  function unmark() {
    document.querySelectorAll(".drop-before, .drop-after").forEach(function (item) {
      item.classList.remove("drop-before", "drop-after");
    });
  }

  function end(done) {
    if (!drag) return;
    var item = drag.item;
    var target = drag.target;
    var after = drag.after;
    drag = null;
    unmark();
    item.classList.remove("row-dragged");
    if (!done || !target) return;
    var all = siblings(item);
    var from = all.indexOf(item);
    var to = all.indexOf(target) + (after ? 1 : 0);
    if (to > from) to -= 1;
    if (to !== from) move(item, { position: to + 1 });
  }
})();
