package dev.plinth.discovery;

import dev.plinth.remote.RemoteException;
import dev.plinth.time.Time;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks name servers (RFC 1035) over UDP from a port of its own each time, with a random id, and over TCP where the answer did
 * not fit. The JDK's own look-up tells neither times to live nor SRV records. One thread at a time.
 */
final class DnsQuery {
    static final int A = 1;
    static final int AAAA = 28;
    static final int SRV = 33;
    private static final int SOA = 6;
    private static final int OPT = 41;
    private static final int MOST_UDP = 1232; // what passes everywhere (DNS Flag Day 2020)
    private static final Duration NOT_SAID = Duration.ofSeconds(5);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A target of an SRV record. */
    record Srv(int priority, int weight, int port, String target) {}

    /** What a server said; both lists are empty where the name or such records of it do not exist. */
    record Answer(List<String> addresses, List<Srv> services, Duration ttl) {}

    private final List<String> servers;
    private final Duration timeout;
    private final Time time;

    DnsQuery(List<String> servers, Duration timeout, Time time) {
        this.servers = servers;
        this.timeout = timeout;
        this.time = time;
    }

    /**
     * Where a server is.
     *
     * @throws IllegalArgumentException if it is no address
     */
    static InetSocketAddress server(String text) {
        int colon = text.lastIndexOf(':');
        boolean six = text.indexOf(':') != colon && !text.startsWith("[");
        var host = colon < 0 || six ? text : text.substring(0, colon);
        try {
            int port = colon < 0 || six ? 53 : Integer.parseInt(text.substring(colon + 1));
            var plain = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
            return new InetSocketAddress(InetAddress.ofLiteral(plain), port);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    "servers: '" + text + "' (expected: an address, or address:port)", wrong);
        }
    }

    /** Asks each server in turn, twice if need be, until one answers. */
    Answer ask(String name, int type) {
        var question = question(name, type);
        long end = time.nanos() + timeout.toNanos();
        IOException failure = null;
        var failed = "";
        int tries = 2 * servers.size();
        for (int i = 0; i < tries; i++) {
            long left = end - time.nanos();
            if (left <= 0) {
                break;
            }
            var server = servers.get(i % servers.size());
            int millis = (int) Math.max(1, left / 1_000_000 / (tries - i));
            try {
                return ask(server(server), name, question, type, millis);
            } catch (IOException broken) {
                failure = broken;
                failed = server;
            }
        }
        var why = failure == null ? "no time left" : failure.getMessage();
        throw new RemoteException(
                "dns at " + failed + ": " + name + ": " + why, failure == null ? new IOException(why) : failure);
    }

    private Answer ask(InetSocketAddress server, String name, byte[] question, int type, int millis)
            throws IOException {
        int id = RANDOM.nextInt(1 << 16);
        question[0] = (byte) (id >> 8);
        question[1] = (byte) id;
        var answer = overUdp(server, question, id, millis);
        if ((answer.get(2) & 2) != 0) {
            answer = overTcp(server, question, millis);
        }
        try {
            return read(answer, name, id, type);
        } catch (BufferUnderflowException | IllegalArgumentException garbage) {
            throw new IOException("answered what is no DNS message", garbage);
        }
    }

    private static byte[] question(String name, int type) {
        var message = ByteBuffer.allocate(12 + 256 + 4 + 11);
        message.putShort((short) 0).putShort((short) 0x0100).putShort((short) 1); // recursion desired, one question
        message.putShort((short) 0).putShort((short) 0).putShort((short) 1); // and one additional record
        for (var label : name.split("\\.", -1)) {
            var bytes = label.getBytes(StandardCharsets.US_ASCII);
            if (bytes.length == 0 || bytes.length > 63 || message.position() + bytes.length > 12 + 253) {
                throw new RemoteException("dns: '" + name + "' can't be asked for (a label is empty or too long)");
            }
            message.put((byte) bytes.length).put(bytes);
        }
        message.put((byte) 0).putShort((short) type).putShort((short) 1);
        message.put((byte) 0)
                .putShort((short) OPT)
                .putShort((short) MOST_UDP)
                .putInt(0)
                .putShort((short) 0);
        var bytes = new byte[message.position()];
        message.flip().get(bytes);
        return bytes;
    }

    private ByteBuffer overUdp(InetSocketAddress server, byte[] question, int id, int millis) throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.connect(server); // so that nobody else can answer
            socket.send(new DatagramPacket(question, question.length));
            long end = time.nanos() + millis * 1_000_000L;
            var buffer = new byte[4096];
            while (true) {
                socket.setSoTimeout((int) Math.max(1, (end - time.nanos()) / 1_000_000));
                var packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                var answer = ByteBuffer.wrap(buffer, 0, packet.getLength()).slice();
                if (packet.getLength() >= 12 && (answer.getShort(0) & 0xffff) == id && (answer.get(2) & 0x80) != 0) {
                    return answer;
                }
                if (end - time.nanos() <= 0) {
                    throw new SocketTimeoutException("no answer within " + millis + " ms");
                }
            }
        } catch (SocketTimeoutException slow) {
            throw new SocketTimeoutException("no answer within " + millis + " ms");
        }
    }

    private static ByteBuffer overTcp(InetSocketAddress server, byte[] question, int millis) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(server, millis);
            socket.setSoTimeout(millis);
            var out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(question.length);
            out.write(question);
            out.flush();
            var in = new DataInputStream(socket.getInputStream());
            var answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            return ByteBuffer.wrap(answer);
        }
    }

    private static Answer read(ByteBuffer in, String name, int id, int type) throws IOException {
        if ((in.getShort() & 0xffff) != id) {
            throw new IOException("answered another question");
        }
        int flags = in.getShort();
        int questions = in.getShort() & 0xffff;
        int answers = in.getShort() & 0xffff;
        int authorities = in.getShort() & 0xffff;
        in.getShort();
        for (int i = 0; i < questions; i++) {
            if (!name(in).equalsIgnoreCase(name)) {
                throw new IOException("answered another question");
            }
            in.getInt();
        }
        int code = flags & 15;
        if (code != 0 && code != 3) {
            throw new IOException(
                    "answered with code " + code + (code == 2 ? " (server failure)" : code == 5 ? " (refused)" : ""));
        }
        var addresses = new ArrayList<String>();
        var services = new ArrayList<Srv>();
        long ttl = Long.MAX_VALUE;
        for (int i = 0; i < answers + authorities; i++) {
            name(in);
            int kind = in.getShort() & 0xffff;
            in.getShort();
            long seconds = in.getInt() & 0xffffffffL;
            int end = (in.getShort() & 0xffff) + in.position();
            if (i < answers && kind == type) {
                if (type == SRV) {
                    services.add(
                            new Srv(in.getShort() & 0xffff, in.getShort() & 0xffff, in.getShort() & 0xffff, name(in)));
                } else {
                    var address = new byte[type == A ? 4 : 16];
                    in.get(address);
                    addresses.add(InetAddress.getByAddress(address).getHostAddress());
                }
            }
            if (i < answers) {
                ttl = Math.min(ttl, seconds);
            } else if (kind == SOA && answers == 0) {
                ttl = Math.min(seconds, in.getInt(end - 4) & 0xffffffffL); // RFC 2308, section 5
            }
            in.position(end);
        }
        return new Answer(
                List.copyOf(addresses),
                List.copyOf(services),
                ttl == Long.MAX_VALUE ? NOT_SAID : Duration.ofSeconds(Math.min(ttl, 86_400)));
    }

    /** A name, whose end may stand elsewhere in the message: only before this, so that there is an end. */
    private static String name(ByteBuffer in) {
        var text = new StringBuilder();
        int resume = -1;
        int before = in.position();
        while (true) {
            int length = in.get() & 0xff;
            if (length == 0) {
                break;
            }
            if ((length & 0xc0) == 0xc0) {
                int target = ((length & 0x3f) << 8) | (in.get() & 0xff);
                if (target >= before) {
                    throw new IllegalArgumentException("a name points forward");
                }
                resume = resume < 0 ? in.position() : resume;
                before = target;
                in.position(target);
                continue;
            }
            var label = new byte[length];
            in.get(label);
            text.append(text.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
            if (text.length() > 255) {
                throw new IllegalArgumentException("a name is too long");
            }
        }
        if (resume >= 0) {
            in.position(resume);
        }
        return text.toString();
    }
}
