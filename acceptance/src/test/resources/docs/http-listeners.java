interface Desk {
    Object get(String id);

    Object refund(String id);
}

Desk orders;
