// The programmer's grid: drag an item to a cell, or push it with the arrow keys; what is wrong there is said as one goes.
// Without this script an item is chosen by its link and placed by the form of its hall, day and time.
(() => {
  "use strict";
  const grid = document.getElementById("programme-grid");
  const form = document.getElementById("place");
  const verdict = document.getElementById("verdict");
  if (!grid || !form || !verdict) return;
  const DAY = 24 * 60;
  const NIGHT = 6 * 60;
  const focus = "programme-grid-focus";
  let pushed = null; // the item that is on its way: {link, hall, minute}

  const rows = () => [...grid.querySelectorAll("tbody tr")].filter((row) => row.querySelector("th"));
  function minuteOf(text) {
    const [hours, minutes] = text.split(":").map(Number);
    const found = hours * 60 + minutes;
    return found < NIGHT ? found + DAY : found;
  }
  function clockOf(minute) {
    const two = (number) => String(number).padStart(2, "0");
    return two(Math.floor(minute / 60) % 24) + ":" + two(minute % 60);
  }

  function fieldsOf(link, hall, minute) {
    return { item: link.dataset.code, hall: hall, day: grid.dataset.day, time: clockOf(minute), was: link.dataset.was };
  }
  function send(link, hall, minute) {
    for (const old of form.querySelectorAll("[data-sent]")) old.remove();
    for (const outside of document.querySelectorAll("[form=place]")) outside.disabled = true;
    for (const [name, value] of Object.entries(fieldsOf(link, hall, minute))) {
      const known = form.elements[name];
      if (known && known.type === "hidden" && known.form === form && form.contains(known)) known.value = value;
      else {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name: name, value: value });
        field.dataset.sent = "";
        form.append(field);
      }
    }
    sessionStorage.setItem(focus, link === document.activeElement ? link.dataset.code : "");
    form.requestSubmit();
  }

  let asked = 0;
  let waiting = null;
  function ask(link, hall, minute) {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const mine = ++asked;
      const query = new URLSearchParams(fieldsOf(link, hall, minute));
      const answer = await fetch(grid.dataset.verdict + "?" + query, { headers: { "HX-Request": "true" } });
      const words = await answer.text();
      if (mine === asked && answer.ok) verdict.innerHTML = words;
    }, 150);
  }

  // By mouse
  let dragged = null;
  document.addEventListener("dragstart", (event) => {
    const link = event.target.closest && event.target.closest("a[data-code]");
    if (!link || link.hasAttribute("data-locked")) return;
    dragged = link;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", link.textContent);
  });
  let over = null;
  // The cell under the pointer and its minute; over an item that lasts, the quarter of an hour that is meant.
  function spotOf(event) {
    const cell = event.target.closest("tbody td");
    if (!cell) return null;
    if (cell.dataset.at) return { cell: cell, minute: minuteOf(cell.dataset.at) };
    const box = cell.getBoundingClientRect();
    const quarter = Math.floor(((event.clientX - box.left) / box.width) * cell.colSpan);
    return { cell: cell, minute: Math.floor(minuteOf(cell.querySelector("a").dataset.at) / 15) * 15 + 15 * Math.max(0, quarter) };
  }
  grid.addEventListener("dragover", (event) => {
    const spot = dragged && spotOf(event);
    if (!spot) return;
    event.preventDefault();
    if (over && over.cell === spot.cell && over.minute === spot.minute) return;
    if (over) over.cell.classList.remove("picked");
    over = spot;
    over.cell.classList.add("picked");
    ask(dragged, over.cell.parentElement.dataset.hall, over.minute);
  });
  document.addEventListener("dragend", () => {
    if (over) over.cell.classList.remove("picked");
    dragged = over = null;
  });
  grid.addEventListener("drop", (event) => {
    const spot = dragged && spotOf(event);
    if (!spot) return;
    event.preventDefault();
    send(dragged, spot.cell.parentElement.dataset.hall, spot.minute);
  });

  // By keyboard: arrow keys push the item, Enter places it, Escape leaves it
  const halls = rows().map((row) => row.dataset.hall);
  function show() {
    grid.querySelectorAll("td.can").forEach((cell) => cell.classList.remove("can"));
    if (!pushed) return;
    const row = rows().find((one) => one.dataset.hall === pushed.hall);
    const length = Number(pushed.link.dataset.minutes);
    for (const cell of row ? row.querySelectorAll("td[data-at]") : []) {
      const at = minuteOf(cell.dataset.at);
      if (at + 15 > pushed.minute && at < pushed.minute + length) cell.classList.add("can");
    }
  }
  function leave() {
    if (!pushed) return;
    pushed.link.closest("td, li").classList.remove("picked");
    pushed = null;
    clearTimeout(waiting);
    asked += 1;
    verdict.textContent = "";
    show();
  }
  grid.addEventListener("focusin", (event) => {
    const link = event.target.closest("a[data-code]");
    if (pushed && link !== pushed.link) leave();
    if (link && !pushed && !link.hasAttribute("data-locked")) link.setAttribute("aria-description", grid.dataset.help);
  });
  grid.addEventListener("keydown", (event) => {
    const link = event.target.closest("a[data-code]");
    if (!link || link.hasAttribute("data-locked")) return;
    if (event.key === "Escape") return leave();
    if (event.key === "Enter" && pushed) {
      event.preventDefault();
      return send(link, pushed.hall, pushed.minute);
    }
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (!pushed) pushed = { link: link, hall: link.dataset.hall, minute: minuteOf(link.dataset.at) };
    link.closest("td").classList.add("picked");
    const at = halls.indexOf(pushed.hall) + step[1];
    pushed.hall = halls[Math.min(Math.max(at, 0), halls.length - 1)];
    pushed.minute += step[0] * (event.shiftKey ? 15 : 5);
    pushed.minute = Math.min(Math.max(pushed.minute, NIGHT), DAY + NIGHT - 5);
    show();
    ask(link, pushed.hall, pushed.minute);
  });

  // Ctrl+Z undoes the last move, from anywhere but a field that has an undo of its own
  document.addEventListener("keydown", (event) => {
    const undo = document.getElementById("undo");
    if (!undo || event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    undo.requestSubmit();
  });

  // After a change the grid stands where it stood, and what is chosen comes into its sight
  const memory = "programme-grid:" + location.pathname;
  window.addEventListener("pagehide", () => sessionStorage.setItem(memory, JSON.stringify([grid.scrollLeft, grid.scrollTop])));
  const before = JSON.parse(sessionStorage.getItem(memory) || "null");
  if (before) [grid.scrollLeft, grid.scrollTop] = before;
  // Whoever placed it by keyboard goes on from there
  const last = sessionStorage.getItem(focus);
  sessionStorage.removeItem(focus);
  const link = last && grid.querySelector(`a[data-code="${CSS.escape(last)}"]`);
  if (link) link.focus();
  const chosen = grid.querySelector("td.picked");
  if (chosen) {
    const head = grid.querySelector("thead th").getBoundingClientRect();
    const box = grid.getBoundingClientRect();
    const cell = chosen.getBoundingClientRect();
    if (cell.left < box.left + head.width || cell.right > box.right) grid.scrollLeft += cell.left - box.left - head.width;
  }
})();
