package dev.plinth;

import java.lang.reflect.Proxy;

/**
 * The signals that a process gets. The first one that asks it to stop comes by the JVM's shutdown hook, which needs no
 * help; a second one during the hook the JVM would ignore, and SIGHUP would stop it. So that needs {@code
 * sun.misc.Signal}, by reflection, since the compiler warns of it. Where the JVM has it no more, these signals do what the
 * JVM does with them.
 */
final class Signals {
    private Signals() {}

    /** From now on SIGTERM and SIGINT end the process at once, as they would end one that doesn't handle them. */
    static void endAtOnce() {
        handle("TERM", () -> Runtime.getRuntime().halt(128 + 15));
        handle("INT", () -> Runtime.getRuntime().halt(128 + 2));
    }

    /** From now on SIGHUP does {@code action}, on the thread of the signal. */
    static void onHangup(Runnable action) {
        handle("HUP", action);
    }

    private static void handle(String signal, Runnable action) {
        try {
            var type = Class.forName("sun.misc.Signal");
            var handlerType = Class.forName("sun.misc.SignalHandler");
            var handler = Proxy.newProxyInstance(
                    handlerType.getClassLoader(), new Class<?>[] {handlerType}, (_, method, _) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            type.getMethod("handle", type, handlerType)
                    .invoke(null, type.getConstructor(String.class).newInstance(signal), handler);
        } catch (ReflectiveOperationException | IllegalArgumentException notThere) {
            // As the JVM does it.
        }
    }
}
