import { z } from "zod";

import { writers } from "../../people/index.ts";
import {
  carryContentType,
  carryCountShape,
  carryQueryShape,
  carryWishShape,
  getCarryImport,
  postCarryExport,
  postCarryImport,
} from "../carry.ts";
import type { Route } from "../route.ts";

const checked = {
  writer: z.string(),
  writtenAt: z.string(),
  receipts: z.number(),
  publications: z.number(),
  pieces: z.number(),
  registerEpoch: z.number(),
};
const progress = z.discriminatedUnion("state", [
  z.strictObject({ state: z.literal("RUNNING"), done: z.number(), of: z.number() }),
  z.strictObject({ state: z.literal("CHECKED"), ...checked }),
  z.strictObject({
    state: z.literal("TAKEN"),
    ...checked,
    isNewRegister: z.boolean(),
    added: z.number(),
    known: z.number(),
    quarantined: z.number(),
    files: z.number(),
    filesLeft: z.number(),
  }),
  z.strictObject({
    state: z.literal("REFUSED"),
    code: z.string(),
    title: z.string(),
    detail: z.string().optional(),
  }),
]);
const begun = z.strictObject({ id: z.string() });
const carriers = [...writers, "administrator"] as const;

/** Files between gateways, by stick. */
export const carryRoutes: readonly Route[] = [
  { method: "POST", path: "/v1/carry/exports", summary: "a carry file for one agency", for: carriers, act: "CARRY_WRITTEN", query: carryCountShape, body: { shape: carryWishShape }, answers: { 200: { says: "the file; what it holds is in the header Atumpan-Carry", types: [carryContentType, "application/json"] } }, handle: postCarryExport },
  { method: "POST", path: "/v1/carry/imports", summary: "take in a carry file, or look whether it is good", for: carriers, act: "CARRY_TAKEN", query: carryQueryShape, body: { type: carryContentType }, answers: { 202: { says: "it is here; ask at its place what becomes of it", shape: begun } }, handle: postCarryImport },
  { method: "GET", path: "/v1/carry/imports/:id", summary: "how far a carry file has come, and what it brought", for: carriers, answers: { 200: { says: "its state", shape: progress } }, handle: getCarryImport },
]; // prettier-ignore
