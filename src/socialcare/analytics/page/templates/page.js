(() => {
  "use strict";
  const root = document.documentElement;
  const said = document.getElementById("said");

  // Light or dark: the reader's choice first, then the screen's.
  const theme = document.getElementById("theme");
  const screenIsDark = matchMedia("(prefers-color-scheme: dark)");
  const kept = {
    get: () => { try { return localStorage.getItem("socialcare-theme"); } catch { return null; } },
    set: (value) => { try { localStorage.setItem("socialcare-theme", value); } catch { /* private reading keeps nothing */ } },
  };
  const isDark = () => (root.dataset.theme || (screenIsDark.matches ? "dark" : "light")) === "dark";
  const show = () => {
    theme.setAttribute("aria-pressed", String(isDark()));
    theme.textContent = isDark() ? "Light" : "Dark";
    theme.setAttribute("aria-label", "Dark page");
  };
  const chosen = kept.get();
  if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;
  theme.hidden = false;
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    kept.set(root.dataset.theme);
    show();
  });
  screenIsDark.addEventListener("change", show);
  show();

  // Tables that sort. A cell without an order has no value, and stays last whichever way.
  const order = (row, column) => row.cells[column].dataset.order;
  const compare = (numeric, way) => (a, b) => {
    if (a.key === undefined || b.key === undefined) return (a.key === undefined) - (b.key === undefined);
    return way * (numeric ? Number(a.key) - Number(b.key) : a.key.localeCompare(b.key, undefined, { numeric: true }));
  };
  const sort = (head) => {
    const table = head.closest("table");
    const body = table.tBodies[0];
    const numeric = head.classList.contains("number");
    const before = head.getAttribute("aria-sort");
    const rising = before === "none" ? !numeric : before === "descending";
    for (const other of head.parentElement.cells) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", rising ? "ascending" : "descending");
    const rows = [...body.rows].map((row) => ({ row, key: order(row, head.cellIndex) }));
    rows.sort(compare(numeric, rising ? 1 : -1));
    body.append(...rows.map((one) => one.row));
    said.textContent = `Sorted by ${head.textContent.trim()}, ${rising ? "ascending" : "descending"}.`;
  };
  for (const button of document.querySelectorAll("table.sortable thead button"))
    button.addEventListener("click", () => sort(button.closest("th")));
})();
