import { z } from "zod";

import { readers, writers } from "../../people/index.ts";
import { copyQueryShape, getCopy, postCopyCheck } from "../copies.ts";
import {
  copyShape,
  submittedShape,
  translationCheckShape,
  validationShape,
} from "../message-answers.ts";
import { evidenceContentType, evidenceQueryShape, getEvidence } from "../evidence.ts";
import { getMessage, messageForms } from "../message-forms.ts";
import { messagePageShape, messageShape, submissionShape } from "../message-shapes.ts";
import { textForms } from "../message-text.ts";
import { getMessages } from "../lists.ts";
import { messageQueryShape } from "../list-shapes.ts";
import { postMessage, postValidation } from "../messages.ts";
import { postPreview } from "../preview.ts";
import { copyContentType } from "../read-body.ts";
import { previewShape, releaseShape } from "../releases-shapes.ts";
import type { Route } from "../route.ts";
import { getTemplates, templatesShape } from "../templates.ts";
import { getTranslationCheck, postTranslation, translationWishShape } from "../translations.ts";
import { acceptanceShape, getWords, postAcceptance, wordsOfUseShape } from "../words-of-use.ts";

const keyHeader = z.object({ "idempotency-key": z.string().min(1).max(200) });
const place = { Location: "where the message stands" } as const;

/** Messages: sending, checking, reading. */
export const messageRoutes: readonly Route[] = [
  { method: "POST", path: "/v1/messages", summary: "store a message to be sent", for: writers, act: "MESSAGE_SENT", headers: keyHeader, body: { shape: submissionShape }, answers: { 200: { says: "the same key brought the same content before", shape: submittedShape, headers: place }, 201: { says: "it is on the disk, and will be sent", shape: submittedShape, headers: place }, 202: { says: "it takes two officers, and waits for another", shape: releaseShape, headers: place } }, handle: postMessage },
  { method: "POST", path: "/v1/messages:validate", summary: "check a message, store nothing", for: [...writers, "approver"], act: "MESSAGE_CHECKED", body: { shape: submissionShape }, answers: { 200: { says: "what is wrong, and who would read it", shape: validationShape } }, handle: postValidation },
  { method: "POST", path: "/v1/messages:preview", summary: "a message as its readers would have it, were it sent now; store nothing", for: [...writers, "approver"], act: "MESSAGE_CHECKED", body: { shape: submissionShape }, answers: { 200: { says: "the message, and who would read it; as text in any language", shape: previewShape, types: ["application/json", ...textForms] } }, handle: postPreview },
  { method: "GET", path: "/v1/templates", summary: "what the register lets this agency write now", for: writers, packed: true, answers: { 200: { says: "each type with where, about what and how strict at most", shape: templatesShape } }, handle: getTemplates },
  { method: "GET", path: "/v1/messages", summary: "a page of the inbox or outbox", for: [...readers, "administrator"], act: "MESSAGE_LISTED", packed: true, query: messageQueryShape, answers: { 200: { says: "a page, newest first", shape: messagePageShape, headers: { Link: "the next page, as RFC 8288 says it" } } }, handle: getMessages },
  { method: "GET", path: "/v1/messages/:id", summary: "one message with its ladder", for: [...readers, "administrator"], act: "MESSAGE_READ", reads: "content", tagged: true, answers: { 200: { says: "the message in the form that Accept wants most", shape: messageShape, types: messageForms } }, handle: getMessage },
  { method: "GET", path: "/v1/messages/:id/words", summary: "by which words a message of handling H3 may be used, and who accepted them", for: readers, act: "MESSAGE_FOLLOWED", answers: { 200: { says: "the words, and nothing of the content", shape: wordsOfUseShape } }, handle: getWords },
  { method: "POST", path: "/v1/messages/:id/accept", summary: "a person accepts the words by which a message may be used; until then nobody here is shown its content", for: readers, act: "WORDS_ACCEPTED", body: { shape: acceptanceShape }, answers: { 200: { says: "they are accepted for this agency", shape: wordsOfUseShape } }, handle: postAcceptance },
  { method: "GET", path: "/v1/messages/:id/copies/:kind", summary: "a redacted copy, the signer's own words", for: readers, act: "COPY_MADE", reads: "content", query: copyQueryShape, answers: { 200: { says: "the copy", types: [copyContentType] } }, handle: getCopy },
  { method: "GET", path: "/v1/messages/:id/evidence", summary: "one file that proves the message to a court, without us", for: readers, act: "EVIDENCE_MADE", reads: "content", query: evidenceQueryShape, answers: { 200: { says: "the evidence file", types: [evidenceContentType], headers: { "Atumpan-Unwitnessed": "a code: why too few witnesses stand behind the proof; left out when they do, and where the register asks for none" } } }, handle: getEvidence },
  { method: "POST", path: "/v1/copies:verify", summary: "read a redacted copy and prove its signer", for: readers, act: "COPY_READ", reads: "content", body: { type: copyContentType }, answers: { 200: { says: "what the copy says", shape: copyShape, types: ["application/json", ...textForms] } }, handle: postCopyCheck },
  { method: "POST", path: "/v1/messages/:id/translations", summary: "translate one text, store nothing", for: writers, act: "TEXT_TRANSLATED", reads: "content", body: { shape: translationWishShape }, answers: { 200: { says: "a message to be looked at and sent", shape: submissionShape } }, handle: postTranslation },
  { method: "GET", path: "/v1/messages/:id/translation-check", summary: "whether a translation is of its original", for: readers, act: "MESSAGE_CHECKED", answers: { 200: { says: "bound to its original, or not", shape: translationCheckShape } }, handle: getTranslationCheck },
]; // prettier-ignore
