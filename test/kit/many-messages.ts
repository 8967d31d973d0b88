import { join } from "node:path";

import { openStore } from "../../gateways/store/index.ts";
import { encodeMessage } from "../../schemas/index.ts";
import { makeSeededChance, sha256, systemClock, utf8 } from "../../schemas/ground/index.ts";

const types = [
  "alert.incident",
  "request.information",
  "bulletin.red_flag",
  "query.check",
  "fiu.request",
];
const crimes = ["drugs", "ml", "piracy", "firearms", "thb"];
const senders = ["ng/tcu", "ng/fiu", "ecowas/centre", "ng/moc"];
const minute = 60_000;

/**
 * Puts so many received messages into the store of a gateway that is not running, as lists show them: different senders, kinds
 * and crimes, one every minute until now. Nobody sealed them, so none can be opened.
 */
export async function putMessages(gatewayFolder: string, count: number): Promise<void> {
  const store = openStore(join(gatewayFolder, "store.db"), {}, systemClock);
  const chance = makeSeededChance("many messages");
  const pick = (from: readonly string[]): string => from[(chance.bytes(1)[0] ?? 0) % from.length] ?? "";
  const now = Date.now();
  await store.write(() => {
    for (let at = 0; at < count; at += 1) {
      const storedAt = now - (count - at) * minute;
      const id = sha256(utf8(`message ${at}`)).slice(0, 16);
      store.messages.add({
        box: "in",
        id,
        originator: pick(senders),
        type: pick(types),
        crimes: [pick(crimes)],
        recs: ["ecowas"],
        handling: pick(["H0", "H1", "H2", "H3"]),
        urgency: "NORMAL",
        status: "ACTUAL",
        createdAt: storedAt - minute,
        expiresAt: now + (at + 1) * minute,
        storedAt,
        state: "VERIFIED",
        digest: sha256(id),
        audience: [],
        // the envelope's place is taken by what its digest is made of
        raw: encodeMessage({ envelope: id, signatures: ["e30..AAAA"], open: id }),
      });
    }
  });
  store.close();
} // prettier-ignore
