record Extra(String name) {}

record Card(String number) implements Block2.Payment {}

record BankTransfer(String iban) implements Block2.Payment {}

interface Payments {
    Object take(Block2.Payment payment);
}

Payments payments;
