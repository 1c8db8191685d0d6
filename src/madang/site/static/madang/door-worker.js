// Keeps the scanning page and its files, so that it opens without network. `DOOR` (page, shell, cache, family) is written above by the site.
self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(DOOR.cache);
    await cache.addAll(DOOR.shell);
    const page = await fetch(DOOR.page, { credentials: "same-origin" });
    if (page.ok) await cache.put(DOOR.page, page);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(DOOR.family) && name !== DOOR.cache);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname === DOOR.page) event.respondWith(page(event.request));
  else if (DOOR.shell.includes(url.pathname)) event.respondWith(kept(event.request));
});

// The page as the site has it now; after four seconds without an answer as it was.
async function page(request) {
  const cache = await caches.open(DOOR.cache);
  const old = await cache.match(DOOR.page, { ignoreSearch: true, ignoreVary: true });
  try {
    const fresh = await fetch(request, old ? { signal: AbortSignal.timeout(4000) } : {});
    if (fresh.ok && !fresh.redirected) await cache.put(DOOR.page, fresh.clone());
    return fresh.status >= 500 && old ? old : fresh;
  } catch (fault) {
    if (old) return old;
    throw fault;
  }
}

async function kept(request) {
  const cache = await caches.open(DOOR.cache);
  return (await cache.match(request, { ignoreVary: true })) || fetch(request);
}
