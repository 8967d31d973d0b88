import { makeTakePublications } from "../../gateways/exchange/take-publications.ts";
import {
  decodeEnvelope,
  decodeMessage,
  decodePublication,
  decodeSlip,
  encodeEnvelope,
  encodeMessage,
  encodePublication,
  encodeSlip,
} from "../../schemas/index.ts";
import { type Bytes, renderUuid, sha256 } from "../../schemas/ground/index.ts";
import { type Handed, makeOffice, publish, request } from "../kit/gateway-office.ts";
import type { GatewayWorld } from "../kit/gateway-world.ts";
import { message, type SealedForm } from "./malformed.ts";

/** A form as the hub sees it, with a gateway to be stopped. */
export interface SeenForm extends SealedForm {
  /** Why messages lie in its quarantine. */
  codes(): readonly string[];
  stop(): void;
}

/** The publication with another sealed body, signed by its true sender: only he can have it judged that far. */
function carry(base: Bytes, sealed: Bytes, { agency }: GatewayWorld): Bytes {
  const { signer } = agency(message.originator);
  const publication = decodePublication(base);
  const old = decodeEnvelope(decodeMessage(publication.message).envelope);
  const { id: messageId } = message;
  const envelope = encodeEnvelope({ ...old, id: messageId, bodyDigest: sha256(sealed) });
  const slip = encodeSlip({
    ...decodeSlip(publication.slip),
    messageId,
    envelopeDigest: sha256(envelope),
  });
  const signatures = [signer.sign("atumpan-envelope", envelope)];
  return encodePublication({
    slip,
    slipSignature: signer.sign("atumpan-slip", slip),
    message: encodeMessage({ envelope, signatures, sealed }),
  });
}

/**
 * The form that is sealed to named recipients as its publications pass through a reader's gateway: judged whole, and
 * on the disk when `open` resolves, which is when the gateway acknowledges to the hub.
 */
export function makeSeenForm(world: GatewayWorld, form: SealedForm): SeenForm {
  const sender = makeOffice(world, message.originator);
  const reader = makeOffice(world, "gh/fiu");
  let base: Promise<readonly Handed[]> | undefined;
  const baseOf = async (): Promise<Handed> => {
    base ??= publish(sender, request, "base");
    const [first] = await base;
    if (first === undefined) throw new Error("nothing was published");
    return first;
  };
  const take = makeTakePublications(reader, {
    refreshRegister: () => Promise.resolve(false),
    held: () => undefined,
  });
  const carried = async (sealed: Bytes): Promise<Bytes> =>
    carry((await baseOf()).bytes, sealed, world);
  return {
    name: `${form.name}, up to the hub's acknowledgement`,
    open: async (bytes) => {
      const { subject } = await baseOf();
      const place = subject.slice(0, subject.lastIndexOf(".") + 1);
      await take([{ subject: place + renderUuid(message.id), bytes }]);
      return bytes;
    },
    good: async () => carried(await form.good()),
    failures: form.failures.map(({ name, make }) => ({
      name,
      make: async () => carried(await make()),
    })),
    codes: () => [
      ...new Set(
        reader.store.messages
          .list({ box: "in", state: "QUARANTINED", limit: 10_000 })
          .map(({ code = "" }) => code),
      ),
    ],
    stop: () => {
      sender.close();
      reader.close();
    },
  };
}
