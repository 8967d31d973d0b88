import {
  deriveContentKey,
  openBody,
  openFeedBody,
  readKeyName,
} from "../../../gateways/crypto/index.ts";
import { decodeEnvelope, decodeMessage, decodePublication } from "../../../schemas/index.ts";
import type { Bytes } from "../../../schemas/ground/index.ts";
import { fixtureAudienceKey } from "../../kit/fixture-audience.ts";
import type { FuzzGround } from "../ground.ts";
import { keysOf } from "../insider.ts";
import { hold } from "../promises.ts";
import { type Target, textOf } from "../target.ts";

interface SealedSeed {
  readonly sealed: Bytes;
  readonly originator: string;
  readonly id: Bytes;
  readonly type?: string | undefined;
}

function sealedFor(reader: string, { publications }: FuzzGround): readonly SealedSeed[] {
  const own = publications.filter((made) => made.reader === reader);
  return own.flatMap(({ bytes }) => {
    const { envelope, sealed } = decodeMessage(decodePublication(bytes).message);
    const { originator, id, type } = decodeEnvelope(envelope);
    return sealed === undefined ? [] : [{ sealed: Buffer.from(sealed), originator, id, type }];
  });
}

type Open = (seed: SealedSeed, sealed: Bytes) => Promise<Bytes>;

/** A sealed body opens to what was sealed, or not at all. */
async function openTarget(
  { name, shape }: Pick<Target, "name" | "shape">,
  seeds: readonly SealedSeed[],
  open: Open,
): Promise<Target> {
  const opened: string[] = [];
  for (const seed of seeds) opened.push(textOf(await open(seed, seed.sealed)));
  return {
    name,
    shape,
    codes: ["BODY_CANNOT_BE_OPENED"],
    seeds: seeds.map(({ sealed }) => Buffer.from(sealed)),
    run: async (input) => {
      const results = await Promise.allSettled(seeds.map((seed) => open(seed, input)));
      const found = results.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      for (const bytes of found) hold(opened.includes(textOf(bytes)), "a changed body opens");
      const [refused] = results.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
      if (found.length === 0) throw refused;
    },
  };
}

/** Readers of sealed bodies, of direct messages and of feeds. */
export async function makeSealedTargets(ground: FuzzGround): Promise<readonly Target[]> {
  const keys = keysOf(ground, "gh/fiu");
  const direct: Open = ({ originator, id }, sealed) => openBody({ sealed, originator, id, keys });
  const feed: Open = ({ originator, id, type = "" }, sealed) => {
    const message = { originator, id, type, sealed };
    const contentKey = deriveContentKey(fixtureAudienceKey.key, message);
    return openFeedBody(message, contentKey).then((bytes) => {
      hold(readKeyName(message) === fixtureAudienceKey.name, "another key's name opens");
      return bytes;
    });
  };
  const seedsOf = (reader: string): readonly SealedSeed[] => sealedFor(reader, ground).slice(0, 2);
  return [
    await openTarget({ name: "gateways/openBody", shape: "json" }, seedsOf("gh/fiu"), direct),
    await openTarget({ name: "gateways/openFeedBody", shape: "text" }, seedsOf("gh/tcu"), feed),
  ];
}
