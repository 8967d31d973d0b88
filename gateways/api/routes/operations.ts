import { readers } from "../../people/index.ts";
import {
  operationShape,
  operationsShape,
  operationStatisticsShape,
  operationTargetsShape,
} from "../operation-shapes.ts";
import {
  getOperation,
  getOperations,
  getOperationStatistics,
  getOperationTargets,
} from "../operations.ts";
import type { Route } from "../route.ts";

/** Joint operations. */
export const operationRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/operations", summary: "joint operations, the last opened first", for: readers, act: "MESSAGE_LISTED", answers: { 200: { says: "up to 200", shape: operationsShape } }, handle: getOperations },
  { method: "GET", path: "/v1/operations/:id", summary: "an operation: who is of it, and what was sent into it", for: readers, act: "MESSAGE_FOLLOWED", answers: { 200: { says: "as our messages tell it", shape: operationShape } }, handle: getOperation },
  { method: "GET", path: "/v1/operations/:id/targets", summary: "what was reached in an operation of what was aimed at", for: readers, act: "MESSAGE_FOLLOWED", answers: { 200: { says: "counted from its messages, for each member", shape: operationTargetsShape } }, handle: getOperationTargets },
  { method: "GET", path: "/v1/operations/:id/statistics", summary: "the figures of an operation, for those who are not of it", for: readers, act: "MESSAGE_FOLLOWED", answers: { 200: { says: "without what would tell of a few persons", shape: operationStatisticsShape } }, handle: getOperationStatistics },
]; // prettier-ignore
