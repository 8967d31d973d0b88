import { keepTaken, readPlace } from "./exchange/index.ts";
import type { Store } from "./store/index.ts";

/** Keeps which places of the hub's streams were given to us. */
export interface TakenNotes {
  /** The store; each write of it keeps what was noted before. */
  readonly store: Store;
  /** Notes where something stood, by the subjects its acknowledgements go to; before it is stored. */
  note(batch: readonly { readonly reply: string }[]): void;
}

/** Builds the notes over a store. They cost no write of their own, and stay noted until a write kept them. */
export function makeTakenNotes(store: Store): TakenNotes {
  const noted = new Map<string, number>();
  const write: Store["write"] = async (act) => {
    if (noted.size === 0) return await store.write(act);
    const kept = new Map(noted);
    const result = await store.write(() => {
      keepTaken(store, kept);
      return act();
    });
    for (const [stream, sequence] of kept) {
      if (noted.get(stream) === sequence) noted.delete(stream);
    }
    return result;
  };
  return {
    store: { ...store, write },
    note: (batch) => {
      for (const { reply } of batch) {
        const place = readPlace(reply);
        if (place === undefined || place.sequence <= (noted.get(place.stream) ?? 0)) continue;
        noted.set(place.stream, place.sequence);
      }
    },
  };
}
