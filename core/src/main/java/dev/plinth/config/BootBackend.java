package dev.plinth.config;

import dev.plinth.time.Time;

/** A kind of store that the remote tree of the configuration is read from, as {@code boot.backend} names it. */
public interface BootBackend extends Backend {
    /** All kinds that are known; without a choice nothing is asked. */
    Backends<BootBackend> KIND = Backends.of(BootBackend.class, new NoBoot(), new FileBoot(), new RestBoot())
            .published("etcd", "dev.plinth:plinth-etcd")
            .published("consul", "dev.plinth:plinth-consul");

    /**
     * A handle that has opened nothing yet.
     *
     * @param settings of the class of {@link #settings()}
     * @param boot the keys that hold whatever is chosen; no call may take longer than its time-out
     */
    BootSource open(Record settings, BootConfig boot, Time time);
}
