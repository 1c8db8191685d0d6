// The signed copy: verified each time it is read; what a code opens is decided as the server does (madang/door/queries/looking.py).
const DoorCopy = (() => {
  "use strict";
  const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const curve = { name: "ECDSA", namedCurve: "P-256" };

  // The copy's content, or null where the signature is not the organiser's.
  async function verify(signed, publicKey) {
    const key = await crypto.subtle.importKey("spki", bytes(publicKey), curve, false, ["verify"]);
    const text = new TextEncoder().encode(signed.payload);
    const holds = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytes(signed.signature), text);
    return holds ? index(JSON.parse(signed.payload)) : null;
  }

  function index(copy) {
    copy.byCode = new Map(copy.events.map((event) => [event.code, event]));
    copy.badgeOf = new Map(copy.badges.map(([hash, allotment, reason]) => [hash, { hash, allotment, reason }]));
    copy.ticketOf = new Map();
    copy.events.forEach((event) => {
      event.of = new Map();
      event.tickets.forEach(([hash, allotment, seat, state, at, badge]) => {
        const ticket = { hash, allotment, seat, state, at, event };
        copy.ticketOf.set(hash, ticket);
        if (badge) event.of.set(badge, [...(event.of.get(badge) || []), ticket]);
      });
      event.in = new Set(event.badges_in);
    });
    return copy;
  }

  async function digest(key) {
    const hashed = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)));
    return [...hashed.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // Of a booking's short code, as somebody typed it; salted with the event, in as many rounds as madang/door/codes.py says.
  async function shortDigest(edition, event, text) {
    const [code, salt] = [text.trim().toUpperCase().slice(0, 40), `${edition}/${event}`].map((one) => new TextEncoder().encode(one));
    const key = await crypto.subtle.importKey("raw", code, "PBKDF2", false, ["deriveBits"]);
    const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: 1000 }, key, 128);
    return [...new Uint8Array(bits)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // As madang/door/codes.py: the text itself, and each part of an address' path, the last one first.
  function keysIn(text) {
    const plain = text.trim().slice(0, 500);
    const path = plain.replace(/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/]*/, "").split(/[?#]/)[0];
    return plain ? [...new Set([plain, ...path.split("/").filter(Boolean).reverse()])] : [];
  }

  // What a text opens at an event. `seen`: "event hash" -> what this phone let in. `used`: free places it gave away unsent.
  async function decide(copy, event, text, now, seen, used) {
    const hashes = await Promise.all(keysIn(text).map(digest));
    const before = (hash) => seen.get(`${event.code} ${hash}`);
    for (const hash of hashes) {
      const ticket = copy.ticketOf.get(hash);
      if (ticket) return ofTicket(event, ticket, now, before);
    }
    for (const hash of hashes) {
      const badge = copy.badgeOf.get(hash);
      if (badge) return ofBadge(event, badge, now, before, used);
    }
    const own = ((event.codes || {})[await shortDigest(copy.edition, event.code, text)] || []).map((hash) => copy.ticketOf.get(hash));
    if (!own.length) return { outcome: "unknown", uses: [] };
    return ofTicket(event, own.find((one) => one.state === "valid" && !one.at && !before(one.hash)) || own[0], now, before);
  }

  function ofTicket(event, ticket, now, before) {
    const facts = { allotment: ticket.allotment, seat: ticket.seat, uses: [ticket.hash] };
    if (ticket.event !== event) return { ...facts, outcome: "other_event", reason: ticket.event.name };
    if (ticket.state !== "valid") return { ...facts, outcome: "void", reason: ticket.state };
    const first = before(ticket.hash);
    if (first || ticket.at) return { ...facts, outcome: "twice", first: first || { at: ticket.at } };
    return admitted(event, facts, now);
  }

  function ofBadge(event, badge, now, before, used) {
    const facts = { allotment: badge.allotment, seat: "", uses: [badge.hash] };
    if (badge.reason) return { ...facts, outcome: "void", reason: badge.reason };
    const first = before(badge.hash);
    if (first || event.in.has(badge.hash)) return { ...facts, outcome: "twice", first: first || null };
    const own = (event.of.get(badge.hash) || []).find((one) => one.state === "valid" && !one.at && !before(one.hash));
    if (own) return admitted(event, { allotment: own.allotment, seat: own.seat, uses: [badge.hash, own.hash] }, now);
    const found = admitted(event, { ...facts, isWalkIn: true }, now);
    return found.outcome === "admitted" && left(event, badge.allotment, now, used) <= 0 ? { ...facts, outcome: "no_place" } : found;
  }

  function admitted(event, facts, now) {
    if (now > event.last) return { ...facts, outcome: "late" };
    return { ...facts, outcome: "admitted", is_late: now > event.starts };
  }

  // Empty places for that allotment, from the release on for everybody; without known places as many as the hall holds.
  function left(event, allotment, now, used) {
    const { by, left: all } = event.counts;
    const taken = (kind) => used.filter((one) => one.event === event.code && (!kind || one.allotment === kind)).length;
    const hasPlaces = Object.values(by).some(([, places]) => places > 0);
    if (!hasPlaces) return all === null ? Infinity : all - taken("");
    return now >= event.release ? all - taken("") : (by[allotment] ? by[allotment][2] : 0) - taken(allotment);
  }

  return { verify, decide, digest, keysIn };
})();
