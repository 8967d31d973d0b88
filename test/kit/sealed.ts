import {
  compose,
  makeSlip,
  parseSubmission,
  renderPublication,
} from "../../gateways/release/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import { systemChance } from "../../schemas/ground/index.ts";
import type { RawAgency } from "./agency.ts";
import { believesAll } from "./believes-all.ts";
import { fixtureAudienceKey } from "./fixture-audience.ts";
import { keptFromNobody } from "./kept-from-nobody.ts";
import type { World } from "./world.ts";

let series = 2_000_000;

/** A submission made into a publication by the gateway's own hands, but sent by nobody yet. */
export async function composeFor(
  world: World,
  { signer }: RawAgency,
  submission: unknown,
): Promise<{ readonly bytes: Bytes; readonly channel: string }> {
  const register = world.register();
  const place = {
    register,
    agency: signer.signer,
    now: world.clock.now(),
    chance: systemChance,
    believes: believesAll,
    keptByReference: keptFromNobody,
    audienceKey: fixtureAudienceKey,
  };
  const composed = await compose(parseSubmission(submission, place), signer, place);
  const [channel = ""] = composed.channels;
  series += 1;
  const end = { series, sequence: 0, voided: [] };
  const bytes = renderPublication(makeSlip(composed, { channel, end }, signer), composed.message);
  return { bytes, channel };
}
