import { isFault } from "../../schemas/ground/index.ts";
import { sightOf } from "../people/index.ts";
import type { Call, Desk } from "./call.ts";

type Asking = Pick<Call, "request" | "peer" | "caller">;

/**
 * Asks whether who listens may go on listening: still signed in, and with the same sight as when he began. It is asked as it
 * was asked of the request that began it, and keeps nobody signed in.
 */
export function makeSightCheck({ callers }: Pick<Desk, "callers">, { request, peer, caller }: Asking): () => Promise<boolean> {
  const began = JSON.stringify(sightOf(caller));
  return async () => {
    // the owner's token is good as long as the process lives
    if (caller.kind === "owner") return true;
    try {
      const found = await callers?.who(request, peer);
      return found?.id === caller.id && JSON.stringify(sightOf(found)) === began;
    } catch (error) {
      if (isFault(error)) return false;
      throw error;
    }
  };
} // prettier-ignore
