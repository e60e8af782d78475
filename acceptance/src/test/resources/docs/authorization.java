interface Shelf {
    Object all();
}

interface Desk {
    Object all();

    Object get(String id);

    Object remove(String id);

    String ownerOf(String id);
}

Shelf catalogue;
Desk desk;
