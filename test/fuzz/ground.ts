import {
  compose,
  makeSlip,
  parseSubmission,
  renderPublication,
} from "../../gateways/release/index.ts";
import {
  intakePrefix,
  outSubject,
  parseIntakeSubject,
  type IntakeSubject,
  storedSubject,
} from "../../schemas/index.ts";
import { type Bytes, makeSeededChance, renderUuid } from "../../schemas/ground/index.ts";
import { type ProvenRegister, verifyRegister } from "../../certs/trust/index.ts";
import { believesAll } from "../kit/believes-all.ts";
import { fixtureAudienceKey } from "../kit/fixture-audience.ts";
import { keptFromNobody } from "../kit/kept-from-nobody.ts";
import { type GatewayWorld, makeGatewayWorld } from "../kit/gateway-world.ts";
import { fuzzNow, makeSubmissions, type MadeSubmission } from "./submissions.ts";

export { fuzzNow };

/** A publication as its sender's gateway makes it, and where it is met. */
export interface MadePublication {
  readonly sender: string;
  readonly reader: string;
  readonly bytes: Bytes;
  /** As the hub meets it. */
  readonly place: IntakeSubject;
  /** Where the reader finds it. */
  readonly subject: string;
}

/** A region and what its agencies send each other; keys are always fresh. */
export interface FuzzGround {
  readonly world: GatewayWorld;
  readonly register: Bytes;
  readonly view: ProvenRegister;
  readonly publications: readonly MadePublication[];
}

const names = ["ng/tcu", "gh/tcu", "ng/fiu", "gh/fiu"];

async function makePublication(
  world: GatewayWorld,
  view: ProvenRegister,
  { submission, at }: { submission: MadeSubmission; at: number },
): Promise<MadePublication> {
  const isDirect = submission.recipients !== undefined;
  const [sender, reader] = isDirect ? ["ng/fiu", "gh/fiu"] : ["ng/tcu", "gh/tcu"];
  const { signer } = world.agency(sender ?? "");
  const chance = makeSeededChance(`fuzz publication ${at}`);
  const place = { register: view, agency: signer.signer, now: fuzzNow, chance, believes: believesAll, keptByReference: keptFromNobody, audienceKey: fixtureAudienceKey };
  const composed = await compose(parseSubmission(submission, place), signer, place);
  const [channel = ""] = composed.channels;
  const slip = makeSlip(composed, { channel, end: { series: at, sequence: 0, voided: [] } }, signer);
  const { originator, id } = composed.envelope;
  const stamped = outSubject(channel).replace(/^out\./, intakePrefix(originator));
  return {
    sender: originator,
    reader: reader ?? "",
    bytes: Buffer.from(renderPublication(slip, composed.message)),
    place: parseIntakeSubject(stamped),
    subject: storedSubject(channel, originator, renderUuid(id)),
  };
} // prettier-ignore

/** Makes the region and one publication of each submission. */
export async function makeFuzzGround(): Promise<FuzzGround> {
  const world = await makeGatewayWorld(names, { now: fuzzNow });
  const register = world.publish((parts) => ({
    ...parts,
    mandates: parts.mandates.map((one) =>
      one.scope === "ecowas" ? { ...one, types: ["*"], handlingUpTo: "H3" } : one,
    ),
  }));
  const view = verifyRegister(register, world.anchors);
  const publications: MadePublication[] = [];
  for (const [at, submission] of makeSubmissions().entries()) {
    publications.push(await makePublication(world, view, { submission, at: at + 1 }));
  }
  return { world, register, view, publications };
}
