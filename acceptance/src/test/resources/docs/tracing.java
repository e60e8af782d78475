interface Desk {
    Quote quote(Order order);
}

Desk desk;
