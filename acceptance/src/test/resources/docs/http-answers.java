interface Tariffs {
    List<String> all();

    String version();
}

record Numbered(String id) {}

interface Placed {
    List<Numbered> after(Optional<String> id);
}

interface Sender {
    void send(Event event) throws IOException;
}

interface Feed {
    void follow(Optional<String> lastId, Events events);

    Subscription subscribe(Sender to);
}

interface Subscription extends AutoCloseable {
    @Override
    void close();
}

Tariffs tariffs;
Placed orders;
Feed feed;
Optional<String> lastId;
Path folder;
