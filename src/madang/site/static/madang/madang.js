// Small comforts. Every page works without them.
(() => {
  "use strict";
  const root = document.documentElement;
  const year = 60 * 60 * 24 * 365;

  // Light, dark or as the device: a cookie, so that the server sets it before the first paint.
  function showTheme() {
    const chosen = root.dataset.theme || "";
    document.querySelectorAll("[data-theme-choice]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
    });
  }
  function chooseTheme(theme) {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=${theme ? year : 0}; SameSite=Lax${secure}`;
    showTheme();
  }
  document.querySelectorAll(".theme-switch").forEach((part) => { part.hidden = false; });
  showTheme();

  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-theme-choice], [data-print], [data-copy]");
    closeMenus(event.target.closest("details.menu"));
    if (!target) return;
    if ("themeChoice" in target.dataset) chooseTheme(target.dataset.themeChoice);
    else if ("print" in target.dataset) window.print();
    else copy(target);
  });

  async function copy(button) {
    const source = document.querySelector(button.dataset.copy);
    if (!source) return;
    try {
      await navigator.clipboard.writeText(source.value || source.textContent.trim());
      if (button.dataset.copied) button.textContent = button.dataset.copied;
    } catch {
      if (source.select) source.select();
    }
  }

  // The device knows its time zone: one press fills it in.
  document.querySelectorAll("[data-own-zone]").forEach((button) => {
    const select = document.querySelector(button.dataset.ownZone);
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const known = select && [...select.options].some((option) => option.value === zone);
    if (!known) return;
    button.hidden = false;
    button.addEventListener("click", () => { select.value = zone; select.focus(); });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form && "submitOnChange" in form.dataset) form.requestSubmit();
  });

  // A file that is too big is told at once, not after minutes of sending.
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.dataset.largest) return;
    const isTooBig = [...input.files].some((file) => file.size > Number(input.dataset.largest));
    input.setCustomValidity(isTooBig ? input.dataset.tooBig : "");
    if (isTooBig) input.reportValidity();
  });

  // Ask first where it matters: before htmx or the browser hear of it.
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirm;
    if (!question || window.confirm(question)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  // Send a form once, however often its button is pressed; a form whose answer is a file can be sent again after a while.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    setTimeout(() => ready(form), 8000);
  });
  function ready(form) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  }
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(ready));

  // The current section stays in sight in a row that scrolls; the page itself does not move.
  document.querySelectorAll(".main-nav ul, nav.tabs").forEach((row) => {
    const current = row.querySelector("[aria-current]");
    if (current) row.scrollLeft = current.offsetLeft - row.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
  });

  // A refused form says why, and the reader is taken there.
  function readFaults(place) {
    const summary = place.querySelector(".form .summary");
    if (summary) summary.focus();
  }
  readFaults(document);
  document.addEventListener("htmx:afterSwap", (event) => readFaults(event.target));
})();
