/**
 * `node bad-link-door.ts SOCKET PORT`: hands on what comes to a socket in the file system to a port of the network it runs
 * in, so that who is outside of a network namespace can ask who is inside.
 */
import { connect, createServer } from "node:net";

const [socket = "", port = ""] = process.argv.slice(2);
const server = createServer((near) => {
  const far = connect(Number(port), "127.0.0.1");
  near.pipe(far).pipe(near);
  near.on("error", () => far.destroy());
  far.on("error", () => near.destroy());
});
server.listen(socket, () => process.stdout.write("open\n"));
process.on("SIGTERM", () => process.exit(0));
