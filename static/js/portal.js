/* What every page shares: menus that close, the height of the title row, roles of tables drawn as blocks. */
(function () {
  "use strict";

  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== except) menu.open = false;
    });
  }

  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest("details.menu"));
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var menu = document.activeElement && document.activeElement.closest("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  /* Sticky heads of tables stand under the title row, whose height depends on its words. */
  var titleRow = document.querySelector(".title-row-sticky");
  if (titleRow && window.ResizeObserver) {
    new ResizeObserver(function () {
      document.documentElement.style.setProperty("--po-title-height", titleRow.offsetHeight + "px");
    }).observe(titleRow);
  }
})();
