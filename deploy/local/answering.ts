import { once } from "node:events";
import { connect } from "node:net";

/** Whether something listens on a port of this machine. */
export async function isAnswering(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    // refused is the answer, not a failure
    return false;
  } finally {
    socket.destroy();
  }
}

/** Whether the gateway whose API is on a port says it is ready. */
export async function isApiReady(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    return answer.ok;
  } catch {
    // not listening yet
    return false;
  }
}
