/* An entry: how many signs are left under each answer while it is typed; the technical check by keyboard. */
(function () {
  "use strict";

  function plural(count, one, few, many) {
    var tail = count % 10;
    if (tail === 1 && count % 100 !== 11) return one;
    if (tail >= 2 && tail <= 4 && (count % 100 < 12 || count % 100 > 14)) return few;
    return many;
  }

  function words(left) {
    var size = Math.abs(left) + " " + plural(Math.abs(left), "знак", "знака", "знаков");
    if (left < 0) return "лишних " + size + ": сократите, прежде чем отправлять";
    return plural(left, "остался", "осталось", "осталось") + " " + size;
  }

  function count(line) {
    var box = document.getElementById(line.dataset.leftOf);
    if (!box) return;
    function show() {
      // Signs as people count them: the server counts so, and cuts the blanks at the ends.
      var left = Number(box.dataset.limit) - Array.from(box.value.trim()).length;
      line.textContent = words(left);
      line.classList.toggle("left-over", left < 0);
    }
    box.addEventListener("input", show);
    show();
  }

  function keys(form) {
    document.addEventListener("keydown", function (event) {
      if (event.altKey && /^[1-4]$/.test(event.key)) {
        var choice = form.querySelectorAll('input[name="outcome"]')[Number(event.key) - 1];
        if (choice) {
          choice.checked = true;
          choice.focus();
          event.preventDefault();
        }
      } else if (event.ctrlKey && event.key === "Enter") {
        form.requestSubmit(form.querySelector(".btn-primary"));
        event.preventDefault();
      }
    });
  }

  document.querySelectorAll("[data-left-of]").forEach(count);
  document.querySelectorAll("form[data-check]").forEach(keys);
})();
