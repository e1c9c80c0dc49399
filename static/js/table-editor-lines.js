/* Lines in a textarea: «– » is a dash, «• » a bullet, «1. » a number, two blanks a level; and what is pasted. */
(function () {
  "use strict";

  const LINE = /^([ \t\u00a0]*)(?:([-–—•*]|\d{1,3}[.)])[ \t\u00a0]+)?(.*)$/;
  const INDENT = "  ";
  const DEEPEST = 5;

  function kindOf(sign) {
    if (!sign) return "paragraph";
    if (/\d/.test(sign)) return "number";
    return sign === "•" || sign === "*" ? "bullet" : "dash";
  }

  /* The whole lines the selection touches. */
  function touched(area) {
    const text = area.value;
    const start = text.lastIndexOf("\n", area.selectionStart - 1) + 1;
    let end = text.indexOf("\n", Math.max(area.selectionEnd, start));
    if (end < 0) end = text.length;
    return { start: start, end: end, lines: text.slice(start, end).split("\n") };
  }

  /* insertText keeps the field's own undo (Ctrl+Z). */
  function replace(area, start, end, text) {
    area.focus();
    area.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function rewrite(area, change) {
    const place = touched(area);
    const fromEnd = area.value.length - area.selectionEnd;
    const several = place.lines.length > 1;
    const text = place.lines.map((line, index) => change(LINE.exec(line), index, place)).join("\n");
    replace(area, place.start, place.end, text);
    if (several) area.setSelectionRange(place.start, place.start + text.length);
    else area.setSelectionRange(area.value.length - fromEnd, area.value.length - fromEnd);
  }

  function numberBefore(area, start, indent) {
    const lines = area.value.slice(0, Math.max(0, start - 1)).split("\n");
    const found = LINE.exec(lines[lines.length - 1] || "");
    return found && found[1] === indent && kindOf(found[2]) === "number" ? parseInt(found[2], 10) : 0;
  }

  function mark(area, kind) {
    let number = null;
    rewrite(area, function (parts, index, place) {
      const same = kindOf(parts[2]) === kind;
      if (kind === "paragraph" || same) return parts[1] + parts[3];
      if (kind === "bullet") return parts[1] + "• " + parts[3];
      if (kind === "dash") return parts[1] + "– " + parts[3];
      if (number === null) number = numberBefore(area, place.start, parts[1]);
      number += 1;
      return parts[1] + number + ". " + parts[3];
    });
  }

  function level(area, step) {
    rewrite(area, function (parts) {
      const depth = Math.floor(parts[1].replace(/\t/g, INDENT).length / INDENT.length) + step;
      const sign = parts[2] ? parts[2] + " " : "";
      return INDENT.repeat(Math.max(0, Math.min(DEEPEST, depth))) + sign + parts[3];
    });
  }

  /* Enter goes on with the list; on an empty line of a list it ends the list. True when it was handled. */
  function enter(area) {
    if (area.selectionStart !== area.selectionEnd) return false;
    const place = touched(area);
    const parts = LINE.exec(area.value.slice(place.start, place.end));
    if (!parts[2] && !/^[-–—•*]|^\d{1,3}[.)]$/.test(parts[3])) return false;
    if (!parts[2] || !parts[3]) {
      replace(area, place.start, place.end, "");
      return true;
    }
    const kind = kindOf(parts[2]);
    const sign = kind === "number" ? (parseInt(parts[2], 10) + 1) + "." : parts[2];
    replace(area, area.selectionStart, area.selectionEnd, "\n" + parts[1] + sign + " ");
    return true;
  }

  /* The clipboard is read as a page that is never shown. Word's styles say what is a list, so they must reach the
     portal; under another name they do not offend the policy of this page. */
  const hideStyles = (html) => html.replace(/<(style|script|xml)\b[\s\S]*?<\/\1>/gi, "").replace(/\sstyle\s*=/gi, " data-word-style=");
  const showStyles = (html) => html.replace(/ data-word-style=/g, " style=");

  /* What the clipboard brings: {table: rows of HTML cells}, {html} with lists or paragraphs, or nothing special. */
  function pasted(clipboard) {
    const html = clipboard.getData("text/html");
    const plain = clipboard.getData("text/plain");
    if (html) {
      const page = new DOMParser().parseFromString(hideStyles(html), "text/html");
      const table = page.querySelector("table");
      if (table) {
        const rows = Array.from(table.rows).map((row) => Array.from(row.cells).map((cell) => showStyles(cell.innerHTML)));
        if (rows.length > 1 || (rows[0] && rows[0].length > 1)) return { table: rows };
      }
      if (page.body && page.body.querySelector("p, li, div, br")) return { html: showStyles(page.body.innerHTML), plain: plain };
      return null;
    }
    const rows = plain.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
    if (rows.length > 1 && rows.every((row) => row.length === rows[0].length && row.length > 1)) return { table: rows };
    return null;
  }

  window.TableEditorLines = { mark: mark, level: level, enter: enter, pasted: pasted, replace: replace };
})();
