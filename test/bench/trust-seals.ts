import { createPublicKey } from "node:crypto";

import { makeSealingKey } from "../../certs/keys/index.ts";
import {
  deriveContentKey,
  makeAudienceKey,
  makeOpeningKey,
  openBody,
  openFeedBody,
  sealBody,
  sealFeedBody,
} from "../../gateways/crypto/index.ts";
import { makeUuid, systemChance } from "../../schemas/ground/index.ts";
import { makePki, pkiNow } from "../kit/pki.ts";
import { openBare, openSharedBare, sealBare, sealSharedBare } from "./bare-seal.ts";
import { compareWaitingCosts, type Cost } from "./rounds.ts";

const readers = 8;
const audience = 120;
const bodyBytes = 960;
const often = { rounds: 15, calls: 8 } as const;
const originator = "ng/tcu";
const type = "alert.incident";

/** Sealing and opening, each against its arithmetic. */
export interface SealCosts {
  /** To eight by name. */
  readonly named: Record<"bareSeal" | "seal" | "bareOpen" | "open", Cost>;
  /** To an audience of any size whose key is shared. */
  readonly feed: Record<"bareSeal" | "seal" | "bareOpen" | "open", Cost>;
  /** Sharing a new audience key with 120, in pieces of eight. */
  readonly sharing: Record<"bare" | "ours", Cost>;
}

async function makeReaders() {
  const made = [];
  for (let at = 0; at < readers; at += 1) made.push((await makePki({ kind: "SEALING" })).leaf);
  return made;
}

/** Measures; takes about a minute. */
export async function measureSeals(): Promise<SealCosts> {
  const made = await makeReaders();
  const recipients = made.map(({ certificate }, at) => ({ agency: `ng/a${at}`, certificate }));
  const publicKeys = made.map(({ key }) => createPublicKey(key));
  const [first] = made;
  const key = first!.key;
  const keys = [makeOpeningKey(first!.certificate.der, makeSealingKey(key))];
  const parts = systemChance.bytes(bodyBytes);
  const message = { originator, id: makeUuid(pkiNow, systemChance), type };
  const sealed = await sealBody({ ...message, parts, recipients });
  const bare = sealBare(parts, publicKeys);
  const named = await compareWaitingCosts(
    {
      bareSeal: () => sealBare(parts, publicKeys),
      seal: () => sealBody({ ...message, parts, recipients }),
      bareOpen: () => openBare(bare, key),
      open: () => openBody({ ...message, sealed, keys }),
    },
    often,
  );
  const audienceKey = makeAudienceKey(systemChance);
  const contentKey = deriveContentKey(audienceKey.key, message);
  const feedSealed = await sealFeedBody({ ...message, parts, audienceKey });
  const feedBare = sealSharedBare(parts, audienceKey.key);
  const feed = await compareWaitingCosts(
    {
      bareSeal: () => sealSharedBare(parts, audienceKey.key),
      seal: () => sealFeedBody({ ...message, parts, audienceKey }),
      bareOpen: () => openSharedBare(feedBare, audienceKey.key),
      open: () => openFeedBody({ ...message, sealed: feedSealed }, contentKey),
    },
    { rounds: 31, calls: 40 },
  );
  const shares = Array.from({ length: audience / readers }, () => recipients);
  const sharing = await compareWaitingCosts(
    {
      bare: () => shares.map(() => sealBare(audienceKey.key, publicKeys)),
      ours: () =>
        Promise.all(
          shares.map((to) => sealBody({ ...message, parts: audienceKey.key, recipients: to })),
        ),
    },
    { rounds: 9, calls: 1 },
  );
  return { named, feed, sharing };
}
