/* Forms with data-upload: the file's size before sending, progress while it goes. data-max-bytes is the limit
   the server will hold anyway. Without a script the form is sent as any other. */
(function () {
  "use strict";

  function sizeWords(size) {
    if (size < 1024) return size + "\u00a0байт";
    if (size < 1023.5 * 1024) return Math.round(size / 1024) + "\u00a0КБ";
    return (size / 1048576).toFixed(1).replace(".", ",").replace(",0", "") + "\u00a0МБ";
  }

  /* Messages of the page we were led to are read here and shown there: reading them has used them up. */
  function carryMessages(parsed) {
    var messages = Array.from(parsed.querySelectorAll("#messages .message")).map(function (box) {
      var family = (box.className.match(/message-(\w+)/) || [])[1];
      return { words: box.textContent.trim(), family: family };
    });
    try { window.sessionStorage.setItem("po:messages", JSON.stringify(messages)); } catch (error) { /* only the words are lost */ }
  }

  function start(form) {
    var file = form.querySelector('input[type="file"]');
    var chosen = form.querySelector("[data-upload-chosen]");
    var progress = form.querySelector("[data-upload-progress]");
    var trouble = form.querySelector("[data-upload-error]");
    var area = form.querySelector("[data-upload-area]");
    var limit = Number(form.dataset.maxBytes || 0);
    if (!file || !progress) return;

    function complain(words) {
      trouble.textContent = words;
      trouble.hidden = !words;
    }

    function check() {
      var picked = Array.from(file.files);
      var size = picked.reduce(function (sum, one) { return sum + one.size; }, 0);
      chosen.textContent = picked.map(function (one) { return one.name + ", " + sizeWords(one.size); }).join("; ");
      chosen.hidden = !picked.length;
      var heavy = limit && size > limit;
      complain(heavy ? "Файл занимает " + sizeWords(size) + ", а принимаем до " + sizeWords(limit) + ". Уменьшите его или разделите." : "");
      return !heavy;
    }

    function answered(request) {
      var parsed = new DOMParser().parseFromString(request.responseText, "text/html");
      if (request.status < 400 && request.responseURL && request.responseURL.split("#")[0] !== new URL(form.action, window.location).href.split("#")[0]) {
        carryMessages(parsed);
        window.portal.stored().then(function () { window.location.assign(request.responseURL); });
        return;
      }
      var fresh = parsed.getElementById("content");
      var here = document.getElementById("content");
      if (!fresh || request.status >= 500) {
        complain("Файл не принят: портал сейчас не отвечает. Повторите через минуту.");
        return;
      }
      here.replaceWith(fresh);
      fresh.querySelectorAll("form[data-upload]").forEach(start);
      if (window.htmx) window.htmx.process(fresh);
      var focus = fresh.querySelector("[data-focus]");
      if (focus) focus.focus();
    }

    file.addEventListener("change", check);

    form.addEventListener("submit", function (event) {
      if (!file.files.length) return;
      event.preventDefault();
      if (!check() || form.dataset.going) return;
      form.dataset.going = "1";
      var body = new FormData(form, event.submitter);
      var request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.upload.addEventListener("progress", function (step) {
        if (step.lengthComputable) progress.value = Math.round(step.loaded / step.total * 100);
      });
      request.addEventListener("loadend", function () {
        delete form.dataset.going;
        progress.hidden = true;
        if (request.status) answered(request);
        else complain("Связь прервалась, файл не отправлен. Проверьте сеть и повторите.");
      });
      progress.value = 0;
      progress.hidden = false;
      if (window.portal) window.portal.say("Файл отправляется");
      request.send(body);
    });

    if (!area) return;
    area.addEventListener("dragover", function (event) {
      event.preventDefault();
      area.classList.add("upload-over");
    });
    area.addEventListener("dragleave", function () { area.classList.remove("upload-over"); });
    area.addEventListener("drop", function (event) {
      event.preventDefault();
      area.classList.remove("upload-over");
      if (!event.dataTransfer.files.length) return;
      file.files = event.dataTransfer.files;
      check();
    });
  }

  document.querySelectorAll("form[data-upload]").forEach(start);
})();
