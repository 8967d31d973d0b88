import java.io.IOException;
import java.nio.file.*;
import java.util.List;

/** Prints what becomes of messages. Goes on after a stop where it was, by the file cursor. Keeps running. */
final class Follow {
  private static Object next(String place) throws Exception {
    while (true) {
      try {
        return Gateway.ask("GET", "/v1/changes?" + place + "&wait=50");
      } catch (IOException | Gateway.Problem error) {
        if (error instanceof Gateway.Problem no && !no.mayComeLater) throw no;
        Thread.sleep(5_000); // the gateway is away or busy: nothing is lost meanwhile
      }
    }
  }

  public static void main(String[] args) throws Exception {
    Path file = Path.of("cursor"), fresh = Path.of("cursor.new");
    Gateway.finish(() -> {
      while (true) {
        Object page = next(Files.exists(file) ? "cursor=" + Files.readString(file) : "from=beginning");
        for (Object change : Json.<List<Object>>get(page, "items")) {
          System.out.println(String.join(" ", Json.<String>get(change, "kind"), Json.get(change, "box"), Json.get(change, "state"), Json.get(change, "id")));
        }
        Files.writeString(fresh, Json.<String>get(page, "next"));
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING); // after the work: what was cut off is told again
      }
    });
  }
}
