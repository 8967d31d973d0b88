import { z } from "zod";

import { readers, writers } from "../../people/index.ts";
import {
  deleteDraft,
  draftPageShape,
  draftShape,
  draftTextShape,
  getAnswerDraft,
  getDraft,
  getDrafts,
  postDraft,
  putDraft,
} from "../drafts.ts";
import { postRedraft } from "../redrafts.ts";
import { submittedShape } from "../message-answers.ts";
import { textForms } from "../message-text.ts";
import {
  getMlaDraft,
  mlaDraftShape,
  mlaQueryShape,
  mlaTextShape,
  postMlaDocument,
} from "../mla.ts";
import { submissionShape } from "../message-shapes.ts";
import { releaseShape } from "../releases-shapes.ts";
import type { Route } from "../route.ts";

const version = { ETag: "the version, for If-Match" } as const;
const place = { Location: "where it stands" } as const;
const ifMatch = { "if-match": z.string().max(40).optional() };
const put = z.object({ ...ifMatch, "if-none-match": z.string().max(40).optional() });
const changed = draftShape.omit({ problems: true });
const holes = z.array(z.strictObject({ path: z.string(), code: z.string() }));
const answerDraft = z.strictObject({
  message: submissionShape,
  missing: holes.meta({ description: "what it needs whatever it says" }),
  depends: holes.meta({ description: "what it needs or not, depending on what it says" }),
});

/** Messages that are being written. */
export const draftRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/drafts", summary: "one's own drafts and the shared ones", for: writers, act: "DRAFT_READ", answers: { 200: { says: "the last changed first", shape: draftPageShape } }, handle: getDrafts },
  { method: "GET", path: "/v1/drafts/:id", summary: "one draft, and what is missing in it", for: writers, act: "DRAFT_READ", answers: { 200: { says: "the draft", shape: draftShape, headers: version } }, handle: getDraft },
  { method: "PUT", path: "/v1/drafts/:id", summary: "begin or change a draft", for: writers, act: "DRAFT_CHANGED", headers: put, body: { shape: draftTextShape }, answers: { 200: { says: "it was changed", shape: changed, headers: version }, 201: { says: "it was begun", shape: changed, headers: { ...version, ...place } } }, handle: putDraft },
  { method: "DELETE", path: "/v1/drafts/:id", summary: "throw a draft away", for: writers, act: "DRAFT_CHANGED", headers: z.object(ifMatch), answers: { 204: { says: "it is gone" } }, handle: deleteDraft },
  { method: "POST", path: "/v1/drafts/:id/submit", summary: "send a draft, once", for: writers, act: "MESSAGE_SENT", headers: z.object(ifMatch), answers: { 200: { says: "it had been sent before", shape: submittedShape, headers: place }, 201: { says: "it is on the disk, and will be sent", shape: submittedShape, headers: place }, 202: { says: "it takes two officers, and waits for another", shape: releaseShape, headers: place } }, handle: postDraft },
  { method: "POST", path: "/v1/messages/:id/redraft", summary: "make a draft of a message of ours that was refused, stopped or ran out, to be mended and sent", for: writers, act: "DRAFT_CHANGED", reads: "content", answers: { 200: { says: "the draft of it that one has already", shape: changed, headers: { ...version, ...place } }, 201: { says: "it was begun", shape: changed, headers: { ...version, ...place } } }, handle: postRedraft },
  { method: "GET", path: "/v1/messages/:id/answer-draft", summary: "the beginning of an answer", for: readers, act: "MESSAGE_READ", reads: "content", query: z.strictObject({ type: z.string().optional() }), answers: { 200: { says: "a message to be written on, and what it needs", shape: answerDraft } }, handle: getAnswerDraft },
  { method: "GET", path: "/v1/threads/:id/mla-draft", summary: "the beginning of a formal request from a police thread", for: readers, act: "MESSAGE_READ", reads: "content", query: mlaQueryShape, answers: { 200: { says: "a request to be completed, what it lacks and what was left out", shape: mlaDraftShape } }, handle: getMlaDraft },
  { method: "POST", path: "/v1/mla-documents", summary: "a completed formal request as a document, for a central authority", for: writers, act: "COPY_MADE", reads: "content", body: { shape: mlaTextShape }, answers: { 200: { says: "the document, in the language that is accepted", types: textForms } }, handle: postMlaDocument },
]; // prettier-ignore
