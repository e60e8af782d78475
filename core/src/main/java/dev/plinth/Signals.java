package dev.plinth;

import java.lang.reflect.Proxy;

/**
 * The signals that ask a process to stop. The first one comes by the JVM's shutdown hook, which needs no help; a second
 * one during the hook the JVM would ignore, so that needs {@code sun.misc.Signal}, by reflection, since the compiler warns
 * of it. Where the JVM has it no more, a second signal does nothing.
 */
final class Signals {
    private Signals() {}

    /** From now on SIGTERM and SIGINT end the process at once, as they would end one that doesn't handle them. */
    static void endAtOnce() {
        for (var signal : new String[] {"TERM", "INT"}) {
            try {
                var type = Class.forName("sun.misc.Signal");
                var handlerType = Class.forName("sun.misc.SignalHandler");
                int number = signal.equals("TERM") ? 15 : 2;
                var handler = Proxy.newProxyInstance(
                        handlerType.getClassLoader(), new Class<?>[] {handlerType}, (_, method, _) -> {
                            if (method.getName().equals("handle")) {
                                Runtime.getRuntime().halt(128 + number);
                            }
                            return null;
                        });
                type.getMethod("handle", type, handlerType)
                        .invoke(null, type.getConstructor(String.class).newInstance(signal), handler);
            } catch (ReflectiveOperationException | IllegalArgumentException notThere) {
                return;
            }
        }
    }
}
