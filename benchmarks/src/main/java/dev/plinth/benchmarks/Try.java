package dev.plinth.benchmarks;
import java.util.*;
public class Try { public static void main(String[] a) throws Exception {
  var folder = java.nio.file.Files.createTempDirectory("try");
  if (a[0].equals("over")) {
    for (var path : a[1].split(",")) System.out.println(HttpOverload.overload(Servers.service("Plinth", 0), path, folder, false));
    return;
  }
  // cost CONNS SECS flags...
  int conns = Integer.parseInt(a[1]); int secs = Integer.parseInt(a[2]);
  for (int round = 0; round < 2; round++) {
  for (int i = 3; i < a.length; i++) {
    var flags = new ArrayList<String>(List.of("-Xmx256m")); if (!a[i].equals("-")) flags.addAll(List.of(a[i].split(",")));
    var server = a[i].contains("engine") ? Servers.ENGINES.get(1) : Servers.service("Plinth", 0);
    try (var running = server.start(folder, flags)) {
      var load = new Load(running.port(), a[i].contains("engine") ? "/hello" : "/hello");
      load.run(conns, secs);
      double before = running.cpuMicros(); var run = load.measure(conns, secs);
      System.out.printf("%s: %d req, %.2f us CPU/req, p50 %.2f p99 %.2f p99.9 %.2f max %.1f ms%n", a[i], run.count(), (running.cpuMicros()-before)/run.count(), run.percentileMillis(50), run.percentileMillis(99), run.percentileMillis(99.9), run.percentileMillis(100));
    }
  }}
}}
