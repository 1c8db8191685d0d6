// What a door's phone keeps: the signed copy, what it still has to send, what it decided by itself. IndexedDB, behind promises.
const DoorStore = (() => {
  "use strict";
  const STORES = ["kept", "queue", "seen", "told"];

  function open(name) {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () => STORES.forEach((store) => asked.result.createObjectStore(store));
      asked.onsuccess = () => resolve(wrap(asked.result));
      asked.onerror = () => reject(asked.error);
    });
  }

  function wrap(db) {
    function act(store, mode, work) {
      return new Promise((resolve, reject) => {
        const transaction = db.transaction(store, mode);
        const asked = work(transaction.objectStore(store));
        transaction.oncomplete = () => resolve(asked && asked.result);
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      });
    }
    return {
      get: (store, key) => act(store, "readonly", (rows) => rows.get(key)),
      all: (store) => act(store, "readonly", (rows) => rows.getAll()),
      keys: (store) => act(store, "readonly", (rows) => rows.getAllKeys()),
      put: (store, key, value) => act(store, "readwrite", (rows) => rows.put(value, key)),
      drop: (store, key) => act(store, "readwrite", (rows) => rows.delete(key)),
      clear: (store) => act(store, "readwrite", (rows) => rows.clear()),
    };
  }

  return { open };
})();
