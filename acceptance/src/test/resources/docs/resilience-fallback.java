Guard pricing;
Map<String, Quote> lastKnown;

Quote fetch(String item) {
    return new Quote(item, 100);
}
