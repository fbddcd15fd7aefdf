/** What pairing has left: a key for each phone, which scripts can use but not read. */

/** A phone that has let this page join. */
export interface Pairing {
  /** The page's name when it was paired. */
  name: string;
  hubId: string;
  key: CryptoKey;
}

/** Where pairings are kept. */
export interface Pairings {
  /** The pairings under this name. */
  all(name: string): Promise<Pairing[]>;
  keep(pairing: Pairing): Promise<void>;
  remove(name: string, hubId: string): Promise<void>;
}

const STORE = 'pairings';

/** Pairings in the browser's database, which belongs to the page's origin alone. */
export class IndexedPairings implements Pairings {
  async all(name: string): Promise<Pairing[]> {
    const pairings: Pairing[] = await this.#do('readonly', (store) => store.getAll());
    return pairings.filter((pairing) => pairing.name === name);
  }

  async keep(pairing: Pairing): Promise<void> {
    await this.#do('readwrite', (store) => store.put(pairing));
  }

  async remove(name: string, hubId: string): Promise<void> {
    await this.#do('readwrite', (store) => store.delete([name, hubId]));
  }

  async #do<T>(mode: IDBTransactionMode, order: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const opening = indexedDB.open('offhook', 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(STORE, { keyPath: ['name', 'hubId'] });
    };
    const database = await outcome(opening);
    try {
      return await outcome(order(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  }
}

function outcome<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
