record User(String name) {}

record Page(int total) {}

record Stock(int pieces) {}

record Offer(Quote price, Stock stock) {}

interface Tokens {
    String current();
}

Client warehouse;
Tokens tokens;
String text;
Path path;
Path target;

void export(OutputStream out) {}
