static final class VaultDecryptor implements Decryptor {
    VaultDecryptor(Record settings) {}

    @Override
    public Secret decrypt(String token) {
        throw new DecryptionException("no vault here");
    }
}

record Shelf() {}

record Nothing() {}

static class FloorBackend implements Block2.ShelfBackend {
    @Override
    public String name() {
        return "floor";
    }

    @Override
    public Class<? extends Record> settings() {
        return Nothing.class;
    }

    @Override
    public Shelf open(Record settings, Time time) {
        return new Shelf();
    }
}

static final class BoxBackend extends FloorBackend {}

Config config;
Time time;
