// The organiser's grid: drag a meeting to a cell, arrow keys between cells, the same scroll after a change.
// Without this script a meeting is chosen by its link and moved by the buttons of the free cells.
(() => {
  "use strict";
  const grid = document.getElementById("grid");
  const form = document.getElementById("move");
  if (!grid || !form) return;
  const movable = "movable" in grid.dataset;
  const memory = "grid:" + location.pathname;

  function codeOf(link) {
    return new URL(link.href).searchParams.get("pick");
  }
  function placeOf(cell) {
    const head = grid.querySelector("thead tr").cells[cell.cellIndex];
    return head.dataset.slot + "-" + cell.parentElement.dataset.table;
  }

  let dragged = null;
  if (movable) {
    grid.addEventListener("dragstart", (event) => {
      const link = event.target.closest("td a");
      if (!link) return;
      dragged = link;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", link.textContent);
      link.closest("td").classList.add("picked");
    });
    grid.addEventListener("dragover", (event) => {
      if (dragged && event.target.closest("tbody td")) event.preventDefault();
    });
    grid.addEventListener("dragend", () => {
      if (dragged) dragged.closest("td").classList.remove("picked");
      dragged = null;
    });
    grid.addEventListener("drop", (event) => {
      const cell = event.target.closest("tbody td");
      if (!dragged || !cell || cell === dragged.closest("td")) return;
      event.preventDefault();
      const to = document.createElement("input");
      to.type = "hidden";
      to.name = "to";
      to.value = placeOf(cell);
      form.append(to);
      form.elements.request.value = codeOf(dragged);
      form.requestSubmit();
    });
  }

  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  grid.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    let cell = event.target.closest("tbody td");
    if (!step || !cell) return;
    event.preventDefault();
    while (cell) {
      const row = cell.parentElement.parentElement.rows[cell.parentElement.sectionRowIndex + step[0]];
      cell = row ? row.cells[cell.cellIndex + step[1]] : null;
      const target = cell && cell.querySelector("a, button");
      if (target) {
        target.focus();
        target.scrollIntoView({ block: "nearest", inline: "nearest" });
        return;
      }
    }
  });

  window.addEventListener("pagehide", () => {
    sessionStorage.setItem(memory, JSON.stringify([grid.scrollLeft, grid.scrollTop]));
  });
  const before = JSON.parse(sessionStorage.getItem(memory) || "null");
  if (before) [grid.scrollLeft, grid.scrollTop] = before;

  // What was chosen, else its first free place, comes into the grid's sight; the page itself stays where it is.
  const chosen = grid.querySelector("td.picked") || grid.querySelector("td.can");
  if (chosen) {
    const head = grid.querySelector("thead th").getBoundingClientRect();
    const box = grid.getBoundingClientRect();
    const cell = chosen.getBoundingClientRect();
    if (cell.left < box.left + head.width || cell.right > box.right) grid.scrollLeft += cell.left - box.left - head.width;
    if (cell.top < box.top + head.height || cell.bottom > box.bottom) grid.scrollTop += cell.top - box.top - head.height;
  }
})();
