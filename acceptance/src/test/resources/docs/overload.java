record Payment(int cents) {}

interface Desk {
    Object sales();

    Object pay(Payment payment);
}

Desk desk;
