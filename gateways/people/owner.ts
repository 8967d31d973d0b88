import { type Caller, handlings } from "./caller.ts";
import { roles } from "./roles.ts";

/**
 * Whoever holds the gateway's `api-token`: the person at the machine itself. May do all that needs one person alone,
 * so that the first people can be enrolled; what needs two never needs only this one.
 */
export const owner: Caller = {
  id: "owner",
  kind: "owner",
  name: "owner of the api-token",
  // who stands at the machine inspects nobody
  roles: new Set(roles.filter((role) => role !== "inspector")),
  handlingUpTo: handlings[3],
};

/** Whoever asks what everybody may know. */
export const nobody: Caller = {
  ...owner,
  id: "nobody",
  name: "",
  roles: new Set(),
  handlingUpTo: handlings[0],
};
