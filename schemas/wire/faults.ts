import { errors } from "nats";

import { Fault } from "../ground/index.ts";

/**
 * What an error of the NATS client means to us: no login, no answer, or no connection. A Fault is kept as
 * it is; the original stays as the cause.
 */
export function toHubFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof Error && error.cause instanceof Fault) return error.cause;
  const cause = { cause: error };
  if (
    error instanceof errors.AuthorizationError ||
    error instanceof errors.UserAuthenticationExpiredError
  ) {
    return new Fault("HUB_LOGIN_REFUSED", "the server refused the login, or it ended", cause);
  }
  if (error instanceof errors.PermissionViolationError) {
    return new Fault("SUBJECT_INVALID", `no permission for ${error.operation} there`, cause);
  }
  if (error instanceof errors.TimeoutError) {
    return new Fault("HUB_UNREACHABLE", "no answer in time", cause);
  }
  if (error instanceof errors.RequestError && error.isNoResponders()) {
    return new Fault("HUB_UNREACHABLE", "nobody answers there", cause);
  }
  if (error instanceof errors.InvalidArgumentError || error instanceof errors.ProtocolError) {
    return new Fault("INTERNAL", "the NATS client was asked for something impossible", cause);
  }
  return new Fault("HUB_UNREACHABLE", "the connection failed", cause);
}
