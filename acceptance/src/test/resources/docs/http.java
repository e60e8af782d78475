record Order(String id) {}

Map<String, Order> orders;
