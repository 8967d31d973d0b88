import { messages } from "./01-messages.ts";
import { sealingPins } from "./02-sealing-pins.ts";
import { audienceKeys } from "./03-audience-keys.ts";
import { keptFrom } from "./04-kept-from.ts";
import { admissions } from "./05-admissions.ts";
import { revokedSigners } from "./06-revoked-signers.ts";
import { carried } from "./07-carried.ts";
import { lostMessages } from "./08-lost-messages.ts";
import { audit } from "./09-audit.ts";
import { people } from "./10-people.ts";
import { heldPublications } from "./11-held-publications.ts";
import { changes } from "./12-changes.ts";
import { search } from "./13-search.ts";
import { lookups } from "./14-lookups.ts";
import { attachments } from "./15-attachments.ts";
import { lists } from "./16-lists.ts";
import { threads } from "./17-threads.ts";
import { onward } from "./18-onward.ts";
import { recall } from "./19-recall.ts";
import { releases } from "./20-releases.ts";
import { figures } from "./21-figures.ts";
import { editions } from "./22-editions.ts";
import { breaches } from "./23-breaches.ts";
import { exportsGiven } from "./24-exports.ts";
import { wordsOfUse } from "./25-words-of-use.ts";
import { recallRest } from "./26-recall-rest.ts";
import { operationArchive } from "./27-operation-archive.ts";
import { logProofs } from "./28-log-proofs.ts";
import { logWatch } from "./29-log-watch.ts";
import { oversight } from "./30-oversight.ts";
import { inspections } from "./31-inspections.ts";
import { logWitnessed } from "./32-log-witnessed.ts";
import { hubs } from "./33-hubs.ts";
import { relayedMail } from "./34-relayed-mail.ts";
import { relayedReceipts } from "./35-relayed-receipts.ts";
import { claims } from "./36-claims.ts";
import { views } from "./37-views.ts";
import { farErasures } from "./38-far-erasures.ts";
import { counted } from "./39-counted.ts";

/**
 * What the store is made of, step by step, a file each; a new one comes at the end. A step that was ever released is never
 * changed: the store's `user_version` says how many of them it has been through.
 *
 * Lists of names (crimes, communities, audiences) stand as one text with a space before and after each
 * name, so that a name can be looked for without a table of its own.
 */
export const migrations: readonly string[] = [
  messages,
  sealingPins,
  audienceKeys,
  keptFrom,
  admissions,
  revokedSigners,
  carried,
  lostMessages,
  audit,
  people,
  heldPublications,
  changes,
  search,
  lookups,
  attachments,
  lists,
  threads,
  onward,
  recall,
  releases,
  figures,
  editions,
  breaches,
  exportsGiven,
  wordsOfUse,
  recallRest,
  operationArchive,
  logProofs,
  logWatch,
  oversight,
  inspections,
  logWitnessed,
  hubs,
  relayedMail,
  relayedReceipts,
  claims,
  views,
  farErasures,
  counted,
];
