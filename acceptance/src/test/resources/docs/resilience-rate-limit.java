Object send(Order order) {
    return order;
}
