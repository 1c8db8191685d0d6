// A phone at the door: what it reads is decided by the site, without network by its own signed copy, and told in a colour, words, sound.
(() => {
  "use strict";
  const page = document.getElementById("door");
  const words = document.getElementById("words").dataset;
  const part = (name) => page.querySelector(`[data-part="${name}"]`);
  const [ASK, SEND_EVERY, COPY_EVERY, SAME] = [2500, 10_000, 60_000, 3000];
  const state = { store: null, copy: null, event: "", shift: 0, seen: new Map(), queue: [], told: [], read: new Set(), last: { text: "", at: 0 }, stop: null };
  const now = () => Date.now() + state.shift;
  const word = (name) => words[name.replace(/_(.)/g, (_all, letter) => letter.toUpperCase())] || name;
  const clock = (at) => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: page.dataset.zone }).format(at);

  // --- What is told ---

  const TONES = { admitted: "ok", late: "bad", no_place: "warn", other_event: "warn", other_hall: "warn", counted: "ok" };
  function show(found) {
    const tone = found.outcome === "admitted" && found.is_late ? "warn" : TONES[found.outcome] || "bad";
    const panel = part("result");
    panel.className = `door-result ${tone}`;
    part("word").textContent = word(found.outcome);
    part("detail").textContent = details(found).filter(Boolean).join(" · ");
    panel.hidden = false;
    remember(found, tone);
    signal(tone);
  }
  function details(found) {
    const first = found.first;
    const reason = found.reason ? word(`why_${found.reason}`).replace(/^why_/, "") : "";
    return [
      found.seat, found.allotment && state.copy ? state.copy.allotments[found.allotment] : "", reason,
      found.outcome === "admitted" && found.is_late ? words.isLate : "",
      first && first.at ? words.firstAt.replace("%time", clock(first.at)).replace("%door", first.door || words.someDoor) : "",
      found.by === "phone" ? words.byPhone : "",
    ];
  }
  function remember(found, tone) {
    const row = document.createElement("li");
    row.className = "row";
    const badge = document.createElement("span");
    badge.className = `badge ${tone}`;
    badge.textContent = word(found.outcome);
    row.append(`${clock(now())} ${details(found).filter(Boolean).join(" · ")} `, badge);
    part("last").prepend(row);
    while (part("last").children.length > 8) part("last").lastChild.remove();
  }

  let sound = null;
  function signal(tone) {
    if (navigator.vibrate) navigator.vibrate({ ok: 80, warn: [80, 60, 80], bad: [250, 80, 250] }[tone]);
    if (!sound || sound.state !== "running") return;
    const tones = { ok: [880], warn: [660, 660], bad: [220, 180] }[tone];
    tones.forEach((pitch, number) => {
      const [voice, volume] = [sound.createOscillator(), sound.createGain()];
      voice.frequency.value = pitch;
      volume.gain.value = 0.2;
      voice.connect(volume).connect(sound.destination);
      voice.start(sound.currentTime + number * 0.18);
      voice.stop(sound.currentTime + number * 0.18 + 0.14);
    });
  }
  document.addEventListener("pointerdown", () => { sound = sound || new AudioContext(); sound.resume(); }, { passive: true });

  // --- Scanning ---

  async function scan(text) {
    const same = text === state.last.text && Date.now() - state.last.at < SAME;
    state.last = { text, at: Date.now() };
    if (same || !text.trim() || !state.event) return;
    if (/^q\d{1,4}$/i.test(text.trim())) return slip(text.trim());
    const sent = { kind: "scan", token: crypto.randomUUID(), event: state.event, code: text.trim().slice(0, 500), at: Date.now() };
    const answer = await ask(sent);
    if (answer && !answer.fault) return heard(sent, answer);
    await alone(sent);
  }
  async function heard(sent, answer) {
    if (["admitted", "twice"].includes(answer.outcome)) await see([...(await hashesOf(sent.code)), ...(answer.uses || [])], sent, answer.first);
    show(answer);
  }
  const hashesOf = (text) => Promise.all(DoorCopy.keysIn(text).map(DoorCopy.digest));

  // Without the site: the copy decides, and what was told is sent later.
  async function alone(sent) {
    const event = state.copy && state.copy.byCode.get(sent.event);
    if (!event || now() > state.copy.expires) return show({ outcome: "no_copy" });
    const used = state.queue.filter((one) => one.isWalkIn);
    const found = await DoorCopy.decide(state.copy, event, sent.code, now(), state.seen, used);
    if (found.outcome === "admitted") await see(found.uses, sent);
    await keep({ ...sent, told: found.outcome, allotment: found.allotment || "", isWalkIn: Boolean(found.isWalkIn) });
    show({ ...found, by: "phone" });
    counts();
  }
  async function see(hashes, sent, first) {
    for (const hash of hashes) {
      const row = first || { at: sent.at + state.shift, door: page.dataset.device };
      state.seen.set(`${sent.event} ${hash}`, row);
      await state.store.put("seen", `${sent.event} ${hash}`, row);
    }
  }

  async function slip(text) {
    await keep({ kind: "slip", token: crypto.randomUUID(), event: state.event, code: text, at: Date.now() });
    show({ outcome: "counted", reason: text.toUpperCase() });
    send();
  }
  async function byHand() {
    const token = crypto.randomUUID();
    const allotment = part("hand-allotment").value;
    await keep({ kind: "hand", token, event: state.event, allotment, at: Date.now(), isWalkIn: true });
    part("back").hidden = false;
    part("back").dataset.token = token;
    show({ outcome: "counted", allotment });
    send();
  }
  async function back() {
    await keep({ kind: "back", token: part("back").dataset.token, event: state.event, at: Date.now() });
    part("back").hidden = true;
    send();
  }
  async function queueTime(event) {
    event.preventDefault();
    const data = new FormData(event.target);
    const row = { minutes: data.get("minutes"), people: data.get("people") };
    await keep({ kind: "queue", token: crypto.randomUUID(), event: state.event, at: Date.now(), ...row });
    event.target.reset();
    show({ outcome: "counted" });
    send();
  }

  // --- Sending ---

  async function keep(entry) {
    entry.id = `${entry.kind} ${entry.token}`;
    state.queue.push(entry);
    await state.store.put("queue", entry.id, entry);
    status();
  }
  const csrf = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";
  async function post(entries, patience) {
    const sent = entries.map((entry) => ({ ...entry, age: Math.max(0, Date.now() - entry.at) }));
    const answer = await fetch(page.dataset.sync, {
      method: "POST", body: JSON.stringify({ sent }), signal: AbortSignal.timeout(patience), credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
    });
    if (answer.status === 410) { await forget(); throw new Error("unpaired"); }
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    online(true);
    await state.store.put("kept", "counts", told.counts);
    stand(told.counts);
    return told.answers;
  }
  function stand(told) {
    if (state.copy) Object.entries(told).forEach(([code, live]) => {
      const event = state.copy.byCode.get(code);
      if (event) event.counts = live;
    });
    counts();
  }
  async function ask(entry) {
    if (navigator.onLine === false) { online(false); return null; }
    try { return (await post([entry], ASK))[0]; } catch { online(false); return null; }
  }
  let sending = false;
  async function send() {
    if (sending || !state.queue.length) return;
    sending = true;
    try {
      const batch = state.queue.slice(0, 100);
      const answers = await post(batch, 20_000);
      for (const [number, entry] of batch.entries()) {
        const answer = answers.find((one) => one.token === entry.token) || answers[number];
        if (answer) await settled(entry, answer);
      }
    } catch { online(false); } finally { sending = false; status(); }
    if (state.queue.length && navigator.onLine !== false && state.isOnline) setTimeout(send, 500);
  }
  async function settled(entry, answer) {
    state.queue = state.queue.filter((one) => one.id !== entry.id);
    await state.store.drop("queue", entry.id);
    const differs = entry.kind === "scan" && answer.outcome && (answer.outcome === "admitted") !== (entry.told === "admitted");
    if (!differs && !answer.fault) return;
    await hear({ id: entry.id, at: entry.at + state.shift, told: entry.told, outcome: answer.outcome || "unknown", first: answer.first || null });
  }
  // What this phone told otherwise than it is: by the answer to a scan, or by the copy, where another door was heard of later.
  async function hear(row) {
    if (state.read.has(row.id) || state.told.some((one) => one.id === row.id)) return;
    state.told.push(row);
    await state.store.put("told", row.id, row);
    conflicts();
  }
  async function read() {
    state.told.forEach((row) => state.read.add(row.id));
    state.told = [];
    await state.store.put("kept", "read", [...state.read]);
    await state.store.clear("told");
    conflicts();
  }

  // --- The copy ---

  async function refresh() {
    try {
      const have = state.copy ? state.copy.version : "";
      const answer = await fetch(`${page.dataset.copy}?live=1&have=${have}`, { credentials: "same-origin", signal: AbortSignal.timeout(20_000) });
      if (answer.status === 410) return forget();
      if (answer.status === 200) await take(await answer.json(), Date.now());
      online(answer.ok);
      if (answer.ok) send();
    } catch { online(false); }
  }
  async function take(signed, received) {
    const copy = await DoorCopy.verify(signed, page.dataset.key);
    if (!copy || copy.edition !== page.dataset.edition) return show({ outcome: "bad_copy" });
    const shift = signed.now - received;
    await state.store.drop("kept", "counts");  // those of the copy are newer
    await state.store.put("kept", "copy", { payload: signed.payload, signature: signed.signature, shift });
    use(copy, shift);
  }
  function use(copy, shift) {
    state.copy = copy;
    state.shift = shift;
    (copy.conflicts || []).forEach((row) => hear({ ...row, id: `scan ${row.token}` }));
    choose();
    counts();
    status();
  }
  async function remembered() {
    const kept = await state.store.get("kept", "copy");
    const copy = kept && await DoorCopy.verify(kept, page.dataset.key);
    if (kept && !copy) { await state.store.drop("kept", "copy"); show({ outcome: "bad_copy" }); }
    if (copy) use(copy, kept.shift);
    stand((await state.store.get("kept", "counts")) || {});
  }
  async function forget() {
    state.copy = null;
    await state.store.clear("kept");
    await state.store.clear("seen");
    part("revoked").hidden = false;
    part("work").hidden = true;
  }

  // --- What stands on the page ---

  function choose() {
    const select = part("event");
    const near = [...state.copy.events].sort((a, b) => Math.abs(a.starts - now()) - Math.abs(b.starts - now()));
    const wanted = state.copy.byCode.has(state.event) ? state.event : (near[0] || {}).code || "";
    select.replaceChildren(...state.copy.events.map((event) => new Option(`${event.clock} ${event.name} · ${event.hall}`, event.code)));
    select.value = state.event = wanted;
    part("nothing").hidden = state.copy.events.length > 0;
    part("work").hidden = state.copy.events.length === 0;
  }
  function counts() {
    const event = state.copy && state.copy.byCode.get(state.event);
    if (!event) return;
    const unsent = state.queue.filter((one) => one.event === event.code && (one.told === "admitted" || one.kind === "hand"));
    const of = (kind) => unsent.filter((one) => !kind || one.allotment === kind).length;
    part("inside").textContent = event.counts.inside + of("");
    part("left").textContent = event.counts.left === null ? "–" : Math.max(0, event.counts.left - unsent.filter((one) => one.isWalkIn).length);
    part("minutes").textContent = event.counts.queue === null ? "–" : event.counts.queue;
    part("kinds").replaceChildren(...Object.entries(event.counts.by).map(([kind, [inside, places]]) => {
      const row = document.createElement("li");
      row.textContent = `${state.copy.allotments[kind]}: ${inside + of(kind)}${places ? ` / ${places}` : ""}`;
      return row;
    }));
  }
  function status() {
    part("online").textContent = state.isOnline ? words.online : words.offline;
    part("online").className = `badge ${state.isOnline ? "ok" : "warn"}`;
    part("waiting").textContent = state.queue.length ? words.waiting.replace("%n", state.queue.length) : "";
    part("copied").textContent = state.copy ? words.copied.replace("%time", clock(state.copy.made)) : words.noCopy;
  }
  function online(is) { state.isOnline = is; status(); }
  function conflicts() {
    part("conflicts").hidden = !state.told.length;
    part("conflict-list").replaceChildren(...state.told.map((row) => {
      const item = document.createElement("li");
      const first = row.first ? ` · ${words.firstAt.replace("%time", clock(row.first.at)).replace("%door", row.first.door)}` : "";
      item.textContent = `${clock(row.at)}: ${word(row.told)} → ${word(row.outcome)}${first}`;
      return item;
    }));
  }

  async function camera() {
    if (state.stop) { state.stop(); state.stop = null; }
    else {
      try { state.stop = await DoorCamera.start(part("video"), page.dataset.decoder, scan); part("no-camera").hidden = true; }
      catch { part("no-camera").hidden = false; }
    }
    part("video").hidden = !state.stop;
    part("camera").setAttribute("aria-pressed", String(Boolean(state.stop)));
  }

  function listen() {
    part("type").addEventListener("submit", (event) => {
      event.preventDefault();
      const field = event.target.elements.code;
      scan(field.value);
      field.value = "";
      field.focus();
    });
    // A scanner that types: its letters go to the field wherever the focus is.
    document.addEventListener("keydown", (event) => {
      if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, button, summary")) return;
      part("type").elements.code.focus();
    });
    part("event").addEventListener("change", (event) => { state.event = event.target.value; state.store.put("kept", "event", state.event); counts(); });
    part("camera").addEventListener("click", camera);
    part("hand").addEventListener("click", byHand);
    part("back").addEventListener("click", back);
    part("queue").addEventListener("submit", queueTime);
    part("conflicts-read").addEventListener("click", read);
    window.addEventListener("online", () => { refresh(); });
    window.addEventListener("offline", () => online(false));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
    setInterval(send, SEND_EVERY);
    setInterval(() => { if (!document.hidden) refresh(); }, COPY_EVERY);
  }

  async function begin() {
    state.store = await DoorStore.open(`madang door ${page.dataset.edition}`);
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    state.queue = await state.store.all("queue");
    state.told = await state.store.all("told");
    state.read = new Set(await state.store.get("kept", "read"));
    state.event = (await state.store.get("kept", "event")) || "";
    const [keys, rows] = [await state.store.keys("seen"), await state.store.all("seen")];
    keys.forEach((key, number) => state.seen.set(key, rows[number]));
    await remembered();
    listen();
    conflicts();
    await refresh();
    page.dataset.ready = "yes";
    if ("serviceWorker" in navigator) {
      await navigator.serviceWorker.register(page.dataset.worker, { scope: page.dataset.scope });
      await navigator.serviceWorker.ready;
      page.dataset.kept = "yes";
    }
  }
  begin();
})();
