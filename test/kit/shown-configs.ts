/** The readers of configuration, for tests of the examples that we show: each example is one that its program reads. */
export { loadBrokerConfig, parseBrokerConfig } from "../../broker/index.ts";
export { readContextsFile } from "../../gateways/cli/contexts.ts";
export { gatewayShape } from "../../gateways/config.ts";
