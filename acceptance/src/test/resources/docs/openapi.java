record Search(Optional<String> text) {}

Map<UUID, Order> all;

List<Order> find(Search search) {
    return List.of();
}
