record Order(String id, String item, int lines) {}

record Quote(String item, int cents) {
    static Quote listPrice(String item) {
        return new Quote(item, 100);
    }
}

static final class Orders {
    static void main(String[] args) {}
}

static final class Pricing {
    static void main(String[] args) {}
}

static final class Main {
    static void main(String[] args) {}
}

boolean on;
Service service;
Client pricing;
Order order;
Quote quote;
String item;
String id;
