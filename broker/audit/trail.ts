import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  openSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { createInterface } from "node:readline";

import { type Clock, Fault, renderInstantOf, toFault } from "./time.ts";
import {
  type AuditEvent,
  type AuditFields,
  lineDigest,
  renderAuditLine,
  type TrailHead,
  verifyAuditLine,
} from "./record.ts";
