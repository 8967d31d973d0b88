import { loadSigningKey, makeSigner, type Signer } from "../../certs/keys/index.ts";
import { parsePem } from "../../certs/shape/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import {
  compose,
  makeSlip,
  parseSubmission,
  renderPublication,
} from "../../gateways/release/index.ts";
import { outSubject } from "../../schemas/index.ts";
import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import {
  type Bytes,
  renderHex,
  sha256,
  systemChance,
  systemClock,
} from "../../schemas/ground/index.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { believesAll } from "../kit/believes-all.ts";
import { fixtureAudienceKey } from "../kit/fixture-audience.ts";
import { keptFromNobody } from "../kit/kept-from-nobody.ts";

/** One message as it goes onto the wire. */
export interface Prepared {
  readonly id: string;
  readonly subject: string;
  readonly bytes: Bytes;
}

/** The signing key of a gateway's folder. */
export function signerOf(folder: string, agency: string): Signer {
  const at = (name: string): string => join(folder, "keys", name);
  const [certificate] = parsePem("CERTIFICATE", readFileSync(at("signing.pem"), "utf8"));
  if (certificate === undefined) throw new Error(`${agency} has no signing certificate`);
  return makeSigner({
    signer: agency,
    key: loadSigningKey(at("signing.key")),
    thumbprint: sha256(certificate),
  });
}

function submission(): unknown {
  const { body, inner, crimes } = exampleOf("alert.incident");
  const by = Date.now() - exampleInstant;
  return {
    type: "alert.incident",
    recs: ["ecowas"],
    crimes,
    handling: "H1",
    inner: shiftInstants(inner, by),
    body: shiftInstants(body, by),
  };
}

/** So many alerts, each sealed and signed by the gateway's own hands, in one unbroken series. */
export async function prepareMail(
  register: RegisterView,
  signer: Signer,
  count: number,
): Promise<readonly Prepared[]> {
  const made: Prepared[] = [];
  const series = Date.now();
  const end: { series: number; sequence: number; digest?: Bytes; voided: readonly never[] } = {
    series,
    sequence: 0,
    voided: [],
  };
  while (made.length < count) {
    const place = {
      register,
      agency: signer.signer,
      now: systemClock.now(),
      chance: systemChance,
      believes: believesAll,
      keptByReference: keptFromNobody,
      audienceKey: fixtureAudienceKey,
    };
    const composed = await compose(parseSubmission(submission(), place), signer, place);
    const [channel = ""] = composed.channels;
    const slip = makeSlip(composed, { channel, end: { ...end } }, signer);
    const bytes = renderPublication(slip, composed.message);
    made.push({ id: renderHex(composed.envelope.id), subject: outSubject(channel), bytes });
    end.sequence = slip.sequence;
    end.digest = slip.digest;
  }
  return made;
}
