import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { z } from "zod";

import { Fault, renderHex, sha256, toFault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderMinute } from "./render-minute.ts";
import { type Say, sayOf } from "./words.ts";

const personShape = z.looseObject({
  id: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  handlingUpTo: z.string(),
  state: z.string(),
  passkeys: z.array(z.looseObject({ isSuspect: z.boolean() })),
});
const peopleShape = z.object({ items: z.array(personShape) });
const machineShape = z.looseObject({
  id: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  handlingUpTo: z.string(),
  proofs: z.array(z.looseObject({ kind: z.string(), endsAt: z.string().nullable() })),
});
const machinesShape = z.object({ items: z.array(machineShape) });
const changesShape = z.object({
  items: z.array(
    z.looseObject({
      id: z.string(),
      by: z.string(),
      endsAt: z.string(),
      change: z.looseObject({ kind: z.string() }),
    }),
  ),
});
const outcomeShape = z.union([
  z.looseObject({ tried: z.literal(true), done: z.boolean() }),
  z.looseObject({
    done: z.literal(true),
    id: z.string(),
    code: z.string().optional(),
    endsAt: z.string().optional(),
    proof: z.looseObject({ kind: z.string(), secret: z.string().optional() }).optional(),
  }),
  z.looseObject({ done: z.literal(false), change: z.string(), endsAt: z.string() }),
]);

type Outcome = z.infer<typeof outcomeShape>;

function renderOutcome(say: Say, outcome: Outcome): string {
  if ("tried" in outcome) {
    return `${say("dry.nothing")} ${say(outcome.done ? "dry.atOnce" : "dry.wait")}`;
  }
  if (!outcome.done) {
    return `Waits until ${renderMinute(outcome.endsAt)} for another administrator: people agree ${outcome.change}`;
  }
  const { id, code, endsAt = "", proof } = outcome;
  if (code !== undefined) return `${id}\nOne-time code, shown this once, until ${renderMinute(endsAt)}:\n${code}`;
  if (proof?.secret !== undefined) return `${id}\nSecret, shown this once:\n${proof.secret}`;
  return `${id}\nDone.`;
} // prettier-ignore

/** One change an administrator asks for. */
export interface PeopleQuestion {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  /** Only what would come of it; nothing is changed. */
  readonly dryRun?: true | undefined;
}

/** Asks for a change; prints what came of it. A code or a secret is printed here and nowhere else. */
export async function runPeopleChange(desk: Desk, asked: PeopleQuestion): Promise<number> {
  const { method, body } = asked;
  const path = asked.dryRun === true ? `${asked.path}?dryRun=true` : asked.path;
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const outcome = await desk.client().askFor(outcomeShape, { method, path, headers, ...sent });
  desk.result(outcome, renderOutcome(sayOf(desk), outcome));
  return outcome.done ? exitCodes.ok : exitCodes.needsApproval;
}

function renderPerson({ id, name, roles, handlingUpTo, state, passkeys }: z.infer<typeof personShape>): string {
  const suspect = passkeys.some(({ isSuspect }) => isSuspect) ? ", one may have been copied" : "";
  const count = passkeys.length === 1 ? "1 passkey" : `${passkeys.length} passkeys`;
  return `${id}  ${state.padEnd(9)}  ${handlingUpTo}  ${name}\n  ${roles.join(", ")}; ${count}${suspect}`;
} // prettier-ignore

/** Lists everybody who was invited. */
export async function runPeopleList(desk: Desk): Promise<number> {
  const people = await desk.client().askFor(peopleShape, { path: "/v1/people" });
  const text = people.items.map(renderPerson).join("\n");
  desk.result(people, text === "" ? sayOf(desk)("none.people") : text);
  return exitCodes.ok;
}

/** Lists the machines and what proves them. */
export async function runMachineList(desk: Desk): Promise<number> {
  const machines = await desk.client().askFor(machinesShape, { path: "/v1/machines" });
  const lines = machines.items.map(({ id, name, roles, handlingUpTo, proofs }) => {
    const shown = proofs.map(({ kind, endsAt }) =>
      endsAt === null ? kind : `${kind} until ${renderMinute(endsAt)}`,
    );
    return `${id}  ${handlingUpTo}  ${name}\n  ${roles.join(", ")}; ${shown.join(", ")}`;
  });
  desk.result(machines, lines.length === 0 ? sayOf(desk)("none.machines") : lines.join("\n"));
  return exitCodes.ok;
}

/** Lists changes that wait for a second word. */
export async function runChangeList(desk: Desk): Promise<number> {
  const changes = await desk.client().askFor(changesShape, { path: "/v1/people-changes" });
  const lines = changes.items.map(
    ({ id, by, endsAt, change }) =>
      `${id}  ${change.kind} by ${by}, until ${renderMinute(endsAt)}\n  ${JSON.stringify(change)}`,
  );
  desk.result(changes, lines.length === 0 ? sayOf(desk)("none.waiting") : lines.join("\n"));
  return exitCodes.ok;
}

/** By what a machine is to prove itself; by a secret that the gateway makes when nothing is named. */
export interface ProofFiles {
  readonly key?: string;
  readonly certificate?: string;
}

function readFile(desk: Desk, path: string): string {
  try {
    return readFileSync(resolve(desk.world.cwd, path), "utf8");
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${path} cannot be read`);
  }
}

/** Reads a proof from the files named. @throws {Fault} USAGE_INVALID */
export function readProof(desk: Desk, { key, certificate }: ProofFiles): object {
  if (key !== undefined && certificate !== undefined) {
    throw new Fault("USAGE_INVALID", "name a key or a certificate, not both");
  }
  if (key !== undefined) return { kind: "KEY", publicKey: readFile(desk, key) };
  if (certificate === undefined) return { kind: "SECRET" };
  const text = readFile(desk, certificate);
  try {
    return { kind: "CERTIFICATE", sha256: renderHex(sha256(new X509Certificate(text).raw)) };
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${certificate} is no certificate in PEM`);
  }
}
