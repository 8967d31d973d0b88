import { type EpochMs, Fault, isFault } from "../../../schemas/ground/index.ts";
import { makeKeyPair, makeSigningKey } from "../../keys/index.ts";
import { type ProvenRegister, verifyRegister } from "../../trust/index.ts";
import { firstRoot, publishRegister } from "../publish.ts";
import type { RegisterContent } from "./content.ts";

const dayMs = 86_400_000;

function checkDelegates({ region }: RegisterContent): void {
  const known = new Set(region?.region.authorities.map(({ authority }) => authority));
  const stranger = [...(region?.delegations.keys() ?? [])].find((name) => !known.has(name));
  if (stranger === undefined) return;
  throw new Fault(
    "CHANGE_INVALID",
    `delegations names ${stranger}, which is no authority of the region; add it to authorities, or take it out of delegations`,
  );
}

/**
 * Reads a register as everybody will read it, before any key is asked: published with a throw-away key and proved
 * by the readers' own code. What they would refuse is never signed.
 *
 * @returns undefined while there is no region yet
 * @throws {Fault} CHANGE_INVALID
 */
export function proveCandidate(
  content: RegisterContent,
  at: EpochMs,
): ProvenRegister | undefined {
  const { region, states } = content;
  if (region === undefined) return undefined;
  checkDelegates(content);
  const key = makeSigningKey(makeKeyPair("Ed25519"));
  const authorities = new Map([...states.keys()].map((name) => [name, key]));
  const change = { region: region.region, states: [...states.values()] };
  const keys = { registrar: key, authorities };
  const times = { issuedAt: at, expiresAt: at + dayMs };
  try {
    const register = publishRegister({ current: undefined, change, keys }, times);
    const view = verifyRegister(register, { root: firstRoot(register) });
    const [flaw] = view.trusted.flaws;
    if (flaw === undefined) return view;
    throw new Fault(flaw.code, `readers would leave out the part of ${flaw.authority}: an agency of it is not its own, or stands twice`);
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new Fault("CHANGE_INVALID", `readers would refuse it: ${error.detail}`, { cause: error });
  }
} // prettier-ignore
