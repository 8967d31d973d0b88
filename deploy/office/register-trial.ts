import {
  type ChangeWords,
  describeChange,
  readOfficeFile,
  readRegisterContent,
} from "../../certs/authority/index.ts";
import { parseRegister, type ProvenRegister } from "../../certs/trust/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import { chooseLanguage, type Common, type RegisterWorld } from "./register-world.ts";
import { writeTrial } from "./trial.ts";
import { renderDay } from "./words.ts";

/** A register that would be published, beside the one that readers have. */
interface Published {
  /** Where readers have theirs from. */
  readonly file: string;
  /** What they have; nothing before the first. */
  readonly held: ProvenRegister | undefined;
  /** What they would have. */
  readonly bundle: Bytes;
  readonly view: ProvenRegister;
}

/** Told of both registers as readers have them, so that nobody need know what was signed since, or by whom. */
function describe(world: RegisterWorld, options: Common, { file, held, bundle }: Published): ChangeWords {
  const none = { region: undefined, states: new Map() };
  const before = held === undefined ? none : readRegisterContent(parseRegister(readOfficeFile(file)));
  const after = readRegisterContent(parseRegister(bundle));
  return describeChange({ before, after }, world.clock.now(), chooseLanguage(options));
} // prettier-ignore

function nameEpoch({ say }: RegisterWorld, { held, view, file }: Published): string {
  const { epoch, agencies, expiresAt } = view;
  const facts = { epoch, file, until: renderDay(expiresAt), count: agencies.length };
  if (held?.epoch === epoch) return say("dry.epoch.same", facts);
  if (held === undefined) return say("dry.epoch.first", facts);
  return say("dry.epoch.next", { ...facts, before: held.epoch });
}

/** Says what readers would have that they have not, and who would gain or lose what by it. */
export function tellPublished(world: RegisterWorld, options: Common, published: Published): void {
  const { held, view } = published;
  const { lines, touched } = describe(world, options, published);
  const leftOut = view.trusted.flaws.map(({ authority }) => authority);
  const { epoch, expiresAt } = view;
  const words = [
    nameEpoch(world, published),
    ...leftOut.map((one) => world.say("dry.epoch.out", { authority: one })),
    ...lines.map((line) => `  ${line}`),
  ];
  const result = { epoch, before: held?.epoch ?? null, expiresAt, leftOut, lines, touched };
  writeTrial(world, { json: options.json, result, words });
}
