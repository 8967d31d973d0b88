import { type Clock, Fault } from "../../schemas/ground/index.ts";
import { parseVerifierKey } from "../../certs/log/index.ts";
import { makeWitness } from "../../certs/witness/index.ts";
import { keepEvidence } from "./evidence.ts";
import { loadWitnessConfig, openCosigners } from "./folder.ts";
import { listen, type Listening } from "./listen.ts";
import { openSeenStore } from "./seen-store.ts";

/** By what time a witness goes, where it listens, and who is told what happened. */
export interface ListeningGround {
  readonly clock: Clock;
  /** Where its folder says when left out. */
  readonly at?: { readonly host: string; readonly port: number };
  readonly say: (text: string) => void;
}

/**
 * Runs a witness that dials nobody inside the process that calls it: logs whose keys its folder names call it.
 *
 * @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE, INTEGRITY_STORE
 */
export async function startListeningWitness(dir: string, { clock, at, say }: ListeningGround): Promise<Listening> {
  const config = loadWitnessConfig(dir);
  const place = at ?? config.listen;
  if (place === undefined) throw new Fault("CONFIG_INVALID", `${dir}: this witness does not listen`);
  const keys = config.logs.map(parseVerifierKey);
  const witness = makeWitness({
    store: openSeenStore(dir),
    cosigners: openCosigners(dir, config.name),
    clock,
    keysOf: (origin) => keys.filter(({ name }) => name === origin),
    onLie: ({ origin, note: after }, before) => {
      const says = "it signed two trees of one size";
      const file = keepEvidence(dir, { origin, before, after, says, at: clock.now() });
      say(`ALARM: ${origin} is not cosigned: ${says}. Both of its notes are in ${file}.`);
    },
  });
  const onFault = ({ code }: Fault): void => say(`the witness could not cosign: ${code}`);
  return await listen(witness, { ...place, onFault });
} // prettier-ignore
