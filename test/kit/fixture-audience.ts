import {
  type AudienceKey,
  deriveContentKey,
  makeAudienceKey,
} from "../../gateways/crypto/index.ts";
import type { VerifyPlace } from "../../gateways/exchange/verify/outside.ts";
import { makeSeededChance } from "../../schemas/ground/index.ts";

/** The audience key of messages that a test seals by hand: always the same. */
export const fixtureAudienceKey: AudienceKey = makeAudienceKey(
  makeSeededChance("fixture audience"),
);

/** The keys of one who was told that audience key, and no other, by whoever sends. */
export const findFixtureKey: NonNullable<VerifyPlace["findContentKey"]> = (message, name) =>
  name === fixtureAudienceKey.name ? deriveContentKey(fixtureAudienceKey.key, message) : undefined;
