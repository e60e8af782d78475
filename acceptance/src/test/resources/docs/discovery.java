String[] args;

void call(String host, int port) {}
