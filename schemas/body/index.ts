/**
 * Bodies and inner headers: from JSON and back, and every check there is on their content.
 *
 * Promises: a parsed body has only known fields, kinds, lengths, formats and codes, and keeps every rule;
 * the fault for one that does not names every field and never its content. A rule looks at nothing that was found
 * wrong: it judges the rest, or is silent. Trusts nothing it is given.
 * Start at `body.ts`; the JSON form is `json-in.ts` and `json-out.ts`.
 */
export { parseInstant, renderInstant } from "../check/index.ts";
export { isStaleEntry } from "../rules/index.ts";
export {
  bodyMessageName,
  checkBody,
  checkContent,
  type ContentHeader,
  encodeBody,
  checkHeaders,
  checkWhole,
  parseBody,
  parseInnerHeader,
} from "./body.ts";
export { findMissingNominal, regionalFields, scopeOf } from "./editions.ts";
export { type MessageValue, parseJson } from "./json-in.ts";
export { type JsonValue, renderJson } from "./json-out.ts";
export { maxJsonDepth, parseJsonText } from "./json-text.ts";
export { isKnownType, type MessageType, messageTypes, typeOptions } from "./message-type.ts";
export { newOnly, readChecked } from "./read-checked.ts";
export { type Readable, readBody, readInner } from "./readable.ts";
export { findBrokenHeaders, findBrokenWhole, type Headers, type WholeMessage } from "./together.ts";
