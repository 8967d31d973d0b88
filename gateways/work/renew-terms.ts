import { renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";
import type { TermSource } from "../../schemas/work/index.ts";
import type { Store } from "../store/index.ts";

const setting = "work.terms";

/** A register as far as it says how long things may take, and whose working time it knows. */
export interface TermRegister extends TermSource {
  readonly agencies: readonly { readonly authority: string }[];
}

function digestOf(register: TermRegister): string {
  const authorities = [...new Set(register.agencies.map(({ authority }) => authority))].toSorted();
  const states = authorities.map((authority) => [authority, register.clocks(authority) ?? null]);
  return renderHex(sha256(utf8(JSON.stringify([register.deadlines, states]))));
}

/** Has all that is awaited reckoned anew when a register says otherwise how long things may take, or who works when. */
export async function renewTerms(store: Store, register: TermRegister): Promise<void> {
  const digest = digestOf(register);
  if (store.settings.get(setting) === digest) return;
  await store.write(() => {
    store.threads.touchAwaited();
    store.settings.set(setting, digest);
  });
}
