void connect(String username, String password) {}
