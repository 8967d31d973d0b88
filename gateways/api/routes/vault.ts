import { z } from "zod";

import { Fault, tryShape } from "../../../schemas/ground/index.ts";
import { roles } from "../../people/index.ts";
import { parseTyped, typedShape } from "../../vault/index.ts";
import { type Call, type Desk, renderAnswer } from "../call.ts";
import { readJsonBody } from "../read-body.ts";
import type { Route } from "../route.ts";
import type { VaultDesk } from "../services.ts";
import { renderStoreState } from "../store-state.ts";
import { checkBearer } from "../token.ts";

const wipeShape = z.strictObject({ agency: z.string() });

const stands = {
  200: {
    says: "how the store stands",
    shape: z.strictObject({ store: z.looseObject({ state: z.string() }) }),
  },
} as const;

function vaultOf({ services }: Desk): VaultDesk {
  if (services?.vault !== undefined) return services.vault;
  throw new Fault("NOT_FOUND", "this gateway has no lock before its store");
}

/**
 * Opens the store. A passphrase or a recovery code is proof enough of itself, for while the store is locked nobody's
 * session can be looked up. A PIN is taken from the token's owner alone: strangers' tries would lock the card; and so is
 * nothing at all, where the gateway has its own way. Wrong tries wait, ever longer, for all.
 */
async function postUnlock(desk: Desk, { request }: Call): Promise<Response> {
  const vault = vaultOf(desk);
  const proof = parseTyped(await readJsonBody(request), vault.token);
  if (proof?.kind !== "passphrase" && proof?.kind !== "recovery")
    checkBearer(request.headers.get("authorization"), desk.tokenDigest);
  await vault.unlock(proof);
  desk.log.info("store opened by request", { type: proof?.kind ?? "own" });
  return renderAnswer({ store: renderStoreState(vault) });
}

/** Locks the store at once; a locked one stays so. */
async function postLock(desk: Desk, { caller }: Call): Promise<Response> {
  const vault = vaultOf(desk);
  await vault.lock(caller.id);
  return renderAnswer({ store: renderStoreState(vault) });
}

/** Wipes the store once the agency's name was typed; there is no way back. */
async function postWipe(desk: Desk, { request, caller }: Call): Promise<Response> {
  const vault = vaultOf(desk);
  const read = tryShape(wipeShape, await readJsonBody(request));
  if (!read.success)
    throw new Fault(
      "REQUEST_INVALID",
      'send {"agency": …}: the name of the agency whose store is to be wiped',
    );
  await vault.wipe(read.data.agency, caller.id);
  return renderAnswer({ store: renderStoreState(vault) });
}

/** The lock before the store. */
export const vaultRoutes: readonly Route[] = [
  { method: "POST", path: "/v1/unlock", summary: "open the store: passphrase, PIN or recovery code", open: true, whileLocked: true, for: [], body: { shape: typedShape }, answers: stands, handle: postUnlock },
  { method: "POST", path: "/v1/lock", summary: "lock the store", whileLocked: true, for: roles, answers: stands, handle: postLock },
  { method: "POST", path: "/v1/store:wipe", summary: "wipe the store; there is no way back", whileLocked: true, for: ["administrator"], stepUp: true, body: { shape: wipeShape }, answers: stands, handle: postWipe },
]; // prettier-ignore
