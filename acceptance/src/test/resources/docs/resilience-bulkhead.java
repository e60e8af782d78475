Quote fetch(String item) {
    return new Quote(item, 100);
}
