import { z } from "zod";

import { renderInstant } from "../../schemas/index.ts";
import { machineShape, proofShape } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { askChange, idOf } from "./people-asking.ts";
import { peopleOf, readShape } from "./people-body.ts";

/** A new proof for a machine. */
export const newProofShape = z.strictObject({ proof: proofShape });
/** Every machine, with what proves it. */
export function getMachines(desk: Desk): Response {
  const items = peopleOf(desk).machines().map(({ madeAt, purpose, proofs, ...machine }) => ({
    ...machine,
    purpose: purpose ?? null,
    madeAt: renderInstant(madeAt),
    proofs: proofs.map(({ id, kind, madeAt: since, endsAt }) => ({
      id,
      kind,
      madeAt: renderInstant(since),
      endsAt: endsAt === undefined ? null : renderInstant(endsAt),
    })),
  }));
  return renderAnswer({ items });
} // prettier-ignore

/** Lets a machine in. */
export async function postMachine(desk: Desk, call: Call): Promise<Response> {
  return await askChange(desk, call, { kind: "MACHINE", machine: await readShape(machineShape, call.request) });
} // prettier-ignore

/** Gives a machine a new proof; the one before goes on for a week. */
export async function postMachineProof(desk: Desk, call: Call): Promise<Response> {
  const { proof } = await readShape(newProofShape, call.request);
  return await askChange(desk, call, { kind: "PROOF", id: idOf(call), proof });
}

/** Lets a machine in no more. */
export async function deleteMachine(desk: Desk, call: Call): Promise<Response> {
  return await askChange(desk, call, { kind: "MACHINE_END", id: idOf(call) });
}
