import type { Role } from "../../people/index.ts";
import {
  closingShape,
  inspectionShape,
  inspectionsShape,
  inspectionWishShape,
  reportShape,
} from "../inspection-shapes.ts";
import {
  getInspected,
  getInspection,
  getInspectionReport,
  getInspections,
  inspectedForms,
  postInspection,
  postInspectionClosing,
  postInspectionConsent,
  postInspectionEnding,
} from "../inspections.ts";
import { messageShape } from "../message-shapes.ts";
import type { Route } from "../route.ts";

const seconds: readonly Role[] = ["approver", "administrator"];
const overseers: readonly Role[] = ["inspector", ...seconds, "auditor"];

/** Inspections of this agency's messages, by two keys. */
export const inspectionRoutes: readonly Route[] = [
  { method: "POST", path: "/v1/inspections", summary: "an inspector asks to read messages that he names, or some that are drawn; nothing is opened by it", for: ["inspector"], act: "INSPECTION_ASKED", body: { shape: inspectionWishShape }, answers: { 201: { says: "it waits for a second person's consent", shape: inspectionShape, headers: { Location: "where the inspection stands" } } }, handle: postInspection },
  { method: "GET", path: "/v1/inspections", summary: "inspections, asked for, open and over", for: overseers, act: "INSPECTION_LISTED", answers: { 200: { says: "the newest first, up to 500; nothing of any message", shape: inspectionsShape } }, handle: getInspections },
  { method: "GET", path: "/v1/inspections/:id", summary: "one inspection; for its inspector, while it is open, with its messages", for: overseers, act: "INSPECTION_LISTED", answers: { 200: { says: "how it stands", shape: inspectionShape } }, handle: getInspection },
  { method: "POST", path: "/v1/inspections/:id/consent", summary: "a second person consents, and it is open", for: seconds, stepUp: true, act: "INSPECTION_OPENED", answers: { 200: { says: "it is open, or waits for its draw", shape: inspectionShape } }, handle: postInspectionConsent },
  { method: "POST", path: "/v1/inspections/:id/ending", summary: "either side ends it, or says no to it", for: ["inspector", ...seconds], act: "INSPECTION_CLOSED", answers: { 200: { says: "nothing of it can be read any more", shape: inspectionShape } }, handle: postInspectionEnding },
  { method: "POST", path: "/v1/inspections/:id/closing", summary: "its inspector closes it with what he found", for: ["inspector"], act: "INSPECTION_CLOSED", body: { shape: closingShape }, answers: { 200: { says: "it is closed", shape: inspectionShape } }, handle: postInspectionClosing },
  { method: "GET", path: "/v1/inspections/:id/report", summary: "the signed report of an inspection that has ended: who, why, how drawn, how many read, what was found; nothing of any message", for: overseers, act: "INSPECTION_REPORTED", answers: { 200: { says: "the report", shape: reportShape } }, handle: getInspectionReport },
  { method: "GET", path: "/v1/inspections/:id/messages/:message", summary: "one message of an open inspection, to its inspector", for: ["inspector"], act: "INSPECTION_READ", reads: "content", isInspection: true, answers: { 200: { says: "the message in the form that Accept wants most", shape: messageShape, types: inspectedForms } }, handle: getInspected },
]; // prettier-ignore
