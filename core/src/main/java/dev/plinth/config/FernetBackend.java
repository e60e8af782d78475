package dev.plinth.config;

import dev.plinth.secret.Decryptor;
import dev.plinth.secret.KeyFile;
import dev.plinth.time.Time;

/** {@code fernet}: tokens that the key in a file opens. */
final class FernetBackend implements DecryptionBackend {
    /** The key is named by a variable and never by a file that tokens stand in. */
    record Settings() {}

    @Override
    public String name() {
        return "fernet";
    }

    @Override
    public Class<? extends Record> settings() {
        return Settings.class;
    }

    @Override
    public Decryptor open(Record settings, Sources sources) {
        return KeyFile.find(sources.environment(), sources.directory()).fernet(Time.system());
    }
}
