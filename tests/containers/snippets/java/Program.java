// A container by the snippet of docs/containers.md, for as long as standard input is open.
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

class Program {
  public static void main(String[] arguments) throws IOException {
    try (Understudy understudy = new Understudy()) {
      understudy.start();
      System.out.printf(
          "{\"portalUrl\": \"%s\", \"tokenEndpoint\": \"%s\"}%n",
          understudy.portalUrl(), understudy.tokenEndpoint());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }
}

// (the snippet)
