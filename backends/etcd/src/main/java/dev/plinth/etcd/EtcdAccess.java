package dev.plinth.etcd;

import dev.plinth.remote.RemoteTls;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Where etcd is, and who one is to it. */
record EtcdAccess(List<URI> endpoints, Optional<EtcdUser> user, Optional<RemoteTls> tls) {}
