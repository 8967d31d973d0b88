import { limits } from "../../schemas/index.ts";
import { type Handler, renderAnswer } from "./call.ts";
import { getCopy, postCopyCheck } from "./copies.ts";
import { getEvents } from "./events.ts";
import { getMessage, getMessages, postMessage, postValidation } from "./messages.ts";
import { getSealingKeys, postSealingKeyWord } from "./sealing-keys.ts";
import {
  getDirectory,
  getFault,
  getLive,
  getReady,
  getSchema,
  getSchemas,
  getStatus,
} from "./system.ts";
import { getTranslationCheck, postTranslation } from "./translations.ts";
import { getAudience, getDecision } from "./why.ts";

/** One line of what the gateway answers. */
export interface Route {
  readonly method: "GET" | "POST";
  /** Pieces that begin with a colon are parameters. */
  readonly path: string;
  readonly summary: string;
  /** Whether it is answered to whoever asks, without the token. */
  readonly open?: true;
  readonly handle: Handler;
}

/** Everything the gateway answers over HTTP. */
export const routes: readonly Route[] = [
  { method: "GET", path: "/", summary: "links, versions, limits", handle: getRoot },
  { method: "POST", path: "/v1/messages", summary: "store a message to be sent", handle: postMessage },
  { method: "POST", path: "/v1/messages:validate", summary: "check a message, store nothing", handle: postValidation },
  { method: "GET", path: "/v1/messages", summary: "a page of the inbox or outbox", handle: getMessages },
  { method: "GET", path: "/v1/messages/:id", summary: "one message with its ladder", handle: getMessage },
  { method: "GET", path: "/v1/messages/:id/copies/:kind", summary: "a redacted copy, the signer's own words", handle: getCopy },
  { method: "POST", path: "/v1/copies:verify", summary: "read a redacted copy and prove its signer", handle: postCopyCheck },
  { method: "POST", path: "/v1/messages/:id/translations", summary: "translate one text, store nothing", handle: postTranslation },
  { method: "GET", path: "/v1/messages/:id/translation-check", summary: "whether a translation is of its original", handle: getTranslationCheck },
  { method: "GET", path: "/v1/events", summary: "messages stored or moved on, live", handle: getEvents },
  { method: "GET", path: "/v1/status", summary: "what waits and what works", handle: getStatus },
  { method: "GET", path: "/v1/sealing-keys", summary: "sealing keys of others that changed", handle: getSealingKeys },
  { method: "POST", path: "/v1/sealing-keys:decide", summary: "confirm or refuse a sealing key", handle: postSealingKeyWord },
  { method: "GET", path: "/v1/register/decision", summary: "why an agency may, or may not, read or publish something", handle: getDecision },
  { method: "GET", path: "/v1/register/audience", summary: "who would read a message, who not, and why", handle: getAudience },
  { method: "GET", path: "/v1/schemas", summary: "every message type", handle: getSchemas },
  { method: "GET", path: "/v1/schemas/:type", summary: "JSON Schema of one type", handle: getSchema },
  { method: "GET", path: "/v1/directory", summary: "agencies and served communities", handle: getDirectory },
  { method: "GET", path: "/livez", summary: "the process answers", open: true, handle: getLive },
  { method: "GET", path: "/readyz", summary: "work can be done", open: true, handle: getReady },
  { method: "GET", path: "/faults/:code", summary: "what a code means", open: true, handle: getFault },
]; // prettier-ignore

function getRoot(...[{ exchange }]: Parameters<Handler>): Response {
  const links = routes.map(({ method, path, summary }) => ({ method, path, summary }));
  return renderAnswer({ agency: exchange.agency, api: "v1", envelope: 1, limits, links });
}
