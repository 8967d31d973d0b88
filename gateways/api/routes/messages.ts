import { readers, writers } from "../../people/index.ts";
import { getCopy, postCopyCheck } from "../copies.ts";
import { getEvents } from "../events.ts";
import { getMessage, getMessages, postMessage, postValidation } from "../messages.ts";
import type { Route } from "../route.ts";
import { getTranslationCheck, postTranslation } from "../translations.ts";

/** Messages: sending, checking, reading. */
export const messageRoutes: readonly Route[] = [
  { method: "POST", path: "/v1/messages", summary: "store a message to be sent", for: writers, handle: postMessage },
  { method: "POST", path: "/v1/messages:validate", summary: "check a message, store nothing", for: [...writers, "approver"], handle: postValidation },
  { method: "GET", path: "/v1/messages", summary: "a page of the inbox or outbox", for: readers, handle: getMessages },
  { method: "GET", path: "/v1/messages/:id", summary: "one message with its ladder", for: readers, handle: getMessage },
  { method: "GET", path: "/v1/messages/:id/copies/:kind", summary: "a redacted copy, the signer's own words", for: readers, handle: getCopy },
  { method: "POST", path: "/v1/copies:verify", summary: "read a redacted copy and prove its signer", for: readers, handle: postCopyCheck },
  { method: "POST", path: "/v1/messages/:id/translations", summary: "translate one text, store nothing", for: writers, handle: postTranslation },
  { method: "GET", path: "/v1/messages/:id/translation-check", summary: "whether a translation is of its original", for: readers, handle: getTranslationCheck },
  { method: "GET", path: "/v1/events", summary: "messages stored or moved on, live", for: readers, handle: getEvents },
]; // prettier-ignore
