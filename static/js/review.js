// Checking a report: a click on a section puts its name into the remark, and the fields of returning open in place.
(() => {
  const box = document.getElementById("return");
  const remark = box && box.querySelector("textarea");
  if (!remark) return;

  const open = () => {
    box.open = true;
    remark.focus();
    box.scrollIntoView({ block: "nearest" });
  };

  for (const button of document.querySelectorAll("[data-remark]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const before = remark.value.trimEnd();
      remark.value = `${before}${before ? "\n" : ""}${button.dataset.remark}: `;
      open();
      remark.setSelectionRange(remark.value.length, remark.value.length);
    });
  }

  for (const link of document.querySelectorAll("[data-opens-return]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      open();
    });
  }
})();
