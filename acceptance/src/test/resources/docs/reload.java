record Prices(int cents) {}

interface Pool {
    void resize(int size);
}

Pool pool;
Prices prices;
Block1.Settings settings;

Object check(boolean right) {
    return right;
}
