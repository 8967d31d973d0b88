import { renderOpenApi } from "./openapi.ts";
import { routes } from "./routes.ts";

/** The description of everything the gateway answers, in OpenAPI 3.1: what /openapi.json says. */
export function describeApi(): object {
  return renderOpenApi(routes);
}
