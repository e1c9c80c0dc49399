// The draft of a protocol: when a question is folded after it was edited, the sheet shows what will be printed now.
(() => {
  const desk = document.querySelector(".protocol-desk");
  if (!desk) return;
  const edited = new Set();
  let waiting = null;

  const printed = (root) => new Map([...root.querySelectorAll("[data-printed]")].map((part) => [part.dataset.printed, part]));

  const renew = async () => {
    let text;
    try {
      const response = await window.fetch(window.location.href, { headers: { Accept: "text/html" } });
      if (!response.ok) return;
      text = await response.text();
    } catch (error) {
      return; // Without a connection the old print stays until the page is opened anew.
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    const [fresh, shown] = [printed(page), printed(desk)];
    if (fresh.size !== shown.size) {
      window.location.reload();
      return;
    }
    shown.forEach((part, place) => part.replaceChildren(...[...fresh.get(place).childNodes].map((node) => document.importNode(node, true))));
    desk.querySelectorAll(".protocol-wording input[name=version]").forEach((field) => {
      const now = page.getElementById(field.id);
      if (now) field.value = now.value;
    });
  };

  desk.addEventListener("input", (event) => {
    const fold = event.target.closest("[data-edits]");
    if (fold) edited.add(fold);
  });
  desk.addEventListener("click", (event) => {
    const fold = event.target.closest("[data-edits] button") && event.target.closest("[data-edits]");
    if (fold) edited.add(fold);
  });
  desk.addEventListener("toggle", (event) => {
    if (!event.target.matches("[data-edits]") || event.target.open || !edited.delete(event.target)) return;
    window.clearTimeout(waiting);
    waiting = window.setTimeout(renew, 1500);
  }, true);
})();
