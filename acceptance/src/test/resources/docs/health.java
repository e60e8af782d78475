interface Pool {
    boolean isFull();
}

Pool pool;
