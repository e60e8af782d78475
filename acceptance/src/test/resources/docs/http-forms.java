interface Pictures {
    void add(String name, InputStream picture);
}

Pictures pictures;
