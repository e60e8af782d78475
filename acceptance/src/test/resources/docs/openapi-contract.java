record Order(String id) {}

interface Desk {
    Object get(String id);
}

Desk orders;
Contract contract;
