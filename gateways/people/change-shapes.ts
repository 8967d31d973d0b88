import { z } from "zod";

import { handlings } from "./caller.ts";
import { roles } from "./roles.ts";

/** Machines do no one-person's acts and administer nobody. */
const machineRoles = ["integrator", "analyst", "officer"] as const;

const id = z.string().regex(/^[0-9a-f-]{36}$/);
const name = z.string().trim().min(1).max(100);
const language = z.string().regex(/^[a-z]{2,3}$/);
const purpose = z.string().regex(/^[A-Z][A-Z_]{1,40}$/);
const rights = {
  roles: z.array(z.enum(roles)).max(roles.length),
  handlingUpTo: z.enum(handlings),
  purpose: purpose.optional(),
};

/** What proves a machine: a secret we make, a public key, or a client certificate by its SHA-256. */
export const proofShape = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("SECRET") }),
  z.strictObject({ kind: z.literal("KEY"), publicKey: z.string().min(1).max(1_000) }),
  z.strictObject({ kind: z.literal("CERTIFICATE"), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
]);

/** A person to be invited. */
export const personShape = z.strictObject({
  name,
  languages: z.array(language).max(12).default([]),
  ...rights,
  roles: rights.roles.min(1),
  handlingUpTo: rights.handlingUpTo.default("H1"),
});

/** What a person may do from now on. */
export const rightsShape = z.strictObject({ ...rights, roles: rights.roles.min(1) });

/** A machine to be let in. */
export const machineShape = z.strictObject({
  name,
  roles: z.array(z.enum(machineRoles)).min(1).max(machineRoles.length),
  handlingUpTo: z.enum(handlings).default("H1"),
  purpose: purpose.optional(),
  addresses: z.array(z.string().min(2).max(50)).max(20).default([]),
  proof: proofShape.default({ kind: "SECRET" }),
});

/** Whether a person works here; `left` is for good. */
export const stateShape = z.strictObject({ state: z.enum(["active", "suspended", "left"]) });

/** Everything an administrator changes, as it is kept while it waits for a second word. */
export const changeShape = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("INVITE"), person: personShape }),
  z.strictObject({ kind: z.literal("CODE"), id }),
  z.strictObject({ kind: z.literal("RIGHTS"), id, rights: rightsShape }),
  z.strictObject({ kind: z.literal("STATE"), id, state: stateShape.shape.state }),
  z.strictObject({ kind: z.literal("PASSKEY"), id, passkey: z.string().max(1_400) }),
  z.strictObject({ kind: z.literal("MACHINE"), machine: machineShape }),
  z.strictObject({ kind: z.literal("PROOF"), id, proof: proofShape }),
  z.strictObject({ kind: z.literal("MACHINE_END"), id }),
]);

/** One of them. */
export type Change = z.infer<typeof changeShape>;
