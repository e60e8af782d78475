interface Desk {
    Order add(Order order);
}

interface Sender {
    void send(Object message) throws Exception;
}

interface Subscription extends AutoCloseable {
    @Override
    void close();
}

interface Feed {
    Subscription subscribe(Sender to);
}

Desk orders;
Feed feed;
