// The reading page: a click on a row of the sheet puts «Строка 4: » into the remark, on a text its number: «2.1: ».
(() => {
  const sheet = document.querySelector("[data-sheet]");
  const answer = document.getElementById("return");
  const field = answer && answer.querySelector("textarea");
  if (!sheet || !field) return;
  const rows = [...sheet.querySelectorAll("[data-row]")];

  const put = (row) => {
    const word = `${row.dataset.row || `Строка ${rows.indexOf(row) + 1}`}: `;
    const text = field.value;
    field.value = text && !text.endsWith("\n") ? `${text}\n${word}` : text + word;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  };
  const follow = () => {
    sheet.classList.toggle("doc-picking", answer.open);
    rows.forEach((row) => (answer.open ? row.setAttribute("tabindex", "0") : row.removeAttribute("tabindex")));
    if (answer.open) field.focus();
  };
  rows.forEach((row) => {
    row.addEventListener("click", (event) => {
      if (answer.open && !event.target.closest("summary, a, button")) put(row);
    });
    row.addEventListener("keydown", (event) => {
      if (answer.open && event.target === row && event.key === "Enter") {
        event.preventDefault();
        put(row);
      }
    });
  });
  answer.addEventListener("toggle", follow);
  if (answer.open) follow();
})();
