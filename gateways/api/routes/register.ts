import { readers, roles } from "../../people/index.ts";
import type { Route } from "../route.ts";
import { getSealingKeys, postSealingKeyWord } from "../sealing-keys.ts";
import { getDirectory, getSchema, getSchemas } from "../system.ts";
import { getAudience, getDecision } from "../why.ts";

/** What the register and the schemas say, and people's words on keys of others. */
export const registerRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/sealing-keys", summary: "sealing keys of others that changed", for: [...readers, "administrator", "auditor"], handle: getSealingKeys },
  { method: "POST", path: "/v1/sealing-keys:decide", summary: "confirm or refuse a sealing key", for: ["administrator"], stepUp: true, handle: postSealingKeyWord },
  { method: "GET", path: "/v1/register/decision", summary: "why an agency may, or may not, read or publish something", for: roles, handle: getDecision },
  { method: "GET", path: "/v1/register/audience", summary: "who would read a message, who not, and why", for: roles, handle: getAudience },
  { method: "GET", path: "/v1/schemas", summary: "every message type", for: roles, handle: getSchemas },
  { method: "GET", path: "/v1/schemas/:type", summary: "JSON Schema of one type", for: roles, handle: getSchema },
  { method: "GET", path: "/v1/directory", summary: "agencies and served communities", for: roles, handle: getDirectory },
]; // prettier-ignore
