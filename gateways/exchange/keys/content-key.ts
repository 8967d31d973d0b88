import type { Bytes } from "../../../schemas/ground/index.ts";
import { deriveContentKey, type FeedMessage } from "../../crypto/index.ts";
import type { Store } from "../../store/index.ts";

/** The key of a feed message that was sealed with an audience key of this name, when we have what it needs. */
export function findContentKey(
  { heldKeys }: Pick<Store, "heldKeys">,
  message: FeedMessage,
  name: string,
): Bytes | undefined {
  const { originator, id } = message;
  const own = heldKeys.ofMessage(originator, id);
  if (own !== undefined) return own;
  const shared = heldKeys.find(originator, name);
  return shared === undefined ? undefined : deriveContentKey(shared, message);
}
